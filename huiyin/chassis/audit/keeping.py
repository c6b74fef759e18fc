"""What a worker does for the audit by time: seals its own rows, and has the head kept elsewhere."""

import logging
from dataclasses import dataclass, field
from typing import Final

from huiyin.chassis.anchor import Anchor
from huiyin.chassis.asking import Asker, Refused
from huiyin.chassis.audit.chain import Chain
from huiyin.chassis.audit.heads import Heads
from huiyin.chassis.clocks import MachineClock
from huiyin.chassis.errors import Unavailable
from huiyin.chassis.mongo import Doc
from huiyin.chassis.observe import Metrics
from huiyin.contracts.questions import KEEP_HEAD
from huiyin.contracts.services import Service

_log = logging.getLogger(__name__)

#: A line an hour: the next service keeps every head; the file is for the day when both stores are lost.
_ANCHOR_EVERY_S: Final = 3600.0


@dataclass
class Keeping:
    """The audit's housekeeping in one worker; `heads` are those held for the service before it."""

    service: Service
    chain: Chain
    heads: Heads
    asker: Asker
    anchor: Anchor
    clock: MachineClock
    metrics: Metrics
    _refused: int = field(default=0, init=False)
    _anchored: int = field(default=0, init=False)
    _anchor_after: float = field(default=0.0, init=False)

    def look(self) -> None:
        """Seal what was written since; the newest head is told until it is kept."""
        self.chain.grow()
        newest = self.chain.newest()
        if newest is None:
            return
        if newest.get("kept"):
            self.metrics.audit_unanchored.set(0)
        else:
            self._tell(newest)
        if newest["_id"] != self._anchored and self.clock.monotonic() >= self._anchor_after:
            self._write_down(newest)

    def _tell(self, newest: Doc) -> None:
        self.metrics.audit_unanchored.set(1)
        keeper, n = KEEP_HEAD[self.service], newest["_id"]
        try:
            self.asker.ask(keeper, service=self.service, n=n, head=newest["head"].hex())
        except Unavailable:
            _log.warning("%s does not keep the audit's head now; it is told again", keeper.answerer)
        except Refused as refused:
            self._alarm(n, str(refused))
        else:
            self.chain.note_kept(n)
            self.metrics.audit_unanchored.set(0)

    def _write_down(self, newest: Doc) -> None:
        self.anchor.write("audit-head", service=self.service, n=newest["_id"], head=newest["head"].hex())
        self._anchored = newest["_id"]
        self._anchor_after = self.clock.monotonic() + _ANCHOR_EVERY_S

    def _alarm(self, n: int, why: str) -> None:
        if n != self._refused:  # once a batch, not at every look
            _log.error("the audit was altered; run `huiyin audit verify`: %s", why)
        self._refused = n
