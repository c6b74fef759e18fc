"""Commands that are imported only when they are used, so that `huiyin --help` answers at once."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command


@dataclass(frozen=True)
class Place:
    """Where a command's Typer app lies, as `module:app`, and what `--help` says of it."""

    at: str
    help: str


class LazyCommand(TyperCommand):
    """Stands for a command in lists; whatever uses it imports the real one."""

    def __init__(self, name: str, place: Place) -> None:
        super().__init__(name, callback=None, help=place.help)
        self._at = place.at

    def real(self) -> Any:
        """The command itself."""
        module, _, app = self._at.partition(":")
        found = get_command(getattr(importlib.import_module(module), app))
        found.name = self.name
        return found

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """Where a command's use begins: parsing, running, completing."""
        return self.real().make_context(*args, **kwargs)


def lazy_group(places: Mapping[str, Place]) -> type[TyperGroup]:
    """A group of these commands, and one place that tells what went wrong in any of them."""

    class Group(TyperGroup):
        def __init__(self, **attributes: Any) -> None:
            super().__init__(**attributes)
            self.commands.update({name: LazyCommand(name, place) for name, place in places.items()})

        def invoke(self, ctx: Any) -> Any:
            """Run the command; what nobody caught is told in one line, with the exit code."""
            try:
                return super().invoke(ctx)
            except (typer.Exit, typer.Abort):
                raise
            except Exception as failed:
                # Only now: what these errors are made of is slow to import.
                importlib.import_module("huiyin.cli.failures").tell(failed)
                raise

    return Group
