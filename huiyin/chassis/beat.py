"""What comes by time: a nameko entrypoint that looks at intervals, and at once when there is reason to.

The reason is something that may have made something due, so that what is due never waits for the end of an
interval that began before it was: something heard, or the office clock of a local stack moved.
"""

import threading
from collections.abc import Collection
from typing import Any, Final

from eventlet.event import Event as Waiter
from nameko.extensions import Entrypoint

#: The word among a beat's reasons for the office clock: it was set or advanced.
CLOCK_MOVED: Final = "clock moved"


class Beat(Entrypoint):
    """`@beat(interval=seconds, after=words)` on a worker method; one look at a time.

    `after` holds the event types, the tide and CLOCK_MOVED, where they are a reason to look at once.
    """

    def __init__(self, *, interval: float, after: Collection[str], **options: Any) -> None:
        super().__init__(**options)
        self.after = frozenset(after)
        self._interval = interval
        self._reason = threading.Event()
        self._stopping = False
        self._thread: Any = None

    def start(self) -> None:
        """Begin to look, in a green thread that the container watches."""
        if CLOCK_MOVED in self.after:
            self.container.config["house"].base.office_clock.watch(self.wake)
        self._thread = self.container.spawn_managed_thread(self._run, identifier="beat")

    def stop(self) -> None:
        """Let the look in hand end, then leave."""
        self._stopping = True
        self._reason.set()
        self._thread.wait()

    def kill(self) -> None:
        """The process ends."""
        self._stopping = True

    def wake(self) -> None:
        """Look at once, or once more when a look is in hand."""
        self._reason.set()

    def _run(self) -> None:
        while not self._stopping:
            self._reason.wait(self._interval)
            self._reason.clear()
            if not self._stopping:
                self._look()

    def _look(self) -> None:
        ended = Waiter()

        def settle(_context: Any, result: Any, failure: Any) -> tuple[Any, Any]:
            ended.send(None)
            return result, failure

        self.container.spawn_worker(self, (), {}, handle_result=settle)
        ended.wait()


beat = Beat.decorator


def wake_beats(container: Any, heard: Collection[str]) -> None:
    """Have the beats of a worker look at once for which any of this is a reason."""
    for entrypoint in container.entrypoints:
        if isinstance(entrypoint, Beat) and not entrypoint.after.isdisjoint(heard):
            entrypoint.wake()
