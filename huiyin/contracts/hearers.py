"""Who says what, and who must hear it: the one table the bus is built from.

Intake hears every event about a case, its own included, because it keeps the journal.
Each relay declares the queue and bindings of all hearers of its service before its first
publish, so a confirmed event lies in the queue of everyone named here.
"""

from dataclasses import dataclass
from typing import Final

from huiyin.contracts import events as e
from huiyin.contracts.services import SERVICES, Service


@dataclass(frozen=True)
class Route:
    """One event type: its class, its sayers and its hearers.

    A hearer takes a step for each event. A follower hears all of them too, takes a step only for
    those that concern it, and lets the others go without a trace.
    """

    event: type[e.Event]
    sayers: tuple[Service, ...]
    hearers: tuple[Service, ...]
    followers: tuple[Service, ...] = ()


_OTHERS: Final[tuple[Service, ...]] = ("dispatch", "supervision", "feedback", "notify")
#: Notify tells departments that have a feed what happens to their orders, and only those.
_FEEDS: Final[tuple[Service, ...]] = ("notify",)

ROUTES: Final[dict[str, Route]] = {
    route.event.type: route
    for route in (
        Route(e.CaseRegistered, ("intake",), ("intake", *_OTHERS)),
        Route(e.CaseConcluded, ("intake",), ("intake", *_OTHERS)),
        Route(e.CasePassed, ("intake",), ("intake",)),
        Route(e.PassingRegistered, ("intake",), ("intake",)),
        Route(e.CircleChanged, ("intake",), ("intake", *_OTHERS)),
        Route(e.CaseReclassified, ("intake",), ("intake", *_OTHERS)),
        Route(e.CaseReopened, ("intake",), ("intake", *_OTHERS)),
        Route(e.CircleApplied, _OTHERS, ("intake",)),
        Route(e.MatterCorrected, ("intake",), ("intake", "dispatch")),
        Route(e.ConsentGiven, ("intake",), ("intake", "feedback")),
        Route(e.ComplainantWithdrew, ("intake",), ("intake", "feedback")),
        Route(e.VisitorIncident, ("intake",), ("intake",)),
        Route(e.FabricationFound, ("intake",), ("intake",)),
        Route(e.EmergencyRaised, ("intake",), ("intake", "dispatch", "supervision")),
        Route(e.EmergencyHandedOver, ("intake",), ("intake",)),
        Route(e.CaseLinked, ("intake",), ("intake",)),
        Route(e.IncidentGrew, ("intake",), ("intake", "supervision")),
        Route(e.VolumeSealed, ("intake",), ()),
        Route(e.EnclosureRegistered, ("intake",), ("intake",)),
        Route(e.EnclosureSettled, ("intake",), ("intake",)),
        Route(e.CatalogueGapFound, ("dispatch",), ("intake",)),
        Route(e.InstructionAsked, ("dispatch",), ("intake",)),
        Route(e.InstructionGiven, ("dispatch",), ("intake",)),
        Route(e.OrderDispatched, ("dispatch",), ("intake", "supervision"), _FEEDS),
        Route(e.OrderAccepted, ("dispatch",), ("intake", "supervision")),
        Route(e.OrderReturned, ("dispatch",), ("intake", "supervision"), _FEEDS),
        Route(e.OrderRecalled, ("dispatch",), ("intake", "supervision"), _FEEDS),
        Route(e.ReplySubmitted, ("dispatch",), ("intake", "supervision")),
        Route(e.HandlingCompleted, ("dispatch",), ("intake", "feedback")),
        Route(e.DeadlineSet, ("supervision",), ("intake", "dispatch"), _FEEDS),
        Route(e.OrderUrged, ("supervision",), ("intake", "dispatch"), _FEEDS),
        Route(e.SupervisionIssued, ("supervision",), ("intake", "dispatch"), _FEEDS),
        Route(e.SlipWithdrawn, ("supervision",), ("intake", "dispatch"), _FEEDS),
        Route(e.ExtensionAsked, ("supervision",), ("intake",)),
        Route(e.ExtensionGranted, ("supervision",), ("intake", "dispatch")),
        Route(e.ExtensionRefused, ("supervision",), ("intake", "dispatch")),
        Route(e.ReplyApproved, ("supervision",), ("intake", "dispatch"), _FEEDS),
        Route(e.ReplyReturned, ("supervision",), ("intake", "dispatch"), _FEEDS),
        Route(e.RoundRaised, ("supervision",), ("intake", "dispatch", "feedback")),
        Route(e.ResultUpheld, ("supervision",), ("intake", "feedback")),
        Route(e.EchoOpened, ("feedback",), ("intake",)),
        Route(e.ContactAttempted, ("feedback",), ("intake",)),
        Route(e.ResultTold, ("feedback",), ("intake",)),
        Route(e.EvaluationRecorded, ("feedback",), ("intake", "supervision")),
        Route(e.EvaluationDissatisfied, ("feedback",), ("intake", "supervision")),
        Route(e.EchoCompleted, ("feedback",), ("intake",)),
        Route(e.MessageDelivered, ("notify",), ("intake", "feedback")),
        Route(e.MessageFailed, ("notify",), ("intake", "feedback")),
        Route(e.MessageUncertain, ("notify",), ("intake",)),
        Route(
            e.MessageRequested,
            ("intake", "dispatch", "supervision", "feedback"),
            ("intake", "notify"),
        ),
        Route(e.PartClosed, _OTHERS, ("intake",)),
    )
}


def heard_by(service: Service) -> dict[Service, tuple[str, ...]]:
    """Every sayer whose events the service hears, with the event types it hears of it."""
    return {sayer: types for sayer in SERVICES if (types := _said_to(sayer, service))}


def hearers_of(sayer: Service) -> tuple[Service, ...]:
    """Every service that hears at least one event of the sayer."""
    return tuple(s for s in SERVICES if sayer in heard_by(s))


def _said_to(sayer: Service, service: Service) -> tuple[str, ...]:
    return tuple(
        name
        for name, route in ROUTES.items()
        if sayer in route.sayers and service in (*route.hearers, *route.followers)
    )
