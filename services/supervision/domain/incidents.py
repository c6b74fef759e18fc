"""Many people tell of one incident at once: leaders are alarmed, once (E-56, S1-10)."""

from dataclasses import replace

from huiyin.chassis.rulebook import Rulebook
from huiyin.contracts.events import IncidentGrew, MessageRequested
from services.supervision.domain.supervision import Decided, Supervision


def grew(supervision: Supervision, incident: IncidentGrew, book: Rulebook) -> Decided:
    """One alarm an incident, from the office's number of cases within its minutes on (E-56).

    The alarm tells the office's number, not the incident's: it names the first case, to which the
    others are linked, and each reader finds there those that are open to them.
    """
    mass = book.incident.mass
    if supervision.incident_alarmed or incident.peak < mass.cases:
        return supervision, []
    alarm = MessageRequested(
        message="incident-alarm",
        template="incident_alarm",
        addressee_kind="role",
        addressee=book.incident.alarm_to,
        params={"cases": str(mass.cases), "minutes": str(mass.minutes)},
        urgent=True,
        matter=_guarded(supervision),
    )
    return replace(supervision, incident_alarmed=True), [alarm]


def _guarded(supervision: Supervision) -> str:
    """The matter whose readers alone may be told, where nothing of the case is open to all."""
    guarded = [matter for matter in supervision.matter_ids if supervision.circle.of(matter).guarded]
    return guarded[0] if len(guarded) == len(supervision.matter_ids) else ""
