"""What each process holds and burns while nothing happens."""

import time
from typing import Final

import psutil

from deploy.local.bench.site import Site
from deploy.local.processes import Ledger

_SETTLE_S: Final = 3.0
_WATCH_S: Final = 10.0
_MIB: Final = 1024 * 1024


def idle(site: Site) -> list[tuple[str, str, str]]:
    """Name, resident memory in MiB, share of one processor in per cent; children counted in."""
    time.sleep(_SETTLE_S)
    trees = {name: _tree(pid) for name, pid in sorted(_pids(site).items())}
    before = {name: _burnt(tree) for name, tree in trees.items()}
    time.sleep(_WATCH_S)
    rows = [
        (name, sum(p.memory_info().rss for p in tree) / _MIB, (_burnt(tree) - before[name]) / _WATCH_S)
        for name, tree in trees.items()
    ]
    total = ("全部 all", sum(r[1] for r in rows), sum(r[2] for r in rows))
    return [(name, f"{mib:,.0f}", f"{share:.1%}") for name, mib, share in [*rows, total]]


def _pids(site: Site) -> dict[str, int]:
    return Ledger(site.stack.folder / "processes.json").survivors()


def _tree(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def _burnt(tree: list[psutil.Process]) -> float:
    return sum(sum(p.cpu_times()[:2]) for p in tree)
