"""The stage of a case: the greatest (round, rank) heard, so order does not matter.

Supervision alone raises the round. Whatever is heard late cannot take a case back.
"""

from dataclasses import dataclass
from typing import Final, Literal

from huiyin.contracts import events as e

StageName = Literal[
    "registered",
    "read_by_leader",
    "dispatched",
    "handling",
    "handled",
    "calling_back",
    "evaluated",
    "concluded",
    "archived",
]

STAGES: Final[tuple[StageName, ...]] = (
    "registered",
    "read_by_leader",
    "dispatched",
    "handling",
    "handled",
    "calling_back",
    "evaluated",
    "concluded",
    "archived",
)


@dataclass(frozen=True, order=True)
class Stage:
    """Where a case stands; ordered by round, then rank."""

    round: int
    rank: int

    @property
    def name(self) -> StageName:
        """The stage's word."""
        return STAGES[self.rank]


def stage(name: StageName, in_round: int = 1) -> Stage:
    """The stage of that name in a round."""
    return Stage(in_round, STAGES.index(name))


def reached(event: e.Event) -> Stage | None:
    """The stage an event shows to be reached, if any."""
    match event:
        case e.InstructionAsked():
            return stage("read_by_leader")
        case e.OrderDispatched():
            return stage("dispatched", event.round)
        case e.OrderAccepted():
            return stage("handling")
        case e.RoundRaised():
            return stage("handling", event.round)
        case e.HandlingCompleted():
            return stage("handled", event.round)
        case e.EchoOpened():
            return stage("calling_back", event.round)
        case e.EvaluationRecorded():
            return stage("evaluated", event.round)
        case _:
            return None
