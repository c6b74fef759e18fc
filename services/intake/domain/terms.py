"""Lengths of time that run day and night: minutes, hours and days of the clock on the wall."""

from datetime import timedelta
from typing import Final

from huiyin.chassis.rulebook import Term

_HOURS: Final = {"minute": 1 / 60, "hour": 1.0, "day": 24.0, "wd": 24.0, "month": 24.0 * 30}


def length(term: Term) -> timedelta:
    """The term as it passes without a break: danger knows no working days (E-51, V-02)."""
    return timedelta(hours=term.amount * _HOURS[term.unit])
