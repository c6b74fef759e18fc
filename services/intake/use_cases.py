"""What intake does: load, decide, save; one function a verb."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bson import Binary

from huiyin.chassis.errors import NotFound
from huiyin.chassis.fold import Handler, Heard, existing
from huiyin.chassis.foundation import Foundation
from huiyin.chassis.rulebook import Rulebook
from huiyin.chassis.sealing import Lookup, seal_for
from huiyin.chassis.steps import Actor, Cause, machine
from huiyin.chassis.store import Answer, Documents, Outcome
from huiyin.chassis.worker import Ear
from huiyin.contracts import events as e
from huiyin.contracts.hearers import heard_by
from huiyin.contracts.services import SERVICES
from services.intake.domain import course, registration, volume
from services.intake.domain.case import Case, CaseMatter, Party
from services.intake.domain.numbers import compose, is_number
from services.intake.domain.redaction import redact
from services.intake.domain.registration import Form, MatterForm, PartyForm
from services.intake.errors import NoSuchCase
from services.intake.store import Contacts, Journal, Numbers, Volumes, cases

_CONTACT_HOLDS: Final = timedelta(minutes=10)
_SEALED_AT_ONCE: Final = 50
#: What reaches a person; work unit and occupation never leave with a contact.
_CONTACT: Final = ("name", "phone", "email", "address")


@dataclass(frozen=True)
class House:
    """What the use cases need."""

    base: Foundation
    cases: Documents[Case]
    ear: Ear[Case]
    numbers: Numbers
    journal: Journal
    volumes: Volumes
    contacts: Contacts
    lookup: Lookup
    askers: Mapping[str, Any]

    def now(self) -> datetime:
        """Office time."""
        return self.base.office_now()


def house(base: Foundation) -> House:
    """Wire the house on its foundation."""
    documents = cases(base)
    journal = Journal(base.database["journal"])
    journal.prepare()
    contacts = Contacts(base.database["contacts"])
    contacts.prepare()
    keys = base.settings.keys_dir
    return House(
        base=base,
        cases=documents,
        ear=base.ear(documents, handlers(base), before_save=journal.write),
        numbers=Numbers(base.database["number_blocks"]),
        journal=journal,
        volumes=Volumes(base.database["volumes"]),
        contacts=contacts,
        lookup=Lookup.from_file(keys / "lookup.key"),
        askers=json.loads((keys / "askers.public.jwks").read_text()),
    )


# -- taking down -------------------------------------------------------------------------


def register(house: House, form: Form, cause: Cause) -> Answer:
    """Number the complaint, seal identity and original, keep a redacted copy for work.

    S2-12: every complaint is registered; the answer stands on a majority, journaled write.
    """
    earlier = house.cases.answered(cause)
    if earlier is not None:
        return earlier
    book = house.base.rulebooks.office(cause.who.office).rulebook
    now = house.now()
    registration.check(form, book, now)
    case = _take_down(house, form, book, cause.who, now)
    outcome = registration.register(case)
    answer = _receipt(house, case)
    return house.cases.create(case.number, outcome, cause=cause, what="register", answer=answer)


def _take_down(house: House, form: Form, book: Rulebook, who: Actor, now: datetime) -> Case:
    local = now.astimezone(ZoneInfo(book.office.timezone)).date()
    channel = book.intake.channels[form.channel]
    number = compose(book.office.code, channel.code, local, house.numbers.next(book.office.id, local))
    seal = _Seal(house, book.office.id, now)
    known = [value for party in form.parties for value in party.identity.values()]
    to_unit = form.answer is None and registration.dispatched_at_all(form, book)
    return Case(
        number=number,
        office=book.office.id,
        rulebook=book.hash,
        channel=form.channel,
        language=form.language,
        difficulty=form.difficulty,
        legal_class=form.legal_class,
        priority=form.priority,
        flags=tuple(form.flags),
        received_at=form.received_at,
        accepted_at=now,
        registered_by=who.subject,
        disposal="dispatch" if to_unit else "answered",
        matters=tuple(_matter(n, m, seal, known) for n, m in enumerate(form.matters, start=1)),
        parties=tuple(_party(n, p, seal, house.lookup) for n, p in enumerate(form.parties, start=1)),
        answer=seal(form.answer) if form.answer else None,
    )


@dataclass(frozen=True)
class _Seal:
    """Seals under the office's key of the month."""

    house: House
    office: str
    now: datetime

    def __call__(self, value: Mapping[str, Any] | str) -> Binary:
        return self.house.base.sealer.seal(self.office, f"{self.now:%Y-%m}", value)


def _matter(n: int, told: MatterForm, seal: _Seal, known: Sequence[str]) -> CaseMatter:
    return CaseMatter(
        id=f"m{n}",
        kind=told.kind,
        category=told.category,
        area=told.area,
        place=redact(told.place, known),
        text=redact(told.text, known),
        wish=redact(told.wish, known),
        original=seal({"text": told.text, "wish": told.wish, "place": told.place}),
    )


def _party(n: int, told: PartyForm, seal: _Seal, lookup: Lookup) -> Party:
    phone = told.identity.get("phone")
    return Party(
        id=f"p{n}",
        role=told.role,
        anonymous=told.anonymous,
        media=registration.media_of(told.identity),
        identity=seal(dict(told.identity)),
        phone_hash=lookup.of(phone) if phone else None,
    )


def _receipt(house: House, case: Case) -> Answer:
    return {
        "number": case.number,
        "query_code": _query_code(house, case.number),
        "stage": "concluded" if case.disposal == "answered" else "registered",
        "accepted_at": case.accepted_at.isoformat(),
        "matters": [matter.id for matter in case.matters],
        "parties": [party.id for party in case.parties],
    }


def withdraw(house: House, number: str, cause: Cause) -> Answer:
    """The complainant withdraws (E-29)."""
    return house.cases.take(
        number, cause, "withdraw", lambda case: course.withdraw(case, house.now()), summary
    )


# -- looking at it -----------------------------------------------------------------------


def show(house: House, number: str, who: Actor) -> Mapping[str, Any]:
    """A case with its redacted words; a unit sees it only while it has an order of it."""
    case = house.cases.of_office(number, who.office).state
    if who.role == "unit" and who.unit not in case.units:
        raise NoSuchCase(f"没有编号为 {number} 的记录。请核对编号。")
    return {**summary(case), "matters": [_words(matter) for matter in case.matters]}


def queue(house: House, office: str, stage: str | None, skip: int, limit: int) -> list[Mapping[str, Any]]:
    """The office's cases, newest first."""
    query = {"office": office, **({"stage": stage} if stage else {})}
    found = house.cases.find(query, sort=[("accepted_at", -1)], skip=skip, limit=limit)
    return [summary(record.state) for record in found]


def progress(house: House, number: str, code: str) -> Mapping[str, Any]:
    """How a case stands, for whoever knows its number and query code (S3-26, E-33)."""
    if not is_number(number) or code != _query_code(house, number):
        raise NotFound("编号或查询码不正确，请核对回执后重试。")
    case = house.cases.get(number).state
    rows = house.journal.of(number)
    return {
        "number": number,
        "stage": case.stage.name,
        "round": case.stage.round,
        "accepted_at": case.accepted_at.isoformat(),
        "concluded_at": case.concluded_at.isoformat() if case.concluded_at else None,
        "steps": [{"type": row["type"], "time": row["time"]} for row in rows if row["type"] in _TOLD],
    }


#: What a complainant is told of the way; slips and reviews stay inside the house.
_TOLD: Final = frozenset(
    {
        "case.registered",
        "order.dispatched",
        "order.accepted",
        "extension.granted",
        "handling.completed",
        "echo.opened",
        "evaluation.recorded",
        "round.raised",
        "echo.completed",
        "case.concluded",
    }
)


def journal(house: House, number: str, who: Actor) -> list[Mapping[str, Any]]:
    """Every event of a case, as its journal has it."""
    house.cases.of_office(number, who.office)
    rows = sorted(
        house.journal.of(number),
        key=lambda row: (row["time"], SERVICES.index(row["source"]), row["sequence"]),
    )
    return [{"id": row.pop("_id"), **row} for row in rows]


def parts(house: House, number: str, who: Actor) -> list[Mapping[str, Any]]:
    """The sealed parts of a case's volume (S2-51)."""
    house.cases.of_office(number, who.office)
    return [{k: v for k, v in part.items() if k != "_id"} for part in house.volumes.of(number)]


def counts(house: House, office: str) -> dict[str, int]:
    """How many cases of the office stand at each stage."""
    groups = house.cases.collection.aggregate(
        [{"$match": {"office": office}}, {"$group": {"_id": "$stage", "n": {"$sum": 1}}}]
    )
    return {group["_id"]: group["n"] for group in groups}


def summary(case: Case) -> Mapping[str, Any]:
    """What a case looks like without words and identity."""
    return {
        "number": case.number,
        "channel": case.channel,
        "stage": case.stage.name,
        "round": case.stage.round,
        "difficulty": case.difficulty,
        "legal_class": case.legal_class,
        "priority": case.priority,
        "flags": list(case.flags),
        "received_at": case.received_at.isoformat(),
        "accepted_at": case.accepted_at.isoformat(),
        "outcome": case.outcome,
        "volume": case.volume_head,
        "parties": [{"id": p.id, "role": p.role, "anonymous": p.anonymous} for p in case.parties],
    }


def _words(matter: CaseMatter) -> dict[str, Any]:
    return {
        "id": matter.id,
        "kind": matter.kind,
        "category": matter.category,
        "area": matter.area,
        "place": matter.place,
        "text": matter.text,
        "wish": matter.wish,
    }


def _query_code(house: House, number: str) -> str:
    """Six digits that only the receipt and this house know; derived, so nothing is stored."""
    return f"{int(house.lookup.of_text(number)[:12], 16) % 1_000_000:06d}"


# -- what others ask ---------------------------------------------------------------------


def contact(house: House, *, number: str, party: str, purpose: str, request: str, asker: str) -> str:
    """One contact of one party for one purpose, sealed to the asker's key, recorded first."""
    case = house.cases.get(number).state
    granted = f"{asker}:{number}:{party}:{request}"
    now = house.base.machine_clock.now()
    earlier = house.contacts.given(granted, now)
    if earlier is not None:
        return earlier
    identity = house.base.sealer.open(case.party(party).identity)
    sealed = seal_for(house.askers, asker, {way: identity.get(way, "") for way in _CONTACT})
    who = machine(asker, case.office)
    detail = {"party": party, "purpose": purpose, "request": request}
    house.base.audit.record("contact", who, number, house.now(), detail)
    house.contacts.give(granted, sealed, now + _CONTACT_HOLDS)
    return sealed


def redacted(house: House, *, number: str, text: str) -> str:
    """A text freed of what the case's parties gave and of what looks like identity."""
    case = house.cases.get(number).state
    known = [v for party in case.parties for v in house.base.sealer.open(party.identity).values()]
    return redact(text, known)


# -- sealing volumes ---------------------------------------------------------------------


def seal_volumes(house: House) -> int:
    """Seal the volumes whose every part was closed and whose every row is there."""
    found = house.cases.find({"sealable": True}, limit=_SEALED_AT_ONCE)
    return sum(_seal_volume(house, record.state) for record in found)


def _seal_volume(house: House, case: Case) -> bool:
    rows = house.journal.of(case.number)
    if volume.missing(rows, case.closed):
        return False
    chained = volume.chain(rows, case.closed)
    house.volumes.bind(case.number, 1, chained.contents, chained.head)
    cause = Cause(
        id=f"seal:{case.number}:1", kind="clock", who=machine("intake", case.office), correlation=case.number
    )
    house.cases.take(
        case.number, cause, "seal", lambda c: course.seal(c, len(chained.contents), chained.head)
    )
    return True


# -- what intake hears -------------------------------------------------------------------


def handlers(base: Foundation) -> dict[str, Handler[Case]]:
    """Every event intake hears: all go into the journal, some move the case."""

    def followed(case: Case, heard: Heard) -> Outcome[Case]:
        return course.follow(case, heard.event), []

    def echoed(case: Case, heard: Heard) -> Outcome[Case]:
        assert isinstance(heard.event, e.EchoCompleted)
        return course.echoed(case, heard.event, base.office_now())

    def closed(case: Case, heard: Heard) -> Outcome[Case]:
        assert isinstance(heard.event, e.PartClosed)
        return course.close_part(case, heard.envelope.source, heard.event.count), []

    def concluded(case: Case, heard: Heard) -> Outcome[Case]:
        # Intake's own last word before the volume: its part is what it said until then.
        return course.close_part(case, "intake", heard.envelope.sequence), []

    moving = {"echo.completed": echoed, "part.closed": closed, "case.concluded": concluded}
    heard_types = (t for types in heard_by("intake").values() for t in types)
    return {event_type: existing(moving.get(event_type, followed)) for event_type in heard_types}
