"""`huiyin replay`: real history on the simulated office clock, against a platform of its own."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table

from deploy.local.errors import LocalStackError
from deploy.local.files import passing
from deploy.local.platform import OFFICES
from deploy.local.replay import TOLD, Books, CannotReplay, Progress, Punctuality, Replay, read, replay
from deploy.local.replay import script as plan
from deploy.local.signals import interruptible
from huiyin.cli.ends import REFUSED, fail
from huiyin.cli.local import office as one_office
from huiyin.cli.options import AsJson, OfficeName, single
from huiyin.cli.saying import say

app = single()

_COUNT: Final = 34
_INTERRUPTED: Final = 130
_LINE_S: Final = 10.0
_Shown = Callable[[Progress], None]


@app.command()
def play(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV or XLSX of real messages.")],
    office: OfficeName,
    by: Annotated[Path, typer.Option("--map", exists=True, dir_okay=False, help="Which column is what.")],
    seed: Annotated[int, typer.Option("--seed", help="Another seed, other people round the cases.")] = 1,
    rows: Annotated[int | None, typer.Option("--rows", min=1, help="Only the first rows.")] = None,
    keep: Annotated[
        Path | None, typer.Option("--keep", help="Play in this folder, and leave it to be looked at.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Replay real history: messages and replies at their real times, all else by a seeded script.

    Exit codes: 0 all adds up; 1 something does not (it is told), or the replay cannot be made.
    """
    one_office(OFFICES, office)  # refused at once, not after the platform has started
    err, began = Console(stderr=True), time.monotonic()
    try:
        wish = Replay(read(file, by, rows), office, seed)
        if not as_json:
            _show_script(seed, Console())
        with interruptible(), _folder(keep) as folder, _bar(err, len(wish.history.messages)) as show:
            books = replay(wish, folder, lambda line: err.print(f"[dim]{line}[/]"), show)
    except (CannotReplay, LocalStackError) as wrong:
        fail(str(wrong))
    except KeyboardInterrupt:
        fail("已中断 (interrupted)", _INTERRUPTED)
    _tell(books, as_json)
    err.print(f"用时 {time.monotonic() - began:.0f} 秒 (seconds)", highlight=False)
    if books.problems:
        raise typer.Exit(REFUSED)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield keep
        return
    folder = Path(tempfile.mkdtemp(prefix="huiyin-replay-", dir=passing()))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _bar(console: Console, total: int) -> Iterator[_Shown]:
    if not console.is_terminal:
        yield _lines(console, total)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        yield _Show(bar, total)


def _lines(console: Console, total: int) -> _Shown:
    """A line now and then, for logs."""
    told = [time.monotonic()]

    def show(progress: Progress) -> None:
        if time.monotonic() - told[0] >= _LINE_S:
            told[0] = time.monotonic()
            console.print(
                f"{progress.now:%Y-%m-%d}  {progress.over}/{total}  时刻 stops {progress.stops}"
                f"  等待静止 quiet {progress.quiet_s:.0f} s",
                highlight=False,
            )

    return show


class _Show:
    """Draws how far the replay is."""

    def __init__(self, bar: Bar, total: int) -> None:
        self._bar = bar
        self._task = bar.add_task("启动 starting", total=total)

    def __call__(self, progress: Progress) -> None:
        self._bar.update(self._task, completed=progress.over, description=f"{progress.now:%Y-%m-%d}")


def _show_script(seed: int, console: Console) -> None:
    table = Table(box=None, show_header=False, pad_edge=False, title="剧本 script", title_justify="left")
    shares = {
        "单位退单 units give back": plan.GIVEN_BACK,
        "首次答复退回 first replies sent back": plan.SENT_BACK,
        "回访未接 calls that reach nobody": plan.MISSED,
        **{f"诉求人 complainants: {mood}": share for mood, share in plan.MOODS.items()},
    }
    for words, share in shares.items():
        table.add_row(words, f"{share:.0%}")
    for act, (least, most) in plan.HALF_DAYS.items():
        table.add_row(f"工作半天 working half-days: {act}", f"{least}–{most}")
    table.add_row("随机种子 seed", str(seed))
    console.print(table)


def _tell(books: Books, as_json: bool) -> None:
    if as_json:
        say(asdict(books), as_json)
        return
    console = Console()
    table = Table(box=None, show_header=False, pad_edge=False, title="账目 accounting", title_justify="left")
    table.add_column(min_width=_COUNT)
    table.add_column(justify="right")
    for name, words in TOLD.items():
        table.add_row(words, f"{books.events[name]:,}")
    table.add_row("归档 archived", f"{books.archived:,}")
    table.add_row("逐件核对 proved by huiyin check", f"{books.checked:,}")
    table.add_row("拒收 refused", f"{sum(books.refused.values()):,}")
    for why, n in sorted(books.refused.items(), key=lambda item: (-item[1], item[0])):
        table.add_row(f"  {why}", f"{n:,}")
    _add_punctuality(table, "平台 platform", books.platform)
    if books.alone is not None:
        _add_punctuality(table, "仅凭文件 file alone", books.alone)
    console.print(table)
    for problem in books.problems:
        console.print(f"[red]✗[/] {problem}", highlight=False)
    if not books.problems:
        console.print("[green]✓[/] 全部对上 (everything adds up)")


def _add_punctuality(table: Table, who: str, found: Punctuality) -> None:
    table.add_row(f"首次答复按时 first replies on time，{who}", f"{found.on_time:,}")
    table.add_row(f"首次答复逾期 first replies late，{who}", f"{found.late:,}")
