"""What commands are made of: groups, and the options that many share, with their completion."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Final

import typer

from huiyin.contracts.roles import ROLES
from huiyin.contracts.services import SERVICES

HERE: Final = Path(".local")
OFFICES: Final = Path("deploy/offices")
FIRST_OFFICE: Final = "mayors-line"


def group(words: str) -> typer.Typer:
    """An app of several commands, such as `huiyin clock`."""
    made = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode="markdown")
    made.callback(help=words)(lambda: None)
    return made


def single() -> typer.Typer:
    """An app that is one command, such as `huiyin token`."""
    return typer.Typer(add_completion=False, rich_markup_mode="markdown")


def one_of(names: Callable[[], Iterable[str]]) -> Callable[[str], list[str]]:
    """Completes a value from these names."""

    def complete(incomplete: str) -> list[str]:
        return [name for name in names() if name.startswith(incomplete)]

    return complete


def offices_folder() -> Path:
    """The rulebooks' folder where no option names one."""
    return Path(os.environ.get("HUIYIN_OFFICES_DIR", OFFICES))


def _office_folders() -> list[str]:
    return sorted(book.parent.name for book in offices_folder().glob("*/rulebook.yaml"))


LocalFolder = Annotated[
    Path, typer.Option("--local", envvar="HUIYIN_LOCAL", help="The folder of `make run`.")
]
OfficesFolder = Annotated[
    Path, typer.Option("--offices", envvar="HUIYIN_OFFICES_DIR", help="The folder of the rulebooks.")
]
OfficeName = Annotated[
    str,
    typer.Option(
        "--office", "-o", envvar="HUIYIN_OFFICE", help="The office.", autocompletion=one_of(_office_folders)
    ),
]
AnOffice = Annotated[str, typer.Argument(help="The office.", autocompletion=one_of(_office_folders))]
ServiceName = Annotated[
    str, typer.Argument(help=f"One of: {', '.join(SERVICES)}.", autocompletion=one_of(lambda: SERVICES))
]
RoleName = Annotated[
    str, typer.Option(help=f"One of: {', '.join(ROLES)}.", autocompletion=one_of(lambda: ROLES))
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON value on stdout, nothing else.")]
