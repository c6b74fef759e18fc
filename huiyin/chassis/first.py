"""What a service's process does before it imports anything else, and when it has.

`prepare` is called first of all by each service's `__main__`: nameko runs on eventlet, whose patching
must precede the import of every module that takes a socket, a lock or a thread. And nothing that is
imported is ever garbage: a collector that looks through it again and again while it comes takes a seventh
of a start's processor time, and goes on looking as long as the process lives.
"""

import gc
import sys
import warnings
from typing import Final

_PROCESSES: Final = ("web", "worker", "relay")


def prepare() -> None:
    """Collect no garbage until `imported`; patch the standard library when this is to be a worker."""
    # nameko stands on eventlet; that eventlet advises against new projects is known.
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    chosen = sys.argv[1] if len(sys.argv) > 1 else ""
    if chosen in _PROCESSES:
        gc.disable()
    if chosen == "worker":
        import eventlet  # noqa: PLC0415 - only the worker knows eventlet

        eventlet.monkey_patch()


def imported() -> None:
    """Collect garbage from now on, among what comes from now on."""
    gc.freeze()
    gc.enable()
