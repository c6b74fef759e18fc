"""Taking a complaint down as the office's rulebook wants it (X-16…X-20, S2-12…S2-16)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from huiyin.chassis.rulebook import OfficeFolder, Rulebook
from huiyin.contracts.events import (
    CaseConcluded,
    CaseRegistered,
    CaseRole,
    Event,
    Medium,
    MessageRequested,
    PartyRef,
    TakenOver,
)
from services.intake.domain import circle, takeover
from services.intake.domain.case import Case
from services.intake.domain.circle import Told
from services.intake.domain.stages import stage
from services.intake.errors import NotAsRuled

#: A paper entry may be typed in later with its original time (E-42), but not from the future.
_CLOCKS_DIFFER: Final = timedelta(minutes=5)

Problem = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class MatterForm:
    """One matter as it was told."""

    kind: str
    category: str
    area: str
    place: str
    text: str
    wish: str
    told: Told = field(default_factory=Told)


@dataclass(frozen=True, kw_only=True)
class PartyForm:
    """One party as it told of itself; `identity` holds what was given, by field."""

    role: CaseRole
    anonymous: bool
    identity: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Form:
    """A complaint as it was taken down."""

    channel: str
    language: str
    difficulty: str
    legal_class: str | None
    priority: str
    flags: Sequence[str]
    received_at: datetime
    matters: Sequence[MatterForm]
    parties: Sequence[PartyForm]
    answer: str | None
    taken_over: TakenOver | None = None


def check(form: Form, office: OfficeFolder, now: datetime, registrar: str) -> None:
    """Refuse what the rulebook does not take; NotAsRuled names every field at once.

    The accused must stand in the office's directory, and cannot be who registers (S2-89).
    """
    book = office.rulebook
    problems = dict(
        [
            *_problems(form, book, now),
            *_takeover_problems(form, book, office.units),
            *_accused_problems(form, office, registrar),
        ]
    )
    if problems:
        raise NotAsRuled("登记内容不符合本机构规则，请按提示修改后重新提交。", problems)


def register(case: Case) -> tuple[Case, list[Event]]:
    """The case is taken down: said to all; answered on the spot it is over at once (S0-22, S1-16)."""
    confirmations = _confirmations(case) if case.taken_over is None else []  # they were told long ago
    events: list[Event] = [_registered(case), *confirmations]
    if case.disposal == "dispatch":
        return case, events
    over = replace(case, stage=stage("concluded"), outcome="answered", concluded_at=case.accepted_at)
    return over, [*events, CaseConcluded(outcome="answered", round=1, concluded_at=case.accepted_at)]


def dispatched_at_all(form: Form, book: Rulebook) -> bool:
    """Whether any matter's kind goes to a unit; praise and the like are only registered (E-45)."""
    return any(book.classification.kinds[matter.kind].dispatched for matter in form.matters)


def media_of(identity: Mapping[str, str]) -> tuple[Medium, ...]:
    """The media that reach somebody who gave this."""
    ways: dict[Medium, str] = {"sms": "phone", "call": "phone", "mail": "email", "letter": "address"}
    return tuple(medium for medium, name in ways.items() if identity.get(name))


def _registered(case: Case) -> CaseRegistered:
    return CaseRegistered(
        rulebook=case.rulebook,
        channel=case.channel,
        language=case.language,
        difficulty=case.difficulty,
        legal_class=case.legal_class,
        priority=case.priority,
        received_at=case.received_at,
        accepted_at=case.accepted_at,
        disposal=case.disposal,
        flags=case.flags,
        taken_over=case.taken_over,
        matters=tuple(matter.public() for matter in case.matters),
        parties=tuple(
            PartyRef(id=p.id, role=p.role, anonymous=p.anonymous, media=p.media) for p in case.parties
        ),
        circle=case.circle,
    )


def _confirmations(case: Case) -> list[Event]:
    return [
        MessageRequested(
            message=f"case-registered:{party.id}",
            template="case_registered",
            addressee_kind="party",
            addressee=party.id,
        )
        for party in case.parties
        if party.role == "complainant" and party.media
    ]


def _problems(form: Form, book: Rulebook, now: datetime) -> Iterator[Problem]:
    if form.channel not in book.intake.channels:
        yield "channel", f"本机构不受理渠道 {form.channel}；可用：{'、'.join(book.intake.channels)}"
        return
    if form.language not in book.office.languages:
        yield "language", f"可用：{'、'.join(book.office.languages)}"
    yield from _class_problems(form, book)
    if form.received_at > now + _CLOCKS_DIFFER:
        yield "received_at", "收到时间不能晚于现在"
    for n, matter in enumerate(form.matters):
        yield from ((f"matters.{n}.{name}", wrong) for name, wrong in _matter_problems(matter, book))
    for n, party in enumerate(form.parties):
        yield from ((f"parties.{n}.{name}", wrong) for name, wrong in _party_problems(party, form, book))
    yield from _answer_problems(form, book)


def _takeover_problems(form: Form, book: Rulebook, units: Collection[str]) -> Iterator[Problem]:
    if form.taken_over is None:
        return
    received_on = form.received_at.astimezone(ZoneInfo(book.office.timezone)).date()
    given = [value for party in form.parties for value in party.identity.values()]
    yield from takeover.problems(form.taken_over, received_on, given, units)
    if form.answer is not None:
        yield "answer", "接管的诉求由承办单位办理，不能当场答复"
    for n, matter in enumerate(form.matters):
        kind = book.classification.kinds.get(matter.kind)
        if kind is not None and not kind.dispatched:
            yield f"matters.{n}.kind", f"{kind.name}类诉求不派单，不会在办理中"


def _accused_problems(form: Form, office: OfficeFolder, registrar: str) -> Iterator[Problem]:
    for n, matter in enumerate(form.matters):
        for name, wrong in circle.problems(matter.told.accused, office):
            yield f"matters.{n}.accused.{name}", wrong
        if registrar in matter.told.accused.people:
            yield f"matters.{n}.accused.people", "涉及登记人本人，须回避，请由他人登记"


def _class_problems(form: Form, book: Rulebook) -> Iterator[Problem]:
    known = {
        "difficulty": (form.difficulty, book.classification.difficulties),
        "priority": (form.priority, book.classification.priorities),
        **({"legal_class": (form.legal_class, book.legal_class)} if form.legal_class else {}),
    }
    for name, (value, allowed) in known.items():
        if value not in allowed:
            yield name, f"本机构没有 {value}；可用：{'、'.join(allowed)}"
    for flag in form.flags:
        if flag not in book.classification.flags:
            yield "flags", f"本机构没有标记 {flag}；可用：{'、'.join(book.classification.flags)}"


def _matter_problems(matter: MatterForm, book: Rulebook) -> Iterator[Problem]:
    if matter.kind not in book.classification.kinds:
        yield "kind", f"本机构没有诉求类型 {matter.kind}；可用：{'、'.join(book.classification.kinds)}"
    if matter.category not in book.categories:
        yield "category", f"事项目录里没有 {matter.category}"
    if matter.area not in book.areas:
        yield "area", f"区域目录里没有 {matter.area}"
    if len(matter.text) > book.intake.max_text:
        yield "text", f"不得超过 {book.intake.max_text} 字"


def _party_problems(party: PartyForm, form: Form, book: Rulebook) -> Iterator[Problem]:
    if party.anonymous and not book.anonymous.accept:
        yield "anonymous", "本机构不受理匿名诉求"
    if party.anonymous or party.role != "complainant":
        return
    for name in book.required_fields(form.channel):
        if name != "time" and not _given(party, name):
            yield name, "本渠道必填"


def _given(party: PartyForm, name: str) -> bool:
    if name == "contact":
        return any(party.identity.get(way) for way in ("phone", "email", "address"))
    return bool(party.identity.get(name))


def _answer_problems(form: Form, book: Rulebook) -> Iterator[Problem]:
    if form.answer is None:
        return
    if not book.intake.on_the_spot:
        yield "answer", "本机构不作当场答复"
    kinds = book.classification.kinds
    for matter in form.matters:
        if matter.kind in kinds and not kinds[matter.kind].on_the_spot:
            yield "answer", f"{kinds[matter.kind].name}类诉求不能当场答复，须派单办理"
