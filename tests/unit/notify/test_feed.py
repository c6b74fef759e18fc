"""What a department's feed is told of a case, in whatever order things are heard."""

from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from huiyin.contracts import events as e
from huiyin.contracts.circle import Circle, MatterCircle
from huiyin.contracts.feeds import LINES
from services.notify.domain import feed
from services.notify.domain.correspondence import Correspondence
from services.notify.domain.notices import Notice
from tests.unit.notify.given import NOON, case

UNIT = "zhonggu"
ROAD = e.Matter(id="m1", kind="complaint", category="municipal/road", area="990101", place="石桥")
NOISE = e.Matter(id="m2", kind="complaint", category="noise", area="990102")


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def begun() -> Correspondence:
    return replace(case(), matters=(ROAD, NOISE))


def given(order: str = "m1-1", unit: str = UNIT) -> e.OrderDispatched:
    return e.OrderDispatched(
        order=order,
        matter=order.partition("-")[0],
        unit=unit,
        role="lead",
        round=1,
        ground="by_person",
        entry="entry-7",
        dispatched_at=NOON,
    )


def dated(due: date = date(2026, 6, 26), order: str = "m1-1") -> e.DeadlineSet:
    return e.DeadlineSet(
        clock=order, order=order, due_on=due, due_at=NOON, provisional=False, reason="started", unit=UNIT
    )


def recalled(order: str = "m1-1") -> e.OrderRecalled:
    return e.OrderRecalled(order=order, unit=UNIT, recalled_at=NOON)


def concluded() -> e.CaseConcluded:
    return e.CaseConcluded(outcome="echoed", round=1, concluded_at=NOON)


def notice(event: Any, minutes: int = 0, heard: int = 1) -> Notice:
    unit = getattr(event, "unit", "")
    order = getattr(event, "order", "")
    name = LINES[event.type].name
    return Notice(
        id=f"{name}-{order}-{heard}", unit=unit, type=name, order=order, at=at(minutes), heard=heard, data={}
    )


def hear(state: Correspondence, event: Any, minutes: int = 0, heard: int = 1) -> Correspondence:
    if isinstance(event, e.CaseConcluded):
        return feed.conclude(state, event, notice(event, minutes, heard))
    if isinstance(event, e.OrderReturned):
        return feed.end_order(state, event.order, at(minutes))
    return feed.note(state, event, notice(event, minutes, heard))


def say(state: Correspondence, unit: str = UNIT) -> tuple[Correspondence, list[str]]:
    """What is said now, and the case after it."""
    due = feed.tellable(state, unit)
    first = feed.last_number(state, unit) + 1
    numbers = {n.id: i for i, n in enumerate(due, start=first)}
    return feed.told(state, numbers, unit), [n.type for n in due]


def test_a_line_says_the_order_its_matter_and_dates_and_not_why_this_unit() -> None:
    (line,) = feed.tellable(hear(begun(), given()), UNIT)
    matter = {
        "id": "m1",
        "kind": "complaint",
        "category": "municipal/road",
        "area": "990101",
        "place": "石桥",
    }
    assert line.data == {
        "order": "m1-1",
        "matter": matter,
        "role": "lead",
        "round": 1,
        "dispatched_at": NOON.isoformat(),
    }


def test_no_line_holds_what_could_be_text_or_staff_or_the_ground_of_a_choice() -> None:
    travels = {name for line in LINES.values() for name in line.fields}
    assert travels.isdisjoint({"unit", "ground", "entry", "digest", "leader", "text_of", "params", "clock"})
    for line in LINES.values():
        assert set(line.fields) <= {field.name for field in fields(line.event)}


def test_nothing_is_told_twice_and_numbers_go_on() -> None:
    state, _ = say(hear(begun(), given()))
    state, said = say(hear(state, dated(), 1, 5))
    assert said == ["deadline.set"]
    assert feed.tellable(state, UNIT) == []
    assert [(n.type, n.n) for n in state.notices] == [("order.given", 1), ("deadline.set", 2)]


def test_a_unit_is_told_nothing_of_anothers_order() -> None:
    state = hear(hear(begun(), given()), given("m2-1", "police"))
    assert [n.order for n in feed.tellable(state, UNIT)] == ["m1-1"]
    assert feed.units_to_tell(state) == ["police", UNIT]


def test_of_an_order_it_was_not_given_in_its_feed_a_unit_is_told_nothing() -> None:
    state = hear(hear(begun(), dated()), concluded(), 9)
    assert feed.tellable(state, UNIT) == []
    assert say(hear(state, given()))[1] == ["order.given", "deadline.set", "case.concluded"]


def test_in_whatever_order_it_is_heard_it_is_told_in_one() -> None:
    events = [(given(), 0, 1), (dated(), 0, 1), (dated(date(2026, 7, 1)), 5, 2), (concluded(), 9, 3)]
    for order in permutations(events):
        state = begun()
        for event in order:
            state = hear(state, *event)
        state, said = say(state)
        assert said == ["order.given", "deadline.set", "case.concluded"]
        (date_told,) = [n for n in state.notices if n.type == "deadline.set" and n.n]
        assert date_told.data["due_on"] == "2026-07-01"


def test_an_older_date_heard_after_a_newer_one_is_not_told() -> None:
    state, _ = say(hear(hear(begun(), given()), dated(date(2026, 7, 1)), 5, 2))
    assert say(hear(state, dated(), 0, 1))[1] == []


def test_the_dates_of_two_orders_do_not_replace_each_other() -> None:
    state = hear(hear(begun(), given()), given("m2-1"), 0, 2)
    state = hear(hear(state, dated(), 1, 3), dated(order="m2-1"), 1, 4)
    assert say(state)[1] == ["order.given", "order.given", "deadline.set", "deadline.set"]


# -- behind a wall -------------------------------------------------------------------------------


@pytest.mark.clause("S0-35", "S2-26", "S2-58")
@pytest.mark.parametrize(
    "shut",
    [
        {"accused_units": (UNIT,)},
        {"accused": ("ml-unit-zhonggu-head",)},
        {"accused_units": ("city_government",)},  # a unit above
        {"accused_units": ("police",)},  # what accuses another is for the head there alone
        {"accusing": True},
        {"recused_units": (UNIT,)},
    ],
)
def test_behind_a_wall_a_feed_is_told_nothing_but_of_the_open_matter(shut: dict[str, Any]) -> None:
    state = hear(hear(begun(), given()), given("m2-1"), 0, 2)
    state = hear(hear(hear(state, dated(), 1, 3), dated(order="m2-1"), 1, 4), concluded(), 9, 5)
    walled = replace(state, circle=Circle(matters=(MatterCircle(matter="m1", **shut),)))
    assert [(n.type, n.order) for n in feed.tellable(walled, UNIT)] == [
        ("order.given", "m2-1"),
        ("deadline.set", "m2-1"),
        ("case.concluded", ""),
    ]
    alone = hear(hear(hear(begun(), given()), dated(), 1, 3), concluded(), 9, 5)
    assert feed.units_to_tell(replace(alone, circle=walled.circle)) == []


@pytest.mark.clause("S2-89", "S1-34")
@pytest.mark.parametrize("open_to_it", [{"recused_units": ("police",)}, {"confidential": True}])
def test_a_wall_that_is_not_a_units_own_leaves_its_feed_as_it_was(open_to_it: dict[str, Any]) -> None:
    state = replace(hear(begun(), given()), circle=Circle(matters=(MatterCircle(matter="m1", **open_to_it),)))
    assert say(state)[1] == ["order.given"]


@pytest.mark.clause("E-73")
def test_of_an_order_told_before_the_wall_only_its_recall_is_told_afterwards() -> None:
    state, _ = say(hear(begun(), given()))
    walled = replace(state, circle=Circle(matters=(MatterCircle(matter="m1", accused_units=(UNIT,)),)))
    assert say(hear(walled, dated(), 1, 3))[1] == []
    assert say(hear(hear(walled, recalled(), 2, 4), concluded(), 9, 5))[1] == ["order.recalled"]


def test_after_a_recall_only_the_recall_is_told() -> None:
    state, _ = say(hear(begun(), given()))
    state = hear(hear(state, dated(), 1, 5), recalled(), 2, 2)
    assert say(state)[1] == ["order.recalled"]
    assert say(say(hear(state, dated(date(2026, 7, 9)), 3, 6))[0])[1] == []


def test_a_recall_before_the_order_was_told_leaves_no_sign_of_the_case() -> None:
    state = hear(hear(begun(), given()), recalled(), 1, 2)
    assert feed.units_to_tell(state) == []
    assert feed.units_to_tell(hear(state, concluded(), 9, 3)) == []
    other_way = hear(hear(begun(), recalled(), 1, 2), given())
    assert feed.units_to_tell(other_way) == []


def test_an_order_told_while_its_recall_was_heard_is_recalled_after_all() -> None:
    before = hear(begun(), given())
    recalled_meanwhile = hear(before, recalled(), 1, 2)
    numbers = {n.id: 1 for n in feed.tellable(before, UNIT)}
    assert say(feed.told(recalled_meanwhile, numbers, UNIT))[1] == ["order.recalled"]


@pytest.mark.parametrize("ending", [recalled(), e.OrderReturned(order="m1-1", unit=UNIT, returned_at=NOON)])
def test_who_has_the_order_no_more_does_not_learn_how_the_case_ended(ending: Any) -> None:
    state, _ = say(hear(begun(), given()))
    state, _ = say(hear(state, ending, 1, 2))
    assert say(hear(state, concluded(), 9, 3))[1] == []


def test_who_had_the_order_until_the_end_learns_of_it_whichever_is_heard_first() -> None:
    before, _ = say(hear(begun(), given()))
    first = hear(hear(before, concluded(), 5, 3), recalled(), 6, 2)
    second = hear(hear(before, recalled(), 6, 2), concluded(), 5, 3)
    assert say(first)[1] == say(second)[1] == ["case.concluded", "order.recalled"]


def test_who_was_told_nothing_of_an_order_recalled_at_the_end_is_told_nothing_at_all() -> None:
    state = hear(hear(hear(begun(), given()), concluded(), 5, 3), recalled(), 6, 2)
    assert feed.units_to_tell(state) == []


def test_with_two_orders_the_recall_of_one_leaves_the_other() -> None:
    state, _ = say(hear(hear(begun(), given()), given("m2-1"), 0, 2))
    state = hear(hear(state, recalled(), 1, 3), dated(order="m2-1"), 2, 9)
    assert say(state)[1] == ["order.recalled", "deadline.set"]
