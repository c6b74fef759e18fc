"""How much of planted incidents the finder finds among real messages, and how much else it proposes."""

import csv
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from time import perf_counter
from typing import Final

from services.intake.domain.case import Case
from services.intake.use_cases.house import House
from services.intake.use_cases.likeness import alike, known
from tests.likeness.laying import OFFICE, Text, lay_down
from tests.likeness.planting import plant
from tests.likeness.topics import Topic

MESSAGES: Final = Path(__file__).parents[3] / "shared" / "data" / "messages.csv"
_SHANGHAI: Final = timezone(timedelta(hours=8))
AMOUNT: Final = 30
#: All who speak of one incident do so within so many minutes.
_WITHIN: Final = 60 * 48


@dataclass(frozen=True)
class Figures:
    """What was found of one planting; times in milliseconds a case."""

    found: dict[str, tuple[float, float]]
    precision: float
    recall: float
    median_ms: float
    worst_ms: float


def messages() -> list[Text]:
    """The real messages, subject and body, in their order of time."""
    with MESSAGES.open(encoding="utf-8-sig", newline="") as rows:
        texts = [
            Text(f"{row['subject']}\n{row['body']}", _moment(row["submitted_at"]))
            for row in csv.DictReader(rows)
        ]
    return sorted(texts, key=lambda text: text.at)


def planted(real: Sequence[Text], topics: Sequence[Topic], seed: int) -> list[Text]:
    """An incident of each topic, each within two days that lie anywhere among the real messages."""
    chance = random.Random(seed)
    told = []
    for incident in plant(topics, AMOUNT, seed):
        begin = chance.choice(real).at
        told += [
            Text(one.text, begin + timedelta(minutes=chance.randint(0, _WITHIN)), one.incident)
            for one in incident
        ]
    return told


def lay_real(house: House) -> list[Case]:
    """The real messages in the store; how rare a pair of characters is is counted on them alone."""
    cases = lay_down(house, messages())
    house.likenesses.count(OFFICE, house.base.machine_clock.now())
    return cases


def measure(house: House, real: Sequence[Case], texts: Sequence[Text]) -> Figures:
    """Plant texts among the real messages; each case is compared with those that came before it.

    A person is played who accepts every proposal: what is proposed together ends as one incident.
    """
    added = lay_down(house, texts, first=len(real) + 1)
    incident = {case.number: "" for case in real}
    incident |= {case.number: text.incident for case, text in zip(added, texts, strict=True)}
    within = timedelta(days=house.base.rulebooks.office(OFFICE).rulebook.incident.window.amount)
    proposed, times = _proposed(house, _near(real, added, within))
    house.cases.collection.delete_many({"number": {"$in": [case.number for case in added]}})
    groups = _groups(proposed, incident)
    names = sorted({text.incident for text in texts})
    return Figures(
        found={name: _of_incident(name, groups, incident) for name in names},
        precision=_precision(proposed, incident),
        recall=_recall(proposed, incident),
        median_ms=sorted(times)[len(times) // 2],
        worst_ms=max(times),
    )


def _near(real: Sequence[Case], added: Sequence[Case], within: timedelta) -> list[Case]:
    """The planted cases and the real ones that could be taken for one of theirs, in their order of time."""
    moments = sorted(case.received_at for case in added)
    close = [case for case in real if any(abs(case.received_at - at) <= within for at in moments)]
    return sorted([*close, *added], key=lambda case: case.received_at)


def _proposed(house: House, cases: Sequence[Case]) -> tuple[dict[str, list[str]], list[float]]:
    """What each case is proposed with, of the cases before it; and how long the looking took."""
    book = house.base.rulebooks.office(OFFICE).rulebook
    order = {case.number: n for n, case in enumerate(cases)}
    found, times = {}, []
    for n, case in enumerate(cases):
        begun = perf_counter()
        proposals = alike(house.likenesses, known(case), book)
        times.append((perf_counter() - begun) * 1000)
        found[case.number] = [one.other for one in proposals if order.get(one.other, n) < n]
    return found, times


def _precision(proposed: dict[str, list[str]], incident: dict[str, str]) -> float:
    """Of the proposals in which a planted case takes part, how many are of one incident."""
    pairs = [
        (incident[number], incident[other])
        for number, others in proposed.items()
        for other in others
        if incident[number] or incident[other]
    ]
    return sum(one == other for one, other in pairs) / len(pairs)


def _recall(proposed: dict[str, list[str]], incident: dict[str, str]) -> float:
    """Of the planted cases that were not the first of theirs, how many were proposed with one of theirs."""
    seen: set[str] = set()
    hits = []
    for number, others in proposed.items():
        name = incident[number]
        if name in seen:
            hits.append(any(incident[other] == name for other in others))
        seen.add(name or number)
    return sum(hits) / len(hits)


def _groups(proposed: dict[str, list[str]], incident: dict[str, str]) -> dict[str, str]:
    """The group of each case when every proposal is accepted."""
    above = {number: number for number in incident}

    def top(number: str) -> str:
        while above[number] != number:
            number = above[number]
        return number

    for number, others in proposed.items():
        for other in others:
            above[top(number)] = top(other)
    return {number: top(number) for number in proposed}


def _of_incident(name: str, groups: dict[str, str], incident: dict[str, str]) -> tuple[float, float]:
    """Recall and precision of the group that holds most of an incident."""
    held = Counter(groups[number] for number, of in incident.items() if of == name)
    group, hits = held.most_common(1)[0]
    size = sum(of == group for of in groups.values())
    return hits / sum(held.values()), hits / size


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=_SHANGHAI)
