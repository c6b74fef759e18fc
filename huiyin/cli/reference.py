"""Writes docs/commands.md from the commands themselves, so that the page cannot say other than they.

`python -m huiyin.cli.reference` writes the page; `--check` only tells whether it is stale.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from typer.core import TyperGroup

from huiyin.cli.lazy import LazyCommand, Place
from huiyin.cli.main import COMMANDS

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = Path("docs/commands.md")
_HEAD: Final = """<!-- Written by `python -m huiyin.cli.reference` from huiyin/cli; do not edit. -->

# 命令 · Commands

Every command of `huiyin` with its options, as `huiyin COMMAND --help` tells them. Examples, exit codes
and how the platform is reached: [the command line](cli.md). Every command has `--json` and `--help`."""
_EVERYWHERE: Final = {"--json", "--help"}


def commands(places: Mapping[str, Place] = COMMANDS) -> Iterator[tuple[str, Any]]:
    """Every command that can be run, by its words."""
    for name, place in places.items():
        real = LazyCommand(name, place).real()
        if isinstance(real, TyperGroup):
            yield from ((f"{name} {below}", one) for below, one in real.commands.items())
        else:
            yield name, real


def page() -> str:
    """The whole page."""
    return "\n\n".join([_HEAD, *(part for entry in commands() for part in _command(*entry))]) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write the page, or with --check tell whether it is stale; 1 when it is."""
    if "--check" not in arguments:
        (ROOT / PAGE).write_text(page(), encoding="utf-8")
        return 0
    if (ROOT / PAGE).read_text(encoding="utf-8") == page():
        return 0
    print(f"{PAGE} is stale: run python -m huiyin.cli.reference")
    return 1


def _command(words: str, command: Any) -> Iterator[str]:
    given = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if not _EVERYWHERE & set(p.opts) and p not in given]
    usage = " ".join(["huiyin", words, *(_argument(p) for p in given)])
    yield f"## {words}"
    yield f"`{usage}`"
    yield str(command.help)
    rows = [(_argument(p), p.help or "", "") for p in given]
    rows += [(", ".join(p.opts), p.help or "", _default(p)) for p in options]
    if rows:
        yield _table(rows)


def _argument(parameter: Any) -> str:
    name = parameter.name.upper()
    return name if parameter.required else f"[{name}]"


def _default(parameter: Any) -> str:
    variable = f"`{parameter.envvar}`, " if parameter.envvar else ""
    if parameter.required:
        return f"{variable}required"
    value = parameter.default
    return f"{variable}`{value}`" if value not in (None, "", False, []) else variable.removesuffix(", ")


def _table(rows: Sequence[tuple[str, str, str]]) -> str:
    lines = [f"| `{name}` | {about} | {default} |" for name, about, default in rows]
    return "\n".join(["| option 选项 | meaning 含义 | default 默认 |", "|---|---|---|", *lines])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
