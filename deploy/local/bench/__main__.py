"""Runs all benchmarks on a fresh local platform and prints one table, ready to be pasted into docs."""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import psutil
from rich import box
from rich.console import Console
from rich.table import Table

from deploy.local.bench import bare
from deploy.local.bench.idle import idle
from deploy.local.bench.lifecycles import lifecycles
from deploy.local.bench.platform_rows import registrations, visibility
from deploy.local.bench.report import Row
from deploy.local.bench.site import Site
from deploy.local.errors import LocalStackError
from deploy.local.signals import interruptible
from deploy.local.stack import Stack

_CONNECTIONS: Final = (1, 16)
_WIDE: Final = 160  # a table that goes into a page must not be cut


def main() -> int:
    """Measure in a folder that is removed afterwards; 0 when nothing failed."""
    console = Console(width=_WIDE, soft_wrap=True)
    folder = Path(tempfile.mkdtemp(prefix="huiyin-bench-"))
    try:
        with interruptible(), Stack(folder) as stack:
            stack.start(lambda line: console.print(f"[dim]{line}[/]"))
            rows, held = _measure(Site(stack), lambda line: console.print(f"[dim]{line}[/]"))
    except LocalStackError as wrong:
        console.print(f"[red]无法启动 (cannot start):[/] {wrong}", highlight=False)
        return 1
    except KeyboardInterrupt:
        console.print("已停止 (stopped)")
        return 130
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _show(console, rows, held)
    return 1 if any(row.errors not in {"", "0"} for row in rows) else 0


def _measure(site: Site, tell: Callable[[str], None]) -> tuple[list[Row], list[tuple[str, str, str]]]:
    tell("空载 (idle) …")
    held = idle(site)
    rows = []
    for what, measure in _steps(site):
        tell(f"{what} …")
        rows += measure()
    return rows, held


def _steps(site: Site) -> Iterable[tuple[str, Callable[[], list[Row]]]]:
    """In this order: the desks are short while visibility is measured, and the limits know a real case."""
    addresses = site.stack.addresses
    yield "可见 (visibility)", lambda: [visibility(site)]
    yield "一生 (lifecycles)", lambda: [lifecycles(site)]
    yield "登记 (registrations)", lambda: [registrations(site, n) for n in _CONNECTIONS]
    yield "极限 (the limit)", lambda: [bare.writes(addresses), *bare.messages(addresses)]


def _show(console: Console, rows: list[Row], held: list[tuple[str, str, str]]) -> None:
    machine = f"{psutil.cpu_count()} 核 cores, {psutil.virtual_memory().total / 2**30:.0f} GiB"
    console.print(f"\n{machine}；一切在同一台机器上 (everything on one machine)\n", highlight=False)
    table = Table("做什么 what", "次数 n", "每秒 /s", "p50 ms", "p99 ms", "失败 errors", box=box.MARKDOWN)
    for row in rows:
        table.add_row(row.what, row.n, row.rate, row.p50, row.p99, row.errors)
    console.print(table)
    processes = Table("进程 process", "内存 MiB", "空载处理器 idle processor", box=box.MARKDOWN)
    for line in held:
        processes.add_row(*line)
    console.print(processes)


if __name__ == "__main__":
    sys.exit(main())
