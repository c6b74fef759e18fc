"""Where `make run` keeps its things, as the other commands need them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer

from huiyin.chassis.errors import WrongSetting
from huiyin.chassis.rulebook import OfficeFolder, load_offices

REFUSED: Final = 1
NOT_HERE: Final = 3
CLOCK_FILE: Final = "office-clock.json"

LocalFolder = Annotated[
    Path, typer.Option("--local", envvar="HUIYIN_LOCAL", help="The folder of `make run`.")
]
OfficesFolder = Annotated[
    Path, typer.Option("--offices", envvar="HUIYIN_OFFICES_DIR", help="The folder of the rulebooks.")
]
HERE: Final = Path(".local")
OFFICES: Final = Path("deploy/offices")


def fail(message: str, code: int = REFUSED) -> NoReturn:
    """End with a message and a code."""
    typer.echo(message, err=True)
    raise typer.Exit(code)


@dataclass(frozen=True)
class LocalStack:
    """The files of a local platform."""

    folder: Path

    @property
    def signing_key(self) -> Path:
        """The key that signs local tokens."""
        return self._existing("keys/tokens.private.jwk")

    @property
    def clock_file(self) -> Path:
        """Where the simulated office clock stands."""
        return self._existing(CLOCK_FILE)

    @property
    def urls(self) -> dict[str, str]:
        """Where each service is."""
        urls: dict[str, str] = json.loads(self._existing("services.json").read_text())
        return urls

    def _existing(self, name: str) -> Path:
        path = self.folder / name
        if not path.exists():
            fail(f"没有 {path}：请先运行 make run，或用 --local 指明目录 (run `make run` first)", NOT_HERE)
        return path


def offices(folder: Path) -> dict[str, OfficeFolder]:
    """The offices of a folder, or an error that names the key."""
    try:
        return dict(load_offices(folder))
    except WrongSetting as wrong:
        fail(str(wrong))


def office(folder: Path, name: str) -> OfficeFolder:
    """One office, or an error that names those there are."""
    found = offices(folder)
    if name not in found:
        fail(f"没有机构 {name}；可用：{'、'.join(found)} (no such office)")
    return found[name]
