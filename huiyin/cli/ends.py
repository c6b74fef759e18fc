"""How a command ends: its exit code, and a message on stderr that says what to do."""

from typing import Final, NoReturn

import typer

REFUSED: Final = 1
"""Refused by the platform, or found to be wrong."""
WRONG_USE: Final = 2
"""The command was used wrongly, or some of its input lines are in error."""
NOT_HERE: Final = 3
"""No platform here, or it does not answer."""


def fail(message: str, code: int = REFUSED) -> NoReturn:
    """End with a message on stderr and a code."""
    typer.echo(message, err=True)
    raise typer.Exit(code)
