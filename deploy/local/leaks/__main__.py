"""`make leaks`: plants invented people in a fresh platform and searches it for them."""

import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table

from deploy.local.errors import LocalStackError
from deploy.local.leaks.fields import NOBODY
from deploy.local.leaks.needles import Hit
from deploy.local.leaks.run import Outcome, Run, Size
from deploy.local.signals import interruptible
from deploy.local.stack import Stack

_WIDE: Final = 160


def main() -> int:
    """Run in a folder that is removed afterwards; 0 when nobody was found where they must not be."""
    console = Console(width=_WIDE, soft_wrap=True)
    folder = Path(tempfile.mkdtemp(prefix="huiyin-leaks-"))
    began = time.monotonic()

    def tell(line: str) -> None:
        console.print(f"[dim]{time.monotonic() - began:5.0f} s[/] {line}", highlight=False)

    try:
        with interruptible(), Stack(folder, searchable=True) as stack:
            stack.start(tell)
            outcome = Run(stack, Size(), tell)()
    except LocalStackError as wrong:
        console.print(f"[red]没有完成 (not completed):[/] {wrong}", highlight=False)
        return 1
    except KeyboardInterrupt:
        console.print("已停止 (stopped)")
        return 130
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _show(console, outcome)
    console.print(f"用时 {time.monotonic() - began:.0f} 秒 (seconds)")
    return 0 if outcome.holds else 1


def _show(console: Console, outcome: Outcome) -> None:
    headers = ("处所 place", "kB", "秒 s", "对照 controls", "有权之处 entitled", "泄露 leaks")
    table = Table(*headers, box=box.MARKDOWN)
    for place in outcome.searched:
        controls = "[green]都找到 all found[/]" if not place.missed else "[red]漏找 missed[/]"
        size = f"{place.bytes / 1e3:,.0f}"
        table.add_row(
            place.name, size, f"{place.seconds:.0f}", controls, str(place.entitled), str(len(place.leaks))
        )
    console.print(table)
    crowd = outcome.crowd
    console.print(
        f"植入 {len(crowd.planted)} 人、{outcome.cases} 件诉求 (people planted, cases led to the archive)",
        highlight=False,
    )
    planted_in = outcome.fields - len(NOBODY) - len(outcome.unplanted)
    console.print(
        f"可填文字的字段 {outcome.fields} 项：植入 {planted_in}，另有说明 {len(NOBODY)}"
        " (fields that take words: planted, and named as nobody's)",
        highlight=False,
    )
    for field in sorted(outcome.unplanted):
        console.print(f"[red]✗ 未植入 nobody planted[/] {field}", highlight=False, markup=True)
    for place in outcome.searched:
        for where, way in sorted(place.missed):
            console.print(f"[red]✗ 对照漏找 control missed[/] {place.name}: {where}, {way}", highlight=False)
        _show_leaks(console, place.leaks, crowd.planted)


def _show_leaks(console: Console, leaks: set[tuple[str, Hit]], planted: Mapping[int, list[str]]) -> None:
    """Each leak once a place and person, with where that person was planted; never the words themselves."""
    fields: dict[tuple[str, int], list[str]] = defaultdict(list)
    for where, hit in sorted(leaks):
        fields[where, hit.person].append(hit.field)
    for (where, person), found in fields.items():
        console.print(
            f"[red]✗[/] {where}：第 {person} 人 (person) {', '.join(found)}；"
            f"植入于 (planted in) {', '.join(planted[person])}",
            highlight=False,
            markup=False,
        )


if __name__ == "__main__":
    sys.exit(main())
