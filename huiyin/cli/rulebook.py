"""`huiyin rulebook`: show an office's rules, and check the files."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from huiyin.chassis.rulebook import Term
from huiyin.chassis.rulebook.shape import keys, unread_keys
from huiyin.cli.local import OFFICES, OfficesFolder
from huiyin.cli.local import office as one_office
from huiyin.cli.local import offices as all_offices

app = typer.Typer(help="Show and check the offices' rulebooks.", no_args_is_help=True)
_LONGEST_KEY = max(len(key) for key in keys())


@app.command()
def show(office: str, offices: OfficesFolder = OFFICES) -> None:
    """Every rule of an office, who reads it, and the keys that no code reads yet."""
    book = one_office(offices, office).rulebook
    console = Console()
    console.print(
        f"[bold]{book.office.name}[/] {book.office.name_en}  《{book.office.rules}》  {book.hash[:12]}"
    )
    table = Table(box=None, header_style="dim", pad_edge=False)
    table.add_column("规则 key", no_wrap=True, min_width=_LONGEST_KEY)
    table.add_column("值 value")
    table.add_column("读者 read by")
    for key, readers in keys().items():
        value = _value(book, key)
        table.add_row(key, _words(value), ", ".join(readers) or "[yellow]尚无 no code yet[/]")
    console.print(table)
    console.print(
        f"[yellow]尚无代码读取 (no code reads yet):[/] {', '.join(unread_keys()) or '无'}", highlight=False
    )


@app.command()
def check(offices: OfficesFolder = OFFICES) -> None:
    """Check all offices' files; the error names the file and the key."""
    for name, folder in all_offices(offices).items():
        book = folder.rulebook
        counts = f"{len(folder.units)} units, {len(folder.people)} people, {len(book.catalogue)} entries"
        typer.echo(f"{name}: 无误 (good), {counts}, {book.hash[:12]}")


def _value(book: Any, key: str) -> Any:
    for name in key.split("."):
        book = getattr(book, name)
    return book


def _words(value: Any) -> str:
    if isinstance(value, Term):
        return f"{value.amount} {value.unit}"
    if is_dataclass(value) and not isinstance(value, type):
        return "; ".join(f"{f.name}={_words(getattr(value, f.name))}" for f in fields(value))
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_brief(inner)}" for name, inner in value.items()) or "—"
    if isinstance(value, tuple | list | frozenset):
        return ", ".join(_brief(inner) for inner in value) or "—"
    return "—" if value is None else str(value)


def _brief(value: Any) -> str:
    """What stands in a list: a rule with a name or an id shows only that."""
    for name in ("name", "id", "kind", "role"):
        if hasattr(value, name):
            return str(getattr(value, name))
    return _words(value)
