"""Search in the knowledge base on real texts: it finds what reading every one of them finds."""

# ruff: noqa: F811 - a fixture of another module is named by who asks for it

import csv
import random
from datetime import date
from time import perf_counter

import pytest

from huiyin.chassis.steps import Actor, Cause
from services.intake.domain import ngrams
from services.intake.domain.knowledge import Entry, Version, Wording, subject_of
from services.intake.use_cases import reading_up
from tests.data.conftest import DATA
from tests.integration.test_intake import Stand, stand  # noqa: F401  the fixture

pytestmark = pytest.mark.data

ENTRIES, TERMS = 1_000, 100
KEEPER = Actor(subject="ml-rulebook-1", role="rulebook", office="mayors-line")


def test_any_word_finds_what_reading_every_text_finds(stand: Stand) -> None:
    texts = _fill(stand)
    chance, spent = random.Random(5), []
    for _ in range(TERMS):
        text = chance.choice(list(texts.values())).replace(" ", "")
        at = chance.randrange(len(text) - 4)
        asked = text[at : at + chance.randint(2, 4)]
        read = {entry for entry, one in texts.items() if asked in one}
        began = perf_counter()
        found = reading_up.search(stand.house, KEEPER, reading_up.Asked(q=asked), 0, ENTRIES)
        spent.append((perf_counter() - began) * 1000)
        exact = set() if found["near"] else {row["entry"] for row in found["entries"]}
        assert exact == read, asked
    spent.sort()
    print(f"{len(texts)} entries: p50 {spent[len(spent) // 2]:.1f} ms, p99 {spent[int(TERMS * 0.99)]:.1f} ms")


def _fill(stand: Stand) -> dict[str, str]:
    with (DATA / "replies.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if len(row["reply"]) > 10][:ENTRIES]
    texts = {}
    for row in rows:
        entry = f"reply-{row['id']}".lower()
        wording = Wording(
            title=row["subject"][:200],
            text=row["reply"],
            kind="faq",
            audience="public",
            valid_from=date(2024, 1, 1),
        )
        version = Version(n=1, wording=wording, by="x", at=stand.house.now(), why="", ask_at=None)
        state = Entry(id=entry, office="mayors-line", owner="police", versions=(version,))
        cause = Cause(id=entry, kind="request", who=KEEPER, correlation="c")
        key = subject_of("mayors-line", entry)
        stand.house.entries.create(key, (state, []), cause=cause, what="write", answer={})
        texts[entry] = ngrams.plain(wording.searched)
    return texts
