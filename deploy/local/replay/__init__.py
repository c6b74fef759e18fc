"""Real history, replayed on the simulated office clock against the whole platform.

`replay(...)` starts a platform of its own, plays every message of a file to the archive, and answers
the books. docs/replay.md tells the format of the mapping and what the script decides.
"""

from deploy.local.replay.accounting import TOLD, Books, Punctuality
from deploy.local.replay.errors import CannotReplay
from deploy.local.replay.reading import History, read
from deploy.local.replay.run import Progress, Replay, replay

__all__ = [
    "TOLD",
    "Books",
    "CannotReplay",
    "History",
    "Progress",
    "Punctuality",
    "Replay",
    "read",
    "replay",
]
