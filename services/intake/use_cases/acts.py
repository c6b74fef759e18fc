"""Taking complaints down and closing them: load, decide, save; one function a verb."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from bson import Binary

from huiyin.chassis.draft import Answer
from huiyin.chassis.errors import Conflict
from huiyin.chassis.lookup import Lookup
from huiyin.chassis.mongo import Doc
from huiyin.chassis.rulebook import Rulebook
from huiyin.chassis.steps import Actor, Cause
from huiyin.contracts.circle import Circle, MatterCircle
from huiyin.contracts.events import Event, GoesOn, TakenOver
from services.intake.domain import arrival, checking, circle, course, emergency, hours, parties, registration
from services.intake.domain.case import Case, Party
from services.intake.domain.citing import Base
from services.intake.domain.enclosures import enclose as register_enclosure
from services.intake.domain.numbers import compose
from services.intake.domain.parties import PartyForm
from services.intake.domain.registration import Form, MatterForm
from services.intake.errors import AlreadyRegistered, AlreadyTakenOver
from services.intake.store.cases import came_as
from services.intake.use_cases import answering, enclosures, repeating
from services.intake.use_cases.contact import person_hash, phone_hash
from services.intake.use_cases.house import House
from services.intake.use_cases.repeating import Repeat
from services.intake.use_cases.sorting import Desk, matter_of, sorted_as, sorting_of, words_to_send
from services.intake.use_cases.views import attended, number_field, summary


def register(house: House, form: Form, cause: Cause) -> Answer:
    """Number the complaint, seal identity and original, keep a redacted copy for work.

    S2-12: every complaint is registered; the answer stands on a majority, journaled write.
    """
    earlier = house.cases.answered(cause)
    if earlier is not None:
        return earlier
    office = house.base.rulebooks.office(cause.who.office)
    repeat = repeating.of(house, form, office.rulebook, cause.who)
    form = repeating.marked(registration.sorted_as_ruled(form, office.rulebook), repeat, office.rulebook)
    checking.check(form, office, house.now(), cause.who.subject)
    base = answering.check(house, form, office, house.now())
    if form.arrival.reference:
        came = {"came_as": came_as(form.channel, form.arrival.reference)}
        _refuse_second(house, came, AlreadyRegistered("这条留言已登记。"), cause.who)
    return keep(house, form, cause, Known(repeat, base))


@dataclass(frozen=True)
class Known:
    """What was found of a form before it is taken down: the case it repeats, what its answer rests on."""

    repeat: Repeat | None = None
    base: Base = answering.NOTHING


#: Of what call a case came by itself, if of any.
ByCall = Literal["", "dropped", "handed_over"]
#: Of a form that was not checked.
_NOTHING: Final = Known()


def keep(house: House, form: Form, cause: Cause, known: Known = _NOTHING, by_call: ByCall = "") -> Answer:
    """Number the complaint and save it, whatever the rulebook asks of a form: danger waits for no field.

    Of a call that was `dropped` nothing is known but that somebody called: it is only filed (E-41). One that
    was `handed_over` is the line's, where the office's way is to transfer (E-50, S3-46).
    """
    office = house.base.rulebooks.office(cause.who.office)
    book, repeat = office.rulebook, known.repeat
    case = answering.answered(take_down(house, form, book, cause.who, house.now()), form, known.base, office)
    case = _of_call(case, book, by_call) if by_call else repeating.linked(house, case, repeat, cause.who)
    case, enclosed = _enclosed(house, case, form, book, cause.who.subject)
    registered, (first, *others) = registration.register(case, words_to_send(form, case, book))
    alarmed = [*emergency.alarms(case, book), *others]
    said = registration.call_back(case, others) if by_call == "dropped" else alarmed
    events = [first, *repeating.said(registered, repeat), *said, *enclosed]
    warned = answering.warned(form, known.base, office, house.now())
    answer = {**_receipt(registered, book), **repeating.receipt(repeat), **warned}
    return house.cases.create(case.number, (registered, events), cause=cause, what="register", answer=answer)


def _of_call(case: Case, book: Rulebook, by_call: ByCall) -> Case:
    return registration.only_filed(case) if by_call == "dropped" else emergency.to_line(case, book)


def _enclosed(house: House, case: Case, form: Form, book: Rulebook, by: str) -> tuple[Case, list[Event]]:
    """What lay in the letter is registered with it: an answer on the spot waits for it, too (S2-60, E-86)."""
    if form.enclosed is None:
        return case, []
    seal = _Seal(house, case.office, case.accepted_at)
    known = [value for party in form.parties for value in party.identity.values()]
    found = enclosures.found_in(house, book, form.enclosed, seal, known, case.accepted_at)
    return register_enclosure(case, found, book, by, case.accepted_at)


def take_over(house: House, form: Form, handed: TakenOver, cause: Cause) -> Answer:
    """Register a case that runs in an older system, once for each of the office's numbers there."""
    refusal = AlreadyTakenOver(f"原编号 {handed.number} 已接管。")
    taken = {number_field(handed.number): handed.number}
    if house.cases.answered(cause) is None:
        _refuse_second(house, taken, refusal, cause.who)
    try:
        return register(house, form, cause)
    except Conflict:  # another did it at the same moment
        _refuse_second(house, taken, refusal, cause.who)
        raise


def _refuse_second(house: House, query: Doc, refusal: Conflict, who: Actor) -> None:
    """Who may not see the case learns that it is there already, and no more."""
    for record in house.cases.find({**query, "office": who.office}):
        if house.cases.seen_in(record, who) is None:
            raise refusal
        told = f"{refusal.detail.removesuffix('。')}，本平台编号 {record.key}。"
        raise type(refusal)(told, {"number": record.key})


def take_down(house: House, form: Form, book: Rulebook, who: Actor, now: datetime) -> Case:
    """The case of a form: numbered, its identity and original words sealed."""
    local = now.astimezone(ZoneInfo(book.office.timezone)).date()
    channel = book.intake.channels[form.channel]
    number = compose(book.office.code, channel.code, local, house.numbers.next(book.office.id, local))
    seal = _Seal(house, book.office.id, now)
    known = [
        value for party in form.parties if party.role != "forwarder" for value in party.identity.values()
    ]
    desk = Desk(book=book, seal=seal, known=known, by=who.subject, at=now, answered=form.answer is not None)
    by_call = book.taking.ways[form.channel].way == "call"
    secret = arrival.secret(form.arrival, registration.phone_of(form) if by_call else "")
    case = Case(
        number=number,
        office=book.office.id,
        rulebook=book.hash,
        channel=form.channel,
        language=form.language if form.language in book.office.languages else book.office.languages[0],
        difficulty=form.difficulty,
        legal_class=form.legal_class,
        priority=form.priority or registration.weighing_of(form, book).priority,
        flags=tuple(form.flags),
        received_at=form.received_at,
        accepted_at=now,
        registered_by=who.subject,
        attended_from=hours.attended_from(book, form.channel, now, house.calendar),
        disposal=registration.disposal_of(form, book),
        matters=tuple(matter_of(n, m, desk) for n, m in enumerate(form.matters, start=1)),
        parties=_parties(form, seal, house.lookup),
        answer=seal(form.answer) if form.answer else None,
        arrival=arrival.keep(
            form.arrival, seal(secret) if secret else None, (form.channel, form.language), book, known
        ),
        interest=form.interest,
        truth_stated=form.truth_stated,
        warned=form.warned,
        taken_over=form.taken_over,
        circle=_circle(form, book),
        sorting=sorting_of(form, book, known),
        call=form.call,
    )
    return emergency.begin(case, book)


def _circle(form: Form, book: Rulebook) -> Circle:
    numbered = enumerate(form.matters, start=1)
    return circle.begin([_circle_of(m, f"m{n}", form, book) for n, m in numbered])


def _circle_of(matter: MatterForm, matter_id: str, form: Form, book: Rulebook) -> MatterCircle:
    """A secret is confidential without being asked for (S3-49)."""
    secret = matter.sorted.special is not None and matter.sorted.special.special == "secret"
    told = replace(matter.told, confidential=matter.told.confidential or secret)
    return circle.of_matter(told, matter_id, matter.kind, form.flags, form.legal_class, book)


@dataclass(frozen=True)
class _Seal:
    """Seals under the office's key of the month."""

    house: House
    office: str
    now: datetime

    def __call__(self, value: Mapping[str, Any] | str) -> Binary:
        return self.house.base.sealer.seal(self.office, f"{self.now:%Y-%m}", value)


def _parties(form: Form, seal: _Seal, lookup: Lookup) -> tuple[Party, ...]:
    """The parties; who rang and left no number is reached by the one that was seen (E-23)."""
    number = form.arrival.calling_number
    first = next((n for n, party in enumerate(form.parties) if party.role == "complainant"), None)
    told = [
        replace(party, identity={"phone": number, **party.identity}) if n == first and number else party
        for n, party in enumerate(form.parties)
    ]
    return tuple(_party(n, party, seal, lookup) for n, party in enumerate(told, start=1))


def _party(n: int, told: PartyForm, seal: _Seal, lookup: Lookup) -> Party:
    return Party(
        id=f"p{n}",
        role=told.role,
        anonymous=told.anonymous,
        media=parties.media_of(told.identity, told.needs),
        identity=seal(dict(told.identity)),
        phone_hash=phone_hash(lookup, told.identity),
        person_hash=person_hash(lookup, told.identity),
        kind=told.kind,
        not_given=tuple(told.not_given),
        needs=tuple(told.needs),
        consents=told.consents,
    )


def _receipt(case: Case, book: Rulebook) -> Answer:
    """What whoever complained takes along: which office has it, by which rules, and when it looks (S1-37)."""
    return {
        "number": case.number,
        "office": book.office.name,
        "rules": book.office.rules,
        "stage": case.stage.name,
        "disposal": case.disposal,
        **sorted_as(case, book),
        "accepted_at": case.accepted_at.isoformat(),
        **attended(case),
        "matters": [matter.id for matter in case.matters],
        "parties": [party.id for party in case.parties],
        "enclosures": [{"id": held.id, "voucher": held.voucher} for held in case.enclosures],
    }


def withdraw(house: House, number: str, reason: str, stated: Sequence[GoesOn], cause: Cause) -> Answer:
    """The complainant withdraws (E-29); the reason is sealed where it is born."""
    now = house.now()
    why = _Seal(house, cause.who.office, now)(reason)
    return house.cases.take(
        number, cause, "withdraw", lambda case: course.withdraw(case, why, stated, now), summary
    )
