"""`make faults`: hurts a fresh platform in every way it must bear, and proves that nothing was lost."""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table

from deploy.local.errors import LocalStackError
from deploy.local.faults.run import Outcome, Size, run
from deploy.local.signals import interruptible
from deploy.local.stack import Stack

_WIDE: Final = 160


def main() -> int:
    """Run in a folder that is removed when it went well; 0 when nothing was lost and nothing doubled."""
    console = Console(width=_WIDE, soft_wrap=True)
    folder = Path(tempfile.mkdtemp(prefix="huiyin-faults-"))
    began = time.monotonic()

    def tell(line: str) -> None:
        console.print(f"[dim]{time.monotonic() - began:5.0f} s[/] {line}")

    try:
        outcome = _run(folder, tell)
    except LocalStackError as wrong:
        console.print(f"[red]没有完成 (not completed):[/] {wrong}", highlight=False)
        _tell_left(console, folder)
        return 1
    except KeyboardInterrupt:
        shutil.rmtree(folder, ignore_errors=True)
        console.print("已停止 (stopped)")
        return 130
    _show(console, outcome)
    console.print(f"用时 {time.monotonic() - began:.0f} 秒 (seconds)")
    if outcome.lost or outcome.doubled:
        _tell_left(console, folder)
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    return 0


def _tell_left(console: Console, folder: Path) -> None:
    console.print(f"日志和数据留在 {folder} (logs and data are left there)", highlight=False)


def _run(folder: Path, tell: Callable[[str], None]) -> Outcome:
    """All faults on a platform in the folder; what does not run any more is told before it stops."""
    with interruptible(), Stack(folder) as stack:
        stack.start(tell)
        started = set(stack.platform.pids)
        try:
            return run(stack, Size(), tell)
        except LocalStackError:
            tell(f"已退出的进程 (processes that ended): {sorted(started - set(stack.platform.pids))}")
            raise


def _show(console: Console, outcome: Outcome) -> None:
    headers = ("故障 fault", "其间登记 registered", "登记最长停顿 longest stop s", "恢复后追平 caught up s")
    table = Table(*headers, box=box.MARKDOWN)
    for struck in outcome.struck:
        stop, after = f"{struck.longest_stop:.1f}", f"{struck.caught_up:.1f}"
        table.add_row(struck.name, str(struck.registered), stop, after)
    console.print(table)
    counts = outcome.report.counts
    total = Table("已受理 accepted", "丢失 lost", "重复 doubled", "最长停顿 longest stop s", box=box.MARKDOWN)
    longest = max(struck.longest_stop for struck in outcome.struck)
    total.add_row(str(outcome.accepted), str(outcome.lost), str(outcome.doubled), f"{longest:.1f}")
    console.print(total)
    console.print(
        f"客户端收到答复的操作 {outcome.acts:,} 次，重复投递 {outcome.copies:,} 条，"
        f"核对 {counts.events:,} 个事件、{counts.messages:,} 条通知"
        " (acts answered, copies delivered, events and messages compared)；"
        f"最后一次操作后 {outcome.drain_s:.1f} 秒全部归档 (seconds to the last archived)",
        highlight=False,
    )
    for finding in outcome.report.findings:
        console.print(f"[red]✗[/] {finding}", highlight=False)


if __name__ == "__main__":
    sys.exit(main())
