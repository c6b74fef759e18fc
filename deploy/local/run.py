"""`make run`: the platform live on this machine, with simulated offices at work, until Ctrl-C."""

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.live import Live

from deploy.local.board import Reading, draw, line, try_read
from deploy.local.errors import LocalStackError
from deploy.local.platform import FIRST_PORT, OFFICES
from deploy.local.play import Play
from deploy.local.signals import interruptible
from deploy.local.stack import Stack
from huiyin.client.knowledge import read_entries, write_entries

FOLDER: Final = Path(__file__).parents[2] / ".local"
#: Four such hours are a working day.
_HOUR_S: Final = 1.2
_LOOK_S: Final = 1.0
_LINE_S: Final = 5.0
_JOIN_S: Final = 60.0
#: What a table heading has room for.
_SHORT: Final = {
    "city-hotline": "接诉即办",
    "community-centre": "社区",
    "county-hotline": "县长电话",
    "mayors-line": "市长电话",
    "petition-office": "信访",
}


class Offices(threading.Thread):
    """The simulated offices, in a thread of their own, so that the view never waits for them."""

    def __init__(self, play: Play) -> None:
        super().__init__(name="offices")
        self.play = play
        self._ending = threading.Event()
        self.over = False
        self.failure: BaseException | None = None

    def run(self) -> None:
        """Hour after hour until told to stop; when all is archived only the clock goes on."""
        try:
            while not self._ending.is_set():
                self._turn()
        except Exception as failed:  # noqa: BLE001  the main thread tells it and ends the run
            self.failure = failed

    def end(self) -> None:
        """Finish the hour in hand."""
        self._ending.set()
        self.join(_JOIN_S)

    def _turn(self) -> None:
        began = time.monotonic()
        if self.over:
            self._ending.wait(_LOOK_S)
            self.play.let_pass(time.monotonic() - began)
            return
        self.play.hour()
        self.play.settle()
        self._ending.wait(max(0.0, _HOUR_S - (time.monotonic() - began)))
        self.over = self.play.is_over()
        if not self.over and not self._ending.is_set():
            self.play.next_hour()


def main() -> int:
    """Start, show, stop; 0 after Ctrl-C, 1 with a reason when it cannot start or go on."""
    console = Console()
    try:
        with interruptible(), Stack(FOLDER, first_port=FIRST_PORT) as stack:
            stack.start(console.print)
            _live(stack, console)
    except KeyboardInterrupt:
        console.print("已停止；下次 make run 接着走 (stopped; the next start goes on)")
        return 0
    except LocalStackError as wrong:
        console.print(f"[red]无法继续 (cannot go on):[/] {wrong}", highlight=False)
        return 1
    return 0


def _live(stack: Stack, console: Console) -> None:
    _write_knowledge(stack)
    offices = Offices(Play(stack))
    offices.start()
    try:
        show = _screen if console.is_terminal else _lines
        show(stack, console, offices)
    except KeyboardInterrupt:
        console.print("正在停止 (stopping) …")
        raise
    finally:
        offices.end()


def _write_knowledge(stack: Stack) -> None:
    """The sample entries of each office's knowledge base; a later start finds them there."""
    for office, desks in stack.desks.items():
        entries = read_entries(OFFICES / office / "knowledge.yaml")
        for one in write_entries(desks.role("rulebook"), entries):
            if one.done == "refused":
                raise LocalStackError(f"{office}/knowledge.yaml: {one.entry}: {one.why}")


def _screen(stack: Stack, console: Console, offices: Offices) -> None:
    with Live(console=console, auto_refresh=False, screen=True) as live:

        def show(reading: Reading) -> None:
            live.update(draw(reading, _SHORT, stack.platform.urls, _restarted(stack)), refresh=True)

        _watch(stack, offices, show, _LOOK_S)


def _lines(stack: Stack, console: Console, offices: Offices) -> None:
    for service, url in stack.platform.urls.items():
        console.print(f"{service}: {url}/docs", highlight=False)

    def show(reading: Reading) -> None:
        console.print(line(reading), highlight=False, soft_wrap=True)

    _watch(stack, offices, show, _LINE_S)


def _watch(stack: Stack, offices: Offices, show: Callable[[Reading], None], every: float) -> None:
    while True:
        stack.platform.revive()
        if offices.failure:
            raise LocalStackError(f"the simulated offices stopped: {offices.failure!r}")
        reading = try_read(offices.play, stack.now(), over=offices.over)
        if isinstance(reading, Reading):
            show(reading)
        time.sleep(every)


def _restarted(stack: Stack) -> str:
    names = stack.platform.revived
    return f"已重新启动 restarted: {', '.join(names)}；日志 logs: .local/logs" if names else ""


if __name__ == "__main__":
    sys.exit(main())
