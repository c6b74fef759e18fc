"""Taking complaints down and closing them: load, decide, save; one function a verb."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bson import Binary

from huiyin.chassis.draft import Answer
from huiyin.chassis.errors import Conflict
from huiyin.chassis.lookup import Lookup
from huiyin.chassis.rulebook import Rulebook
from huiyin.chassis.steps import Actor, Cause
from huiyin.contracts.circle import Circle
from huiyin.contracts.events import TakenOver
from services.intake.domain import circle, course, registration
from services.intake.domain.case import Case, CaseMatter, Party
from services.intake.domain.numbers import compose
from services.intake.domain.redaction import redact
from services.intake.domain.registration import Form, MatterForm, PartyForm
from services.intake.errors import AlreadyTakenOver
from services.intake.use_cases.contact import person_hash, phone_hash
from services.intake.use_cases.house import House
from services.intake.use_cases.views import number_field, summary


def register(house: House, form: Form, cause: Cause) -> Answer:
    """Number the complaint, seal identity and original, keep a redacted copy for work.

    S2-12: every complaint is registered; the answer stands on a majority, journaled write.
    """
    earlier = house.cases.answered(cause)
    if earlier is not None:
        return earlier
    office = house.base.rulebooks.office(cause.who.office)
    now = house.now()
    registration.check(form, office, now, cause.who.subject)
    case = _take_down(house, form, office.rulebook, cause.who, now)
    outcome = registration.register(case)
    answer = _receipt(case)
    return house.cases.create(case.number, outcome, cause=cause, what="register", answer=answer)


def take_over(house: House, form: Form, handed: TakenOver, cause: Cause) -> Answer:
    """Register a case that runs in an older system, once for each of the office's numbers there."""
    if house.cases.answered(cause) is None:
        _refuse_second(house, handed.number, cause.who)
    try:
        return register(house, form, cause)
    except Conflict:  # another did it at the same moment
        _refuse_second(house, handed.number, cause.who)
        raise


def _refuse_second(house: House, origin: str, who: Actor) -> None:
    """Who may not see the case learns that the older number is taken, and no more."""
    for record in house.cases.find({number_field(origin): origin, "office": who.office}):
        if house.cases.seen_in(record, who) is None:
            raise AlreadyTakenOver(f"原编号 {origin} 已接管。")
        told = f"原编号 {origin} 已接管，本平台编号 {record.key}。"
        raise AlreadyTakenOver(told, {"number": record.key})


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
        taken_over=form.taken_over,
        circle=_circle(form, book),
    )


def _circle(form: Form, book: Rulebook) -> Circle:
    numbered = enumerate(form.matters, start=1)
    return circle.begin([circle.of_matter(m.told, f"m{n}", m.kind, form.flags, book) for n, m in numbered])


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
    return Party(
        id=f"p{n}",
        role=told.role,
        anonymous=told.anonymous,
        media=registration.media_of(told.identity),
        identity=seal(dict(told.identity)),
        phone_hash=phone_hash(lookup, told.identity),
        person_hash=person_hash(lookup, told.identity),
    )


def _receipt(case: Case) -> Answer:
    return {
        "number": case.number,
        "stage": "concluded" if case.disposal == "answered" else "registered",
        "accepted_at": case.accepted_at.isoformat(),
        "matters": [matter.id for matter in case.matters],
        "parties": [party.id for party in case.parties],
    }


def withdraw(house: House, number: str, reason: str, cause: Cause) -> Answer:
    """The complainant withdraws (E-29); the reason is sealed where it is born."""
    now = house.now()
    why = _Seal(house, cause.who.office, now)(reason)
    return house.cases.take(number, cause, "withdraw", lambda case: course.withdraw(case, why, now), summary)
