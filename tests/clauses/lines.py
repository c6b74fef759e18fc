"""The lines that are to be shown: ids, whose they are, and which were judged impossible.

`lines.csv` holds the ids alone, not the words: 278 clauses of five offices (S), the edge cases (E),
what differs between the offices (X) and inside one (XI), words without numbers (V), the rulebooks'
values (P) and the deadline vectors (TV). The silences (G) demand nothing, so they are not here.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

FOLDER: Final = Path(__file__).parent
OFFICES: Final = ("petition-office", "county-hotline", "community-centre", "city-hotline", "mayors-line")
SERVICES: Final = ("intake", "dispatch", "supervision", "feedback", "notify")
EVERYBODY: Final = "all"


@dataclass(frozen=True)
class Line:
    """One testable line; without an office it holds in any, without an owner it is the rulebooks'.

    `also` names the services that hold a part of it beside the owner.
    """

    id: str
    office: str
    owner: str
    also: tuple[str, ...]

    @property
    def group(self) -> str:
        """Where it is printed: its office and service, or the kind of line it is."""
        if self.office:
            return f"{self.office} · {self.owner}"
        return f"edge cases · {self.owner}" if self.owner else "rulebooks"


def read_lines(path: Path = FOLDER / "lines.csv") -> dict[str, Line]:
    """All lines by id, in the order of the file."""
    with path.open(encoding="utf-8", newline="") as rows:
        found = [
            Line(row["id"], row["office"], row["owner"], tuple(filter(None, row["also"].split("+"))))
            for row in csv.DictReader(rows)
        ]
    return {line.id: line for line in found}


def read_impossible(path: Path = FOLDER / "impossible.yaml") -> Mapping[str, str]:
    """The reason by the id of each line that was judged impossible to meet."""
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {}
