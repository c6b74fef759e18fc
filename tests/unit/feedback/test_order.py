"""Shuffled, repeated and delayed messages end in the same state.

A message may be heard at any time after what causes it, as often as the bus likes. Staff act
as soon as they can. Whatever the order, the echo ends the same.
"""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.chassis.calendar import WorkingCalendar
from huiyin.chassis.errors import NotYet, Refusal
from huiyin.chassis.fold import Heard
from huiyin.chassis.rulebook import Rulebook
from huiyin.contracts import events as e
from huiyin.contracts.envelope import Envelope, dump
from services.feedback.domain import evaluation, telling
from services.feedback.domain.echo import Echo
from services.feedback.use_cases import handlers
from tests.unit.feedback.given import (
    AT,
    HOUR,
    call,
    completed,
    concluded,
    delivered,
    failed,
    raised,
    registered,
    says,
    upheld,
)

Act = Callable[[Echo, Rulebook, WorkingCalendar], Echo]
Item = e.Event | str

ACTS: Mapping[str, Act] = {
    "call": lambda echo, book, _: evaluation.attempt(echo, call(), book)[0],
    "tell": lambda echo, _book, _: telling.tell(echo, "call", AT)[0],
    "like": lambda echo, book, calendar: evaluation.evaluate(echo, says(True), book, calendar)[0],
    "dislike": lambda echo, book, calendar: evaluation.evaluate(echo, says(False), book, calendar)[0],
    "tell again": lambda echo, _book, _: telling.tell(echo, "call", AT + HOUR)[0],
}

#: Every item with what it needs to have happened before it can be sent or done.
STORIES: Mapping[str, list[tuple[Item, tuple[Item, ...]]]] = {
    "a bad result is handled again and then liked": [
        (registered(), ()),
        (completed(1), ()),
        ("call", (completed(1),)),
        (delivered("echo-result:1:p1"), ("call",)),
        ("dislike", (delivered("echo-result:1:p1"),)),
        (raised(2), ("dislike",)),
        (failed("echo-result:1:p1"), ("call",)),
        (completed(2), ()),
        ("tell again", (raised(2), completed(2))),
        (delivered("echo-result:2:p1", "sms"), ("tell again",)),
        ("like", (delivered("echo-result:2:p1", "sms"),)),
        (concluded("echoed", 2), ("like",)),
    ],
    "a bad result is upheld": [
        (registered(), ()),
        (completed(1), ()),
        ("tell", (completed(1),)),
        ("dislike", ("tell",)),
        (failed(), ("tell",)),
        (upheld(1), ("dislike",)),
        (delivered("echo-upheld:1:p1"), (upheld(1),)),
        (concluded("echoed", 1), (upheld(1),)),
    ],
    "a case is withdrawn in its second round, whatever was under way": [
        (registered(), ()),
        (completed(1), ()),
        (raised(2), ()),
        (delivered("echo-result:1:p1"), ()),
        (completed(2), ()),
        (delivered("echo-result:2:p1"), ()),
        (failed("echo-result:2:p1"), ()),
        (concluded("withdrawn", 2), ()),
    ],
    "a round is raised while the first is under way": [
        (registered(), ()),
        (completed(1), ()),
        (raised(2), ()),
        (raised(3), ()),
        (delivered("echo-result:1:p1"), ()),
        (completed(2), ()),
        (completed(3), ()),
        (delivered("echo-result:3:p1"), ()),
    ],
}


class Run:
    """One run of a story: what has happened, what waits, where the echo stands."""

    def __init__(self, book: Rulebook, calendar: WorkingCalendar) -> None:
        base: Any = SimpleNamespace(rulebooks=SimpleNamespace(version=lambda _: book))
        self.handlers = handlers(base)
        self.book, self.calendar = book, calendar
        self.echo: Echo | None = None
        self.waiting: list[e.Event] = []
        self.done: list[Item] = []

    def happen(self, item: Item) -> None:
        if isinstance(item, str):
            assert self.echo is not None
            self.echo = ACTS[item](self.echo, self.book, self.calendar)
            self.done.append(item)
        else:
            self.hear(item)

    def hear(self, event: e.Event) -> None:
        try:
            self.echo = self.handlers[event.type](self.echo, heard(event))[0]
        except NotYet:
            self.waiting.append(event)
            return
        if event not in self.done:
            self.done.append(event)
        waiting, self.waiting = self.waiting, []
        for early in waiting:
            self.hear(early)


def heard(event: e.Event) -> Heard:
    envelope = Envelope(
        id="1",
        source="intake",
        type=event.type,
        subject="SZ20260605D00001",
        time=AT,
        office="mayors-line",
        sequence=1,
        correlationid="c",
        causationid="c",
        data=dump(event),
    )
    return Heard(envelope, envelope.event(), 0)


def ended(run: Run, story: list[tuple[Item, tuple[Item, ...]]], pick: Callable[[int], int]) -> Echo | None:
    """Run the story in the order the picks give; heard ones come again whenever picked again."""
    left = list(story)
    while left:
        ready = [entry for entry in left if all(need in run.done for need in entry[1])]
        assert ready, f"stuck with {left}, waiting {run.waiting}"
        again = [item for item in run.done if not isinstance(item, str)]
        n = pick(len(ready) + len(again))
        if n >= len(ready):
            run.happen(again[n - len(ready)])
            continue
        item, _ = ready[n]
        try:
            run.happen(item)
        except Refusal:
            continue  # the desk tries again when more was heard
        left.remove(ready[n])
    assert not run.waiting
    return run.echo


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(sorted(STORIES)), data=st.data())
def test_shuffled_repeated_and_delayed_messages_end_in_the_same_state(
    books: dict[str, Rulebook], calendar: WorkingCalendar, name: str, data: st.DataObject
) -> None:
    book, story = books["mayors-line"], STORIES[name]
    straight = ended(Run(book, calendar), story, lambda _: 0)
    picks = data.draw(st.lists(st.integers(0, 30), max_size=40)) + [0] * 40

    def pick(choices: int) -> int:
        return picks.pop(0) % choices if picks else 0

    assert ended(Run(book, calendar), story, pick) == straight
