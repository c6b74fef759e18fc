"""`huiyin clock`: the simulated office clock of the local platform."""

from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from huiyin.chassis.clocks import SimulatedOfficeClock
from huiyin.cli.local import HERE, LocalFolder, LocalStack, fail

app = typer.Typer(help="Show, set and advance the simulated office clock.", no_args_is_help=True)
_ZONE = ZoneInfo("Asia/Shanghai")


@app.command()
def show(local: LocalFolder = HERE) -> None:
    """The office's time."""
    _tell(_clock(local).now())


@app.command("set")
def set_(
    to: Annotated[str, typer.Argument(help="Such as 2024-09-30T16:00.")], local: LocalFolder = HERE
) -> None:
    """Put the clock to a time; without a zone, Shanghai's."""
    try:
        moment = datetime.fromisoformat(to)
    except ValueError:
        fail(f"{to} 不是时间；写作 2024-09-30T16:00 (not a time)")
    _tell(_clock(local).set(moment if moment.tzinfo else moment.replace(tzinfo=_ZONE)))


@app.command()
def advance(
    days: Annotated[float, typer.Option(min=0)] = 0,
    hours: Annotated[float, typer.Option(min=0)] = 0,
    minutes: Annotated[float, typer.Option(min=0)] = 0,
    local: LocalFolder = HERE,
) -> None:
    """Move the clock on."""
    _tell(_clock(local).advance(timedelta(days=days, hours=hours, minutes=minutes)))


def _clock(local: LocalFolder) -> SimulatedOfficeClock:
    return SimulatedOfficeClock(LocalStack(local).clock_file)


def _tell(moment: datetime) -> None:
    typer.echo(f"{moment.astimezone(_ZONE):%Y-%m-%d %H:%M:%S}")
