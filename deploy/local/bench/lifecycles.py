"""Whole lives of cases, stage after stage, several at once, until the last is archived."""

import itertools
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from deploy.local.bench.report import Row
from deploy.local.bench.site import OFFICE, Site, forms
from deploy.local.lives import Lives

T = TypeVar("T")

_CASES: Final = 200
_AT_ONCE: Final = 16
_COUNT_EVERY_S: Final = 0.2
_PATIENCE_S: Final = 60.0


def lifecycles(site: Site) -> Row:
    """Lifecycles a second, from the first registration to the last case archived."""
    lives = Lives(site.stack.desks[OFFICE], patience_s=_PATIENCE_S)
    before = _archived(site)
    began = time.perf_counter()
    _lead(lives)
    acted = time.perf_counter() - began
    while _archived(site) < before + _CASES:
        time.sleep(_COUNT_EVERY_S)
    took = time.perf_counter() - began
    what = f"一生 lifecycles to the archive, {lives.acts:,} acts, drain {took - acted:.1f} s"
    return Row(what, n=f"{_CASES:,}", rate=f"{_CASES / took:,.1f}", errors="0")


def _lead(lives: Lives) -> None:
    told = list(enumerate(form for form, _ in itertools.islice(forms(), _CASES)))
    numbers = _each(told, lambda item: lives.register(item[1], f"bench-life-{item[0]}"))
    orders = _each(numbers, lives.order)
    for stage in (lives.accept, lives.reply, lives.approve):
        _each(orders, stage)
    for step in (lives.contact, lives.reach, lives.tell, lives.evaluate):
        _each(numbers, step)


def _each(items: Sequence[Any], act: Callable[[Any], T]) -> list[T]:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(act, items))


def _archived(site: Site) -> int:
    return site.stack.desks[OFFICE].stages().get("archived", 0)
