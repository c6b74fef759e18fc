"""Enclosures: registered, counted by two, kept, returned; sealed words, one step an act."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from huiyin.chassis.draft import Answer
from huiyin.chassis.rulebook import Rulebook
from huiyin.chassis.steps import Cause
from services.intake.domain import course, enclosures, returning, safekeeping
from services.intake.domain.case import Case
from services.intake.domain.enclosure import (
    CopyRequest,
    Counted,
    EnclosedForm,
    IncidentOutcome,
    Line,
    LineForm,
)
from services.intake.domain.enclosures import Found, Outcome
from services.intake.domain.redaction import redact
from services.intake.domain.returning import Sent
from services.intake.domain.safekeeping import Happened
from services.intake.use_cases import enclosures_shown as shown
from services.intake.use_cases.house import House
from services.intake.use_cases.known import known_of
from services.intake.use_cases.sharing import share

Seal = Callable[[str], Any]


def found_in(
    house: House, book: Rulebook, form: EnclosedForm, seal: Seal, known: Collection[str], now: datetime
) -> Found:
    """The first count under a voucher number of its own series (S2-60)."""
    year = now.astimezone(ZoneInfo(book.office.timezone)).year
    serial = house.series.next(f"{book.office.id}:voucher:{year}")
    voucher = f"{book.office.code}-FW-{year}-{serial:06d}"
    return Found(voucher=voucher, origin=form.origin, lines=_lines(form.lines, seal, known), gift=form.gift)


def enclose(house: House, number: str, form: EnclosedForm, cause: Cause) -> Answer:
    """Register what came with a letter or a visitor, line by line (S2-60, E-85, E-91)."""
    record = house.cases.whole(number, cause.who, [cause.id])
    earlier = house.cases.earlier_answer(record.handled, cause)
    if earlier is not None:
        return earlier
    case, now = record.state, house.now()
    book = house.base.rulebooks.version(case.rulebook)
    found = found_in(house, book, form, _sealing(house, case), known_of(house, case), now)

    def decide(case: Case) -> Outcome:
        return enclosures.enclose(case, found, book, cause.who.subject, now)

    return house.cases.take(
        number, cause, "enclose", decide, lambda case: shown.told(case.enclosures[-1], case.number)
    )


def count_anew(
    house: House, number: str, enclosure: str, lines: tuple[LineForm, ...], cause: Cause
) -> Answer:
    """The two did not agree: a new first count."""
    case = house.cases.whole(number, cause.who).state
    counted = _lines(lines, _sealing(house, case), known_of(house, case))
    return _take(
        house,
        number,
        enclosure,
        cause,
        "recount",
        lambda case, by, at: enclosures.count_anew(case, enclosure, counted, by, at),
    )


def confirm(house: House, number: str, enclosure: str, counted: tuple[Counted, ...], cause: Cause) -> Answer:
    """The second person's own count, line by line."""
    return _take(
        house,
        number,
        enclosure,
        cause,
        "confirm-count",
        lambda case, by, at: enclosures.confirm(case, enclosure, counted, by, at),
    )


def mark_gift(house: House, number: str, enclosure: str, cause: Cause) -> Answer:
    """It was meant as a gift or bribe."""
    return _take(
        house,
        number,
        enclosure,
        cause,
        "mark-gift",
        lambda case, by, at: enclosures.mark_gift(case, enclosure, _book(house, case)),
    )


def offer(house: House, number: str, enclosure: str, to: str, cause: Cause) -> Answer:
    """Give it to another keeper, who must confirm."""
    office = house.base.rulebooks.office(cause.who.office)
    return _take(
        house,
        number,
        enclosure,
        cause,
        "hand-over",
        lambda case, by, at: safekeeping.offer(case, enclosure, to, office, by, at),
    )


def receive(house: House, number: str, enclosure: str, cause: Cause) -> Answer:
    """Confirm to have it."""
    return _take(
        house,
        number,
        enclosure,
        cause,
        "receive",
        lambda case, by, at: safekeeping.receive(case, enclosure, by, at),
    )


def report(house: House, number: str, enclosure: str, told_of: Mapping[str, Any], cause: Cause) -> Answer:
    """An incident; its account is sealed where it is born, the police's reference freed of names."""
    case = house.cases.whole(number, cause.who).state
    sealed = {**told_of, "account": _sealing(house, case)(told_of["account"])}
    if (police := told_of["police"]) is not None:
        told = redact(police.reference, known_of(house, case))
        sealed["police"] = replace(police, reference=told)
    return _take(
        house,
        number,
        enclosure,
        cause,
        "report-incident",
        lambda case, by, at: safekeeping.report(
            case, enclosure, Happened(**sealed), _book(house, case), by, at
        ),
    )


def decide(
    house: House,
    number: str,
    enclosure: str,
    incident: str,
    outcome: IncidentOutcome,
    note: str,
    cause: Cause,
) -> Answer:
    """The director's word on an incident."""
    case = house.cases.whole(number, cause.who).state
    sealed = _sealing(house, case)(note)
    return _take(
        house,
        number,
        enclosure,
        cause,
        "decide-incident",
        lambda case, by, at: safekeeping.decide(case, enclosure, incident, outcome, sealed, by, at),
    )


def give_back(house: House, number: str, enclosure: str, sent: Sent, cause: Cause) -> Answer:
    """Return it; with the last one the case's end that waited is said (S2-62, E-86)."""
    return _take(
        house,
        number,
        enclosure,
        cause,
        "return-enclosure",
        lambda case, by, at: returning.give_back(case, enclosure, sent, _book(house, case), by, at),
    )


def came_back(house: House, number: str, enclosure: str, mail: str, why: str, cause: Cause) -> Answer:
    """The mail came back."""
    return _take(
        house,
        number,
        enclosure,
        cause,
        "mail-came-back",
        lambda case, by, at: returning.came_back(case, enclosure, mail, why, by, at),
    )


def to_finance(house: House, number: str, enclosure: str, receipt: str, cause: Cause) -> Answer:
    """Hand to finance what cannot be returned."""
    return _take(
        house,
        number,
        enclosure,
        cause,
        "to-finance",
        lambda case, by, at: returning.to_finance(case, enclosure, receipt, _book(house, case), by, at),
    )


def ask_copy(house: House, number: str, enclosure: str, line: str, reason: str, cause: Cause) -> Answer:
    """A unit that has an order asks for a certified copy; the original stays (E-89)."""
    who = cause.who
    case = share(house, house.cases.seen(number, who).state, who)
    asked = CopyRequest(
        unit=who.unit, asker=who.subject, reason=_sealing(house, case)(reason), at=house.now()
    )
    return house.cases.take(
        number,
        cause,
        "ask-copy",
        lambda case: safekeeping.ask_copy(case, enclosure, line, asked),
        lambda case: shown.told_to_unit(case.enclosure(enclosure)),
        about=lambda case: share(house, case, who).enclosure(enclosure),
    )


def certify(house: House, number: str, enclosure: str, line: str, file: str, cause: Cause) -> Answer:
    """The keeper compared a released copy with the original (E-89)."""
    return _take(
        house,
        number,
        enclosure,
        cause,
        "certify-copy",
        lambda case, by, at: safekeeping.certify(case, enclosure, line, file, by, at),
    )


def _take(
    house: House,
    number: str,
    enclosure: str,
    cause: Cause,
    what: str,
    decide: Callable[[Case, str, datetime], Outcome],
) -> Answer:
    """One act on an enclosure; whatever settles the last one lets the case end (E-86)."""
    now = house.now()
    return house.cases.take(
        number,
        cause,
        what,
        lambda case: course.released(decide(case, cause.who.subject, now), now),
        lambda case: shown.told(case.enclosure(enclosure), case.number),
    )


def _lines(forms: Collection[LineForm], seal: Seal, known: Collection[str]) -> tuple[Line, ...]:
    return tuple(
        Line(
            id=f"l{n}",
            kind=form.kind,
            certificate=redact(form.certificate, known),
            currency=form.currency,
            amount=form.amount,
            shown=redact(form.description, known),
            words=seal(form.description),
        )
        for n, form in enumerate(forms, start=1)
    )


def _sealing(house: House, case: Case) -> Seal:
    """Under the key of the month the case came in: it goes when the case goes."""
    return lambda words: house.base.sealer.seal(case.office, f"{case.accepted_at:%Y-%m}", words)


def _book(house: House, case: Case) -> Rulebook:
    return house.base.rulebooks.version(case.rulebook)
