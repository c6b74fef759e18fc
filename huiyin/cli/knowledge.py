"""`huiyin knowledge import`: the entries of a YAML file into an office's knowledge base."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer

from huiyin.cli.ends import WRONG_USE, fail
from huiyin.cli.options import (
    FIRST_OFFICE,
    HERE,
    OFFICES,
    AsJson,
    LocalFolder,
    OfficeName,
    OfficesFolder,
    group,
)
from huiyin.cli.reaching import platform
from huiyin.cli.saying import say, table
from huiyin.client.knowledge import NotEntries, read_entries, write_entries

app = group("The knowledge base: write entries from a file.")

_COLUMNS: Final = {"entry": "条目 entry", "done": "结果 done", "why": "原因 why"}
_REFUSED: Final = 1


@app.callback()
def _knowledge() -> None:
    """The knowledge base: write entries from a file."""


@app.command("import")
def import_entries(
    file: Annotated[Path, typer.Argument(help="A YAML list of entries; see docs/knowledge.md.", exists=True)],
    office: OfficeName = FIRST_OFFICE,
    as_json: AsJson = False,
    local: LocalFolder = HERE,
    offices: OfficesFolder = OFFICES,
) -> None:
    """Write the entries of a file; what is there already stays as it is. Exit code 1 when one is refused."""
    try:
        entries = read_entries(file)
    except NotEntries as wrong:
        fail(str(wrong), WRONG_USE)
    with platform(local) as reached:
        keeper = reached.person("rulebook", office, offices=offices)
        rows = [asdict(one) for one in write_entries(keeper, entries)]
    say({"entries": rows}, as_json, table(_COLUMNS, rows))
    if any(row["done"] == "refused" for row in rows):
        raise typer.Exit(_REFUSED)
