"""No list, total, count or search holds a case whose address answers 404: for random circles and askers.

The documents lie in the five services' own stores; circles, people and units are Hypothesis's choice.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pymongo.database import Database

from huiyin.chassis.errors import NotFound
from huiyin.chassis.rulebook import Person
from huiyin.chassis.steps import Actor
from huiyin.chassis.walls import may
from huiyin.contracts.circle import Circle, MatterCircle
from services.dispatch.use_cases import views as dispatch
from services.feedback import use_cases as feedback
from services.intake.domain.numbers import compose
from services.intake.use_cases import views as intake
from services.notify.use_cases import people as notify
from services.supervision.use_cases import views as supervision
from tests.integration.five_houses import AT, OFFICE, FiveHouses, five_houses
from tests.integration.laid_cases import clear, lay, states
from tests.unit.offices import folder

MATTERS: Final = ("m1", "m2", "m3")
PEOPLE: Final = ("ml-operator-1", "ml-leader-1", "ml-supervisor-2", "ml-records-1", "ml-callback-1")
UNITS: Final = ("duty_room", "city_government", "police")
PAGE: Final = 2

people = st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True).map(tuple)
units = st.lists(st.sampled_from(UNITS), max_size=1).map(tuple)
shut = st.builds(
    MatterCircle,
    matter=st.just(""),
    accusing=st.booleans(),
    accused=people,
    accused_units=units,
    recused=people,
    recused_units=units,
)


@st.composite
def circles(draw: st.DrawFn) -> tuple[tuple[str, ...], Circle]:
    """The matters of a case, and its circle."""
    matters = MATTERS[: draw(st.integers(1, 3))]
    drawn = (replace(draw(shut), matter=one) for one in matters)
    return matters, Circle(matters=tuple(one for one in drawn if one != MatterCircle(matter=one.matter)))


@pytest.fixture
def houses(
    database: Database[dict[str, Any]], mongo_url: str, amqp_url: str, tmp_path: Path
) -> Iterator[FiveHouses]:
    with five_houses(database, mongo_url, amqp_url, tmp_path) as made:
        yield made


@pytest.mark.clause("S0-35", "S2-58", "S2-89")
@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # to shrink on real stores takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    print_blob=True,
)
@given(drawn=st.lists(circles(), min_size=1, max_size=5), subject=st.sampled_from(PEOPLE))
def test_what_is_shown_listed_and_counted_is_the_same(
    houses: FiveHouses, drawn: list[tuple[tuple[str, ...], Circle]], subject: str
) -> None:
    numbers = [compose("SZ", "D", AT.date(), n) for n in range(1, len(drawn) + 1)]
    clear(houses)
    for number, (matters, circle) in zip(numbers, drawn, strict=True):
        lay(houses, number, states(number, matters, circle))
    who = _as_actor(folder(OFFICE).people[subject])
    _only_open_matters(houses, dict(zip(numbers, drawn, strict=True)), who)
    _same_in_intake(houses, numbers, who)
    _same_in_dispatch(houses, numbers, who)
    _same_in_supervision(houses, numbers, who)
    _same_in_feedback(houses, numbers, who)
    _same_in_notify(houses, numbers, who)


def _only_open_matters(houses: FiveHouses, drawn: dict[str, Any], who: Actor) -> None:
    """What each service shows is of the open matters, by the walls themselves, and of all of them."""
    house: Any = houses.houses
    open_ = {
        number: {m for m in matters if may(who, circle, m, folder(OFFICE), AT)}
        for number, (matters, circle) in drawn.items()
    }
    cases = _shown(list(drawn), lambda n: intake.show(house["intake"], n, who))
    handlings = _shown(list(drawn), lambda n: dispatch.handling(house["dispatch"], n, who))
    supervisions = _shown(list(drawn), lambda n: supervision.supervision(house["supervision"], n, who))
    echoes = _shown(list(drawn), lambda n: feedback.echo(house["feedback"], n, who))
    seen = {number: matters for number, matters in open_.items() if matters}
    assert {n: {m["id"] for m in shown["matters"]} for n, shown in cases.items()} == seen
    assert {n: {o.matter for o in shown.orders} for n, shown in handlings.items()} == seen
    assert {n: set(shown.gaps) for n, shown in handlings.items()} == {n: m & {"m1"} for n, m in seen.items()}
    assert {n: {c["matter"] for c in shown["clocks"]} for n, shown in supervisions.items()} == seen
    assert {n: {m.id for m in shown.matters} for n, shown in echoes.items()} == seen


def _same_in_intake(houses: FiveHouses, numbers: list[str], who: Actor) -> None:
    house: Any = houses.houses["intake"]
    shown = _shown(numbers, lambda n: intake.show(house, n, who))
    listed = _pages(lambda skip: intake.queue(house, intake.Wanted(who=who), skip, PAGE)["cases"])
    assert {row["number"] for row in listed} == set(shown)
    assert len(listed) == len(shown), "a page repeats or leaves out"
    assert intake.queue(house, intake.Wanted(who=who), 0, PAGE)["total"] == len(shown)
    assert sum(intake.counts(house, who).values()) == len(shown)
    whole = _shown(numbers, lambda n: intake.journal(house, n, who))
    assert intake.tally(house, who).get("order.accepted", 0) == len(whole)
    by_unit = intake.queue(house, intake.Wanted(who=who, unit="police"), 0, PAGE)["total"]
    assert by_unit == len(whole), "who has the orders speaks of all matters"
    for number in set(numbers) - set(shown):
        assert intake.queue(house, intake.Wanted(who=who, number=number), 0, PAGE)["total"] == 0


def _same_in_dispatch(houses: FiveHouses, numbers: list[str], who: Actor) -> None:
    house: Any = houses.houses["dispatch"]
    shown = _shown(numbers, lambda n: dispatch.handling(house, n, who))
    orders = Counter(order.unit for handling in shown.values() for order in handling.orders)
    assert dispatch.desk_counts(house, who, "accepted") == orders
    listed = _pages(lambda skip: dispatch.waiting_for(house, who, "dispatcher", skip, PAGE))
    assert listed == [handling for handling in shown.values() if handling.gaps]


def _same_in_supervision(houses: FiveHouses, numbers: list[str], who: Actor) -> None:
    house: Any = houses.houses["supervision"]
    shown = _shown(numbers, lambda n: supervision.supervision(house, n, who))
    clocks = [(number, clock["order"]) for number, seen in shown.items() for clock in seen["clocks"]]
    listed = _pages(lambda skip: supervision.reviews(house, who, skip, PAGE))
    waiting = [(row["number"], row["order"]) for row in listed]
    assert waiting == [clock for clock in clocks if clock[1].endswith("-2")]
    assert supervision.clocks(house, who)["running"] == len(clocks) - len(waiting)


def _same_in_feedback(houses: FiveHouses, numbers: list[str], who: Actor) -> None:
    house: Any = houses.houses["feedback"]
    shown = _shown(numbers, lambda n: feedback.echo(house, n, who))
    assert _pages(lambda skip: feedback.desk(house, who, "open", skip, PAGE)) == list(shown.values())


def _same_in_notify(houses: FiveHouses, numbers: list[str], who: Actor) -> None:
    house: Any = houses.houses["notify"]
    shown = _shown(numbers, lambda n: notify.messages(house, n, who))
    for listed in (
        _pages(lambda skip: notify.tasks(house, who, "call", skip, PAGE)),
        _pages(lambda skip: notify.uncertain(house, who, skip, PAGE)),
    ):
        assert [row["number"] for row in listed] == list(shown)


def _shown(numbers: list[str], show: Any) -> dict[str, Any]:
    found = {}
    for number in numbers:
        try:
            found[number] = show(number)
        except NotFound:
            continue
    return found


def _pages(page: Any) -> list[Any]:
    found: list[Any] = []
    while rows := page(len(found)):
        found += rows
    return found


def _as_actor(person: Person) -> Actor:
    return Actor(subject=person.subject, role=person.roles[0], office=OFFICE, unit=person.unit)
