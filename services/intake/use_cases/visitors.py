"""Trouble by visitors: taken down, reported to the leaders, the police, the measure (S2-78…S2-80, E-55)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from huiyin.chassis.draft import Answer
from huiyin.chassis.rulebook import Rulebook
from huiyin.chassis.steps import Actor, Cause
from huiyin.contracts.events import IncidentKind
from services.intake.domain import visitors
from services.intake.domain.case import Case
from services.intake.domain.notes import Incident, Measure
from services.intake.domain.redaction import redact
from services.intake.domain.visitors import Outcome
from services.intake.use_cases.house import House
from services.intake.use_cases.known import known_of


def note(
    house: House,
    number: str,
    *,
    kind: IncidentKind,
    threat: bool,
    words: str,
    happened_at: datetime | None,
    cause: Cause,
) -> Answer:
    """An incident is taken down; the answer says what is to be done next."""
    now = house.now()
    sealed = house.base.sealer.seal(cause.who.office, f"{now:%Y-%m}", words)

    def decide(case: Case) -> Outcome:
        incident = Incident(
            id=f"i{len(case.incidents) + 1}",
            kind=kind,
            threat=threat,
            words=sealed,
            happened_at=happened_at or now,
            noted_by=cause.who.subject,
            noted_at=now,
        )
        book = _book(house, case)
        visited = book.taking.ways[case.channel].way == "visit"
        return visitors.note(case, incident, visited, book)

    return _take(house, number, "note-incident", decide, cause)


def tell_police(house: House, number: str, incident: str, station: str, cause: Cause) -> Answer:
    """The police station was contacted; a person's name or number is no part of a station's."""
    now = house.now()

    def decide(case: Case) -> Outcome:
        told = redact(station, known_of(house, case))
        return visitors.tell_police(case, incident, told, now, _book(house, case))

    return _take(house, number, "tell-police", decide, cause)


def take_measure(house: House, number: str, incident: str, measure: Measure, cause: Cause) -> Answer:
    """What was done: persuaded to leave, or public security notified."""
    now = house.now()

    def decide(case: Case) -> Outcome:
        return visitors.take_measure(case, incident, measure, now, _book(house, case))

    return _take(house, number, "take-measure", decide, cause)


def listed(house: House, number: str, who: Actor) -> list[Mapping[str, Any]]:
    """The incidents of a case; what happened in words stays sealed."""
    return [told(one) for one in house.cases.whole(number, who).state.incidents]


def told(one: Incident) -> dict[str, Any]:
    """An incident without its words."""
    moments = {
        "happened_at": one.happened_at,
        "noted_at": one.noted_at,
        "reported_at": one.reported_at,
        "police_at": one.police_at,
        "measure_at": one.measure_at,
    }
    return {
        "id": one.id,
        "kind": one.kind,
        "threat": one.threat,
        "noted_by": one.noted_by,
        "station": one.station,
        "measure": one.measure,
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
        "next": _next(one),
    }


def _next(one: Incident) -> str:
    """What is to be done now."""
    if one.police_at is None:
        return "请立即联系公安机关并登记；随后报告领导。" if one.threat else "请联系公安派出所并登记。"
    return "" if one.measure else "请登记处置方式：劝离或公安处置。"


def _take(house: House, number: str, what: str, decide: Callable[[Case], Outcome], cause: Cause) -> Answer:
    return house.cases.take(
        number, cause, what, decide, lambda case: {"incidents": [told(one) for one in case.incidents]}
    )


def _book(house: House, case: Case) -> Rulebook:
    return house.base.rulebooks.version(case.rulebook)
