"""What a worker does for the audit by time: seals its own rows, and has another service keep the head."""

import logging
from dataclasses import dataclass, field

from huiyin.chassis.asking import Asker, Refused
from huiyin.chassis.audit.chain import Chain
from huiyin.chassis.audit.heads import Heads
from huiyin.chassis.errors import Unavailable
from huiyin.chassis.mongo import Doc
from huiyin.chassis.observe import Metrics
from huiyin.contracts.questions import KEEP_HEAD
from huiyin.contracts.services import Service

_log = logging.getLogger(__name__)


@dataclass
class Keeping:
    """The audit's housekeeping in one worker; `heads` are those held for the service before it."""

    service: Service
    chain: Chain
    heads: Heads
    asker: Asker
    metrics: Metrics
    _refused: int = field(default=0, init=False)

    def look(self) -> None:
        """Seal what was written since; the newest head is told until it is kept."""
        self.chain.grow()
        newest = self.chain.newest()
        if newest is not None and not newest.get("kept"):
            self._tell(newest)
        else:
            self.metrics.audit_unanchored.set(0)

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

    def _alarm(self, n: int, why: str) -> None:
        if n != self._refused:  # once a batch, not at every look
            _log.error("the audit was altered; run `huiyin audit verify`: %s", why)
        self._refused = n
