"""What the redactor cuts of real texts by itself, each mark read in its text and judged.

The texts are private: `judged.csv` knows each by a digest, and each mark by its kind and place.
"""

import csv
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, Literal, cast

from services.intake.domain.redaction import find

#: A mark: its kind, where it begins, where it ends.
Own = tuple[str, int, int]
#: Somebody's, whoever that is; what it is called, but of an office or a firm; neither.
Verdict = Literal["person", "office", "wrong"]

FILE: Final = Path(__file__).with_name("judged.csv")


class Judged:
    """The verdicts on a text's own marks."""

    def __init__(self, verdicts: Mapping[str, Mapping[Own, Verdict]]) -> None:
        self._verdicts = verdicts

    def of(self, text: str) -> dict[Own, Verdict]:
        """What was judged in this text, by mark."""
        return dict(self._verdicts.get(digest(text), {}))

    def counted(self, texts: Iterable[str]) -> Counter[str]:
        """How many marks the redactor makes in the texts as they are, by verdict; `unjudged` is news."""
        marks = ((self.of(text), cut) for text in texts for cut in find(text))
        return Counter(own.get((cut.mark, cut.start, cut.end), "unjudged") for own, cut in marks)


def read() -> Judged:
    """The verdicts that are kept."""
    verdicts: dict[str, dict[Own, Verdict]] = defaultdict(dict)
    with FILE.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            mark = (row["mark"], int(row["start"]), int(row["end"]))
            verdicts[row["text"]][mark] = cast(Verdict, row["verdict"])
    return Judged(verdicts)


def digest(text: str) -> str:
    """By which a text is known without its words."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
