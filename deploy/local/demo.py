"""`make demo`: all samples, unattended, to the archive; then the accounting, and exits by it."""

import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from deploy.local.accounting import ARROWS, LEAST, Books, audit
from deploy.local.errors import LocalStackError
from deploy.local.play import Play
from deploy.local.signals import interruptible
from deploy.local.stack import Stack

#: Office days after which what is not archived will not be any more.
_MOST_HOURS: Final = 4 * 80


def main() -> int:
    """Run the demo in a fresh folder that is removed afterwards; 0 when everything adds up."""
    console = Console(soft_wrap=True)
    folder = Path(tempfile.mkdtemp(prefix="huiyin-demo-"))
    began = time.monotonic()
    try:
        with interruptible(), Stack(folder) as stack:
            stack.start(lambda line: console.print(f"[dim]{_clock(began)}[/] {line}"))
            play = Play(stack)
            books = _play(play, console, began)
            _show(console, books, play)
    except LocalStackError as wrong:
        console.print(f"[red]无法启动 (cannot start):[/] {wrong}", highlight=False)
        return 1
    except KeyboardInterrupt:
        console.print("已停止 (stopped)")
        return 130
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    console.print(f"用时 {time.monotonic() - began:.0f} 秒 (seconds)")
    return 1 if books.problems else 0


def _play(play: Play, console: Console, began: float) -> Books:
    console.print(
        f"[dim]{_clock(began)}[/] {len(play.samples)} 件样例诉求，两家机构 (samples, two offices) …"
    )
    day = None
    for _ in range(_MOST_HOURS):
        play.hour()
        play.settle()
        if play.is_over():
            break
        now = play.next_hour()
        if now.date() != day:
            day = now.date()
            _tell_day(play, console, began)
    return audit(play)


def _tell_day(play: Play, console: Console, began: float) -> None:
    stages = play.stages()
    open_ = sum(stages.values()) - stages["archived"]
    console.print(
        f"[dim]{_clock(began)}[/] {play.now:%Y-%m-%d %a}  登记 {sum(stages.values())}"
        f"  在办 {open_}  归档 {stages['archived']}",
        highlight=False,
    )


def _show(console: Console, books: Books, play: Play) -> None:
    table = Table("箭头", "arrow", "event", "次数", "", title="每条箭头走过的次数 (how often each arrow ran)")
    for name, english, event in ARROWS:
        n = books.events[event]
        table.add_row(name, english, event, str(n), "[green]✓[/]" if n >= LEAST else "[red]✗[/]")
    console.print(table)
    others = sorted(set(books.events) - {event for _, _, event in ARROWS})
    console.print("此外 (besides): " + "  ".join(f"{event} {books.events[event]}" for event in others))
    console.print(
        f"诉求 {books.cases} 件，已归档 {books.archived} 件 (cases, archived): {dict(books.outcomes)}"
    )
    for office, staff in play.staff.items():
        if acts := sum(staff.acts.values()):  # some offices have no samples
            refused = f"，被拒 (refused) {dict(staff.refusals)}" if staff.refusals else ""
            console.print(f"{office}: 工作人员办理 {acts} 次 (acts){refused}")
    for problem in books.problems:
        console.print(f"[red]✗[/] {problem}", highlight=False)
    if not books.problems:
        console.print("[green]✓[/] 件件有着落：编号、阶段、消息全部对上 (every number is accounted for)")


def _clock(began: float) -> str:
    return f"{time.monotonic() - began:5.0f} s"


if __name__ == "__main__":
    sys.exit(main())
