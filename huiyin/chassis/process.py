"""Starts one of a service's three processes, watches its signals, ends it in order.

`python -m services.<name> worker|web|relay`. Stop what comes in first, let the work in hand
end, then let go of what it stood on.
"""

import logging
import re
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

from pymongo.errors import ConnectionFailure, OperationFailure

from huiyin.chassis.errors import WrongSetting

_log = logging.getLogger(__name__)

_USAGE_EXIT: Final = 64
_AWAY_EXIT: Final = 75
_CONFIG_EXIT: Final = 78


def main(service: str, processes: Mapping[str, Callable[[], None]]) -> None:
    """Run the process named on the command line; a wrong setting ends it with its key named.

    So does a store that cannot be reached, or lets nobody in: an orchestrator starts it anew.
    """
    chosen = sys.argv[1] if len(sys.argv) > 1 else ""
    if chosen not in processes:
        print(f"usage: python -m services.{service} {'|'.join(processes)}", file=sys.stderr)
        raise SystemExit(_USAGE_EXIT)
    try:
        processes[chosen]()
    except WrongSetting as wrong:
        print(f"{service} {chosen}: {wrong}", file=sys.stderr)
        raise SystemExit(_CONFIG_EXIT) from wrong
    except (ConnectionFailure, OperationFailure) as away:
        # Its first sentence names the host and why; what follows is pymongo's view of the whole set.
        told = re.split(r" \(configured timeouts|, Timeout:|, full error:", str(away))[0]
        print(f"{service} {chosen}: MongoDB: {told}", file=sys.stderr)
        raise SystemExit(_AWAY_EXIT) from away


def stop_on_signal(also: Callable[[], Any] = lambda: None) -> threading.Event:
    """An event that SIGTERM and SIGINT set; `also` wakes whoever sleeps elsewhere."""
    stop = threading.Event()

    def told(signum: int, _frame: Any) -> None:
        _log.info("stopping on %s", signal.Signals(signum).name)
        stop.set()
        also()

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGINT, told)
    return stop
