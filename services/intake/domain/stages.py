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


#: The events that show a stage to be reached; one without a round speaks of the first.
REACHED_BY: Final[dict[type[e.Event], StageName]] = {
    e.InstructionAsked: "read_by_leader",
    e.OrderDispatched: "dispatched",
    e.OrderAccepted: "handling",
    e.RoundRaised: "handling",
    e.HandlingCompleted: "handled",
    e.EchoOpened: "calling_back",
    e.EvaluationRecorded: "evaluated",
}


def reached(event: e.Event) -> Stage | None:
    """The stage an event shows to be reached, if any."""
    name = REACHED_BY.get(type(event))
    return stage(name, getattr(event, "round", 1)) if name else None
