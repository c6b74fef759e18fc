"""Raw bytes in, settled: parse, fold, keep what waits. The one way messages are handled.

When `digest` returns, every delivery is safe in the store (as a step or as a waiting row) and
may be acknowledged. When it raises, the store is away and nothing may be.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from huiyin.chassis.fold import Folder, Verdicts
from huiyin.chassis.observe import Metrics
from huiyin.chassis.waiting import Reason, Trouble, Waiting
from huiyin.contracts.envelope import Envelope, MalformedEnvelope, parse

S = TypeVar("S")

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Delivery:
    """One message as the broker gave it."""

    raw: bytes
    headers: dict[str, Any]


class Digest(Generic[S]):
    """The inbox's stomach: a folder and the waiting rows of one service."""

    def __init__(self, folder: Folder[S], waiting: Waiting, metrics: Metrics) -> None:
        self._folder = folder
        self._waiting = waiting
        self._metrics = metrics

    def digest(self, batch: Sequence[Delivery]) -> Verdicts:
        """Handle a batch of deliveries; afterwards all of them are safe."""
        parsed, troubles = _parse(batch)
        verdicts = self._folder.fold([envelope for envelope, _ in parsed])
        for envelope, delivery in parsed:
            reason, error = _trouble(envelope, verdicts)
            if reason:
                troubles.append(_kept(envelope, delivery, reason, error))
        for trouble in troubles:
            _log.warning(
                "message kept: %s",
                trouble.error,
                extra={"case": trouble.case, "event": trouble.event_id, "reason": trouble.reason},
            )
        self._waiting.keep(troubles)
        verdicts.woke = self._wake(parsed, verdicts)
        self._count(len(batch), parsed, verdicts, troubles)
        return verdicts

    def keep_dead(self, batch: Sequence[Delivery]) -> None:
        """What the broker gave up on is taken into the store and tried again from there."""
        parsed, troubles = _parse(batch)
        self._waiting.keep(
            [*troubles, *(_kept(envelope, d, "dead", "delivery limit") for envelope, d in parsed)]
        )

    def retry(self, limit: int = 100) -> int:
        """Try the waiting rows whose time has come; returns how many were handled."""
        handled = 0
        for _ in range(limit):
            row = self._waiting.due()
            if row is None:
                return handled
            handled += self._retry(row)
        return handled

    def notice(self) -> None:
        """Look whether anything waits for its case, so that it is woken when that is saved."""
        self._waiting.notice()

    def _retry(self, row: dict[str, Any]) -> bool:
        try:
            envelope = parse(row["raw"])
        except MalformedEnvelope as malformed:
            self._waiting.again(row, "malformed", str(malformed))
            return False
        verdicts = self._folder.fold([envelope])
        reason, error = _trouble(envelope, verdicts)
        if reason:
            self._waiting.again(row, reason, error)
            return False
        self._waiting.done(row["_id"])
        self._waiting.wake([envelope.subject])
        return True

    def _count(
        self,
        size: int,
        parsed: Sequence[tuple[Envelope, Delivery]],
        verdicts: Verdicts,
        troubles: Sequence[Trouble],
    ) -> None:
        self._metrics.inbox_batch.observe(size)
        for envelope, _ in parsed:
            if envelope.id in verdicts.done:
                self._metrics.events_handled.labels(envelope.type).inc()
        for trouble in troubles:
            parked = trouble.reason == "malformed"
            counter = self._metrics.events_parked if parked else self._metrics.events_waiting
            counter.labels(trouble.reason).inc()

    def _wake(self, parsed: Sequence[tuple[Envelope, Delivery]], verdicts: Verdicts) -> bool:
        saved = {envelope.subject for envelope, _ in parsed if envelope.id in verdicts.done}
        return bool(saved) and self._waiting.wake(saved)


def _parse(batch: Sequence[Delivery]) -> tuple[list[tuple[Envelope, Delivery]], list[Trouble]]:
    parsed, troubles = [], []
    for delivery in batch:
        try:
            parsed.append((parse(delivery.raw), delivery))
        except MalformedEnvelope as malformed:
            troubles.append(Trouble(delivery.raw, delivery.headers, "malformed", str(malformed)))
    return parsed, troubles


def _trouble(envelope: Envelope, verdicts: Verdicts) -> tuple[Reason | None, str]:
    if envelope.id in verdicts.early:
        return "early", verdicts.early[envelope.id]
    if envelope.id in verdicts.malformed:
        return "malformed", verdicts.malformed[envelope.id]
    if envelope.id in verdicts.failed:
        return "failed", verdicts.failed[envelope.id]
    return None, ""


def _kept(envelope: Envelope, delivery: Delivery, reason: Reason, error: str) -> Trouble:
    return Trouble(delivery.raw, delivery.headers, reason, error, envelope.id, envelope.subject)
