"""`huiyin clock`: the simulated office clock of the local platform."""

from datetime import datetime, timedelta
from typing import Annotated

import typer

from huiyin.chassis.clocks import SimulatedOfficeClock
from huiyin.cli.ends import WRONG_USE, fail
from huiyin.cli.local import LocalStack
from huiyin.cli.moments import SHANGHAI, given
from huiyin.cli.options import HERE, AsJson, LocalFolder, group
from huiyin.cli.saying import say

app = group("Show, set and advance the simulated office clock.")


@app.command()
def show(as_json: AsJson = False, local: LocalFolder = HERE) -> None:
    """The office's time."""
    _tell(_clock(local).now(), as_json)


@app.command("set")
def set_(
    to: Annotated[str, typer.Argument(help="Such as 2024-09-30T16:00; without a zone, Shanghai's.")],
    as_json: AsJson = False,
    local: LocalFolder = HERE,
) -> None:
    """Put the clock to a time."""
    _tell(_clock(local).set(given(to)), as_json)


@app.command()
def advance(
    days: Annotated[float, typer.Option(min=0)] = 0,
    hours: Annotated[float, typer.Option(min=0)] = 0,
    minutes: Annotated[float, typer.Option(min=0)] = 0,
    as_json: AsJson = False,
    local: LocalFolder = HERE,
) -> None:
    """Move the clock on."""
    by = timedelta(days=days, hours=hours, minutes=minutes)
    if not by:
        fail("请用 --days、--hours 或 --minutes 说明走多久 (say by how much)", WRONG_USE)
    _tell(_clock(local).advance(by), as_json)


def _clock(local: LocalFolder) -> SimulatedOfficeClock:
    return SimulatedOfficeClock(LocalStack(local).clock_file)


def _tell(moment: datetime, as_json: bool) -> None:
    there = moment.astimezone(SHANGHAI)
    say({"now": there.isoformat()}, as_json, f"{there:%Y-%m-%d %H:%M:%S}")
