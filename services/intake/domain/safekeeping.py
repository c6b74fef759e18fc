"""Keeping enclosures: who holds them, what happens to them, what a unit gets of them (S2-61, E-89, E-90)."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bson import Binary

from huiyin.chassis.rulebook import OfficeFolder, Rulebook
from huiyin.contracts.events import Event
from services.intake.domain.case import Case
from services.intake.domain.enclosure import (
    CertifiedCopy,
    CopyRequest,
    Holding,
    Incident,
    IncidentKind,
    IncidentOutcome,
    Offer,
    Police,
)
from services.intake.domain.enclosures import (
    confirmed,
    require_holder,
    settled,
    some_of,
    tell_director,
    with_,
)
from services.intake.errors import (
    AlreadyDecided,
    NotAsRuled,
    NotHolder,
    NotInDirectory,
    OriginalStays,
    SamePerson,
)

#: Whoever may be given an enclosure to keep; the original never leaves for a unit (E-89).
KEEPERS: Final = frozenset({"operator", "records", "custodian"})

Outcome = tuple[Case, list[Event]]


def offer(case: Case, enclosure_id: str, to: str, office: OfficeFolder, by: str, at: datetime) -> Outcome:
    """Who holds it gives it to another; until that one confirms, the giver answers for it (S2-61)."""
    held = confirmed(case, enclosure_id)
    require_holder(held, by)
    receiver = office.member(to, at)
    if receiver is None:
        raise NotInDirectory(f"通讯录里没有在岗人员 {to}。", {"to": "不是在岗人员"})
    if KEEPERS.isdisjoint(receiver.roles):
        raise OriginalStays(
            "原件由本机构保管，不交承办单位；请制作核对无误的复印件。", {"to": "不是保管人员"}
        )
    if to == by:
        raise SamePerson("不能移交给本人。")
    return with_(case, replace(held, offer=Offer(to=to, at=at))), []


def receive(case: Case, enclosure_id: str, by: str, at: datetime) -> Outcome:
    """The receiver confirms to have it: from now on that one holds it (S2-61)."""
    held = case.enclosure(enclosure_id)
    if held.offer is None or held.offer.to != by:
        raise NotHolder("没有待您确认接收的移交。")
    custody = (*held.custody, Holding(holder=by, since=at))
    return with_(case, replace(held, custody=custody, offer=None)), []


@dataclass(frozen=True, kw_only=True)
class Happened:
    """An incident as it is reported; the account is sealed."""

    kind: IncidentKind
    lines: tuple[str, ...]
    account: Binary
    police: Police | None = None


def report(
    case: Case, enclosure_id: str, happened: Happened, book: Rulebook, by: str, at: datetime
) -> Outcome:
    """Loss, damage, danger: on record, the director told; the police where it is dangerous (S2-61, E-90)."""
    held = case.enclosure(enclosure_id)
    lines = some_of(held, happened.lines)
    _require_police(happened, book)
    incident = Incident(
        id=f"i{len(held.incidents) + 1}",
        kind=happened.kind,
        lines=lines,
        account=happened.account,
        by=by,
        at=at,
        police=happened.police,
    )
    changed = replace(held, incidents=(*held.incidents, incident))
    told = tell_director(held, "enclosure_incident", book, f"{held.id}:{incident.id}")
    if happened.kind == "lost":
        return with_(case, changed.settled(lines, "lost")), told
    if happened.police is not None and happened.police.took_it:
        gone = with_(case, changed.settled(lines, "police"))
        return gone, [*told, settled(held, "police", lines, at)]
    return with_(case, changed), told


def decide(
    case: Case,
    enclosure_id: str,
    incident_id: str,
    outcome: IncidentOutcome,
    note: Binary,
    by: str,
    at: datetime,
) -> Outcome:
    """The director closes an incident: what was lost is found, made good or written off (S2-61, E-90)."""
    held = case.enclosure(enclosure_id)
    incident = held.incident(incident_id)
    if incident.outcome is not None:
        raise AlreadyDecided(f"事故 {incident_id} 已经处理。")
    decided = replace(incident, outcome=outcome, decided_by=by, decided_at=at, note=note)
    held = replace(held, incidents=tuple(decided if i.id == incident_id else i for i in held.incidents))
    lost = tuple(one for one in incident.lines if held.line(one).state == "lost")
    if outcome == "recovered" or not lost:
        return with_(case, held.settled(lost, "held")), []
    return with_(case, held.settled(lost, "written_off")), [settled(held, "written_off", lost, at)]


def _require_police(happened: Happened, book: Rulebook) -> None:
    """E-90: whoever finds something dangerous has contacted the police, on a line of the rulebook."""
    if happened.police is None:
        if happened.kind != "dangerous":
            return
        raise NotAsRuled("发现危险物品须先联系公安机关。", {"police": "须填写联系的号码、时间和回执"})
    if happened.police.line not in book.emergency.lines:
        lines = "、".join(book.emergency.lines)
        raise NotAsRuled("本机构没有这一紧急号码。", {"police.line": f"可用：{lines}"})


def ask_copy(case: Case, enclosure_id: str, line_id: str, asked: CopyRequest) -> Outcome:
    """A unit needs the original: a certified copy is asked for, the original stays (E-89)."""
    held = case.enclosure(enclosure_id)
    line = held.line(line_id)
    changed = replace(line, copies_asked=(*line.copies_asked, asked))
    return with_(case, held.with_lines([changed])), []


def certify(case: Case, enclosure_id: str, line_id: str, file_id: str, by: str, at: datetime) -> Outcome:
    """Who holds the original compared a released copy with it; units see that copy (E-89)."""
    held = confirmed(case, enclosure_id)
    require_holder(held, by)
    if case.file(file_id).release is None:
        raise OriginalStays(f"文件 {file_id} 尚未放行；请先放行复印件，再作核对证明。")
    line = replace(held.line(line_id), copy=CertifiedCopy(file=file_id, by=by, at=at))
    return with_(case, held.with_lines([line])), []
