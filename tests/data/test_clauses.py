"""The ids the measure knows are those of the rules beside the project, with their offices and owners."""

import csv
import re
from pathlib import Path
from typing import Final

import pytest

from tests.clauses.lines import Line, read_lines

RULES: Final = Path(__file__).parents[3] / "shared" / "rulebook"
_EDGE: Final = re.compile(r"^- (E-\d+) \| [^|]* \| (\w+) \|", re.MULTILINE)
_REST: Final = re.compile(r"^- ((?:X|XI|V|TV|P)-\w+) \|", re.MULTILINE)


@pytest.mark.data
def test_the_lines_are_those_of_the_rules() -> None:
    with (RULES / "clauses.csv").open(encoding="utf-8", newline="") as rows:
        clauses = [
            Line(row["id"], row["office"], row["owner"], tuple(filter(None, row["also"].split("+"))))
            for row in csv.DictReader(rows)
        ]
    edges = (RULES / "edge-cases.md").read_text(encoding="utf-8")
    offices = (RULES / "offices.md").read_text(encoding="utf-8")
    found = [
        *clauses,
        *(Line(an_id, "", owner, ()) for an_id, owner in _EDGE.findall(edges)),
        *(Line(an_id, "", "", ()) for an_id in _REST.findall(offices) + _REST.findall(edges)),
    ]
    assert list(read_lines().values()) == found
