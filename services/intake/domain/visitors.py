"""Trouble by visitors after the reception: recorded, reported, and a threat goes to the police first."""

from dataclasses import replace
from datetime import datetime

from huiyin.chassis.rulebook import Rulebook
from huiyin.contracts.events import Event, MessageRequested, VisitorIncident
from services.intake.domain.case import Case
from services.intake.domain.notes import Incident, Measure
from services.intake.errors import NoSuchIncident, NotAsRuled, NotAVisit, PoliceFirst

Outcome = tuple[Case, list[Event]]


def note(case: Case, incident: Incident, visited: bool, book: Rulebook) -> Outcome:
    """Recorded at once, whatever is still to be done; leaders are told in the same step (S2-79).

    Where staff are threatened they are told when the police have been (E-55).
    """
    if not visited:
        raise NotAVisit("只有来访的诉求才登记来访异常。")
    return _kept(case, incident, book)


def tell_police(case: Case, incident_id: str, station: str, at: datetime, book: Rulebook) -> Outcome:
    """The police station was contacted (S2-79): now a threat goes to the leaders, too (E-55)."""
    incident = _of(case, incident_id)
    if incident.police_at is not None:
        return case, []
    return _kept(case, replace(incident, police_at=at, station=station), book)


def take_measure(case: Case, incident_id: str, measure: Measure, at: datetime, book: Rulebook) -> Outcome:
    """Persuaded to leave, or public security notified (S2-80), as far as the office does so (X-32)."""
    incident = _of(case, incident_id)
    needed = {"persuaded": "persuade", "police": "police"}[measure]
    if needed not in book.misuse.policy and not (measure == "police" and _dangerous(incident)):
        raise NotAsRuled(
            "本机构规则没有这一处置方式。", {"measure": f"可用：{'、'.join(book.misuse.policy)}"}
        )
    if incident.police_at is None and (measure == "police" or incident.threat):
        raise PoliceFirst("请先联系公安机关并登记（police），再登记处置方式。")
    return _kept(case, replace(incident, measure=measure, measure_at=at), book)


def _kept(case: Case, incident: Incident, book: Rulebook) -> Outcome:
    """The case with the incident as it stands; leaders are told once, as soon as they may be."""
    due = "report" in book.misuse.policy and incident.reported_at is None
    tells = due and (not incident.threat or incident.police_at is not None)
    at = incident.measure_at or incident.police_at or incident.noted_at
    known = replace(incident, reported_at=at) if tells else incident
    others = (one for one in case.incidents if one.id != known.id)
    said: list[Event] = [_said(known, at), *([_report(known)] if tells else [])]
    return replace(case, incidents=tuple(sorted((*others, known), key=lambda one: one.id))), said


def _of(case: Case, incident_id: str) -> Incident:
    for incident in case.incidents:
        if incident.id == incident_id:
            return incident
    raise NoSuchIncident(f"该诉求没有来访异常 {incident_id}。")


def _dangerous(incident: Incident) -> bool:
    return incident.threat or incident.kind == "dangerous"


def _said(incident: Incident, at: datetime) -> VisitorIncident:
    return VisitorIncident(
        incident=incident.id,
        kind=incident.kind,
        threat=incident.threat,
        reported=incident.reported_at is not None,
        police_told=incident.police_at is not None,
        measure=incident.measure,
        at=at,
    )


def _report(incident: Incident) -> MessageRequested:
    return MessageRequested(
        message=f"visitor-incident:{incident.id}",
        template="visitor_incident",
        addressee_kind="role",
        addressee="leader",
        urgent=True,
    )
