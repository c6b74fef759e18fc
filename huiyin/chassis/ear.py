"""What a worker does with a batch that its inbox took from the broker."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from huiyin.chassis.digest import Delivery, Digest
from huiyin.chassis.tide import Tides

S = TypeVar("S")


@dataclass
class Batch:
    """What was taken from the queues at once: events, what the broker gave up on, tides."""

    events: list[Delivery] = field(default_factory=list)
    dead: list[Delivery] = field(default_factory=list)
    tides: list[bytes] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.events) + len(self.dead) + len(self.tides)


@dataclass(frozen=True)
class Ear(Generic[S]):
    """What a worker does with what it hears."""

    digest: Digest[S]
    tides: Tides

    def hear(self, batch: Batch) -> None:
        """Events first, then what was dead, then the tides that came behind them."""
        if batch.events and self.digest.digest(batch.events).woke:
            self.digest.retry()
        if batch.dead:
            self.digest.keep_dead(batch.dead)
        for tide in batch.tides:
            self.tides.rise(tide)
