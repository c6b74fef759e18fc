"""The rows of the benchmarks' one table."""

import math
from dataclasses import dataclass

from deploy.local.bench.timing import Timings


@dataclass(frozen=True)
class Row:
    """One line of the table; what does not apply stays empty."""

    what: str
    n: str
    rate: str = ""
    p50: str = ""
    p99: str = ""
    errors: str = ""


def row(what: str, timings: Timings) -> Row:
    """The line of timed operations."""
    return Row(
        what,
        n=f"{timings.n:,}",
        rate=f"{timings.rate:,.1f}",
        p50=_ms(timings.percentile(0.5)),
        p99=_ms(timings.percentile(0.99)),
        errors=str(timings.errors),
    )


def _ms(seconds: float) -> str:
    return "" if math.isnan(seconds) else f"{seconds * 1000:,.1f}"
