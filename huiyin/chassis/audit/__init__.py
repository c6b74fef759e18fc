"""The audit of readings, refusals and exports (docs/audit.md).

`rows` keeps a row before the answer leaves; `key` authenticates it with a key outside the database;
`chain` lists the rows in batches, each bound to the one before; `heads` keeps another service's
newest batch; `keeping` is what a worker does about all that by time; `proof` finds what was altered.
"""

from huiyin.chassis.audit.chain import Chain
from huiyin.chassis.audit.heads import Heads
from huiyin.chassis.audit.keeping import Keeping
from huiyin.chassis.audit.key import AuditKey
from huiyin.chassis.audit.proof import Proof
from huiyin.chassis.audit.rows import Audit, Wanted

__all__ = ["Audit", "AuditKey", "Chain", "Heads", "Keeping", "Proof", "Wanted"]
