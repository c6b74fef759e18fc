"""How a command answers: one JSON value for programs, or a table and lines for people."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import typer
from rich.console import Console, RenderableType
from rich.table import Table

_PIPED_WIDTH: Final = 160


def say(data: Any, as_json: bool, *people: RenderableType) -> None:
    """Answer with `data` as JSON, or with `people`: lines and tables for reading."""
    if as_json:
        typer.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))
        return
    width = None if sys.stdout.isatty() else _PIPED_WIDTH
    console = Console(width=width, markup=False, highlight=False, emoji=False)
    for part in people:
        if isinstance(part, str):
            typer.echo(part)
        else:
            console.print(part)


def table(columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]], title: str = "") -> RenderableType:
    """Rows as a plain table; `columns` gives each key's heading. No rows: 没有 (none)."""
    made = Table(*columns.values(), box=None, header_style="dim", pad_edge=False, title_justify="left")
    made.title = title or None
    for row in rows:
        made.add_row(*(_cell(row.get(key)) for key in columns))
    if not made.row_count:
        return f"{title} 没有 (none)".strip()
    return made


def pairs(data: Mapping[str, Any]) -> RenderableType:
    """Names and values, one a line."""
    made = Table.grid(padding=(0, 2))
    made.add_column(style="dim")
    for name, value in data.items():
        made.add_row(name, _cell(value))
    return made


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "是 yes" if value else "否 no"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(str, value)) or "—"
    return str(value)
