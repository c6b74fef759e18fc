"""Learning from the office's decisions, and proposing a category while somebody types."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from huiyin.chassis.mongo import Doc
from huiyin.chassis.steps import Actor
from services.intake.domain import suggestion
from services.intake.domain.case import Case
from services.intake.domain.suggestion import Lesson
from services.intake.store.learning import sums_of
from services.intake.use_cases.house import House

#: So that learning never takes the store from those who register: each case changes a hundred counts.
_AT_ONCE: Final = 20
#: A plan is one document: so many pairs of characters, and those of one more case, are far from its limit.
_PLANNED: Final = 20_000

#: A matter among those of all cases → its office, what was learnt, what is to be.
_Lessons = dict[str, tuple[str, Lesson | None, Lesson | None]]


def learn(house: House) -> int:
    """Take up what cases said since; returns how many cases were looked at. One worker at a time."""
    if not house.learner.hold():
        return 0
    house.learning.begin(house.cases.collection, house.base.machine_clock.now())
    house.learning.apply()
    waiting = house.learning.waiting(_AT_ONCE)
    records = house.cases.load([row["_id"] for row in waiting])
    cases = {number: record.state for number, record in records.items()}
    for rows in _planned(waiting, cases):
        _learn(house, rows, [cases[row["_id"]] for row in rows if row["_id"] in cases])
    return len(waiting)


def suggest(house: House, text: str, who: Actor) -> list[Mapping[str, Any]]:
    """At most five categories of the office's catalogue for a text, with the reasons; a person decides."""
    book = house.base.rulebooks.office(who.office).rulebook
    names = {category: one.name for category, one in book.categories.items()}
    learnt = house.learning.learnt(who.office, suggestion.asked(text))
    found = suggestion.suggest(text, learnt, names)
    return [{"name": names[one.category], **_shown(one)} for one in found]


def _planned(waiting: Sequence[Doc], cases: Mapping[str, Case]) -> Iterator[list[Doc]]:
    """As many of those who wait as go into one plan: what they share is counted once."""
    rows, pairs = list[Doc](), 0
    for row in waiting:
        rows.append(row)
        case = cases.get(row["_id"])
        pairs += sum(len(matter.text) for matter in case.matters) if case else 0
        if pairs >= _PLANNED:
            yield rows
            rows, pairs = [], 0
    if rows:
        yield rows


def _learn(house: House, waiting: Sequence[Doc], cases: list[Case]) -> None:
    changed = _changed(house, cases)
    after = {key: (office, fresh) for key, (office, _, fresh) in changed.items()}
    house.learning.plan(_counted(changed), after, waiting)
    house.learning.apply()


def _changed(house: House, cases: list[Case]) -> _Lessons:
    fresh = {f"{c.number}#{m.id}": (c, suggestion.lesson_of(c, m)) for c in cases for m in c.matters}
    held = house.learning.lessons(sorted(fresh))
    return {
        key: (case.office, held.get(key), lesson)
        for key, (case, lesson) in fresh.items()
        if held.get(key) != lesson
    }


def _counted(lessons: _Lessons) -> Mapping[tuple[str, str], Mapping[str, int]]:
    """What these lessons change in the counts, pair by pair, and in each office's sums."""
    changes: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for office, before, after in lessons.values():
        for gram, category, by in suggestion.change(before, after):
            changes[office, gram][f"n.{category}"] += by
            changes[sums_of(office)][f"n.{category}"] += by
        for category, by in _decisions(before, after):
            changes[sums_of(office)][f"decisions.{category}"] += by
    return changes


def _decisions(before: Lesson | None, after: Lesson | None) -> Iterator[tuple[str, int]]:
    for lesson, by in ((before, -1), (after, 1)):
        if lesson is not None:
            yield lesson.category, by


def _shown(one: suggestion.Suggestion) -> Mapping[str, Any]:
    return {
        "category": one.category,
        "score": one.score,
        "why": {
            "catalogue_words": list(one.catalogue_words),
            "decisions": one.decisions,
            "words": list(one.words),
        },
    }
