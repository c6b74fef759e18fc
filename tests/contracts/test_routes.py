"""Who says what to whom, and that no event can carry text or identity."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

import pytest

from huiyin.contracts import events
from huiyin.contracts.events import Event
from huiyin.contracts.hearers import ROUTES, Route, heard_by, hearers_of
from huiyin.contracts.questions import QUESTIONS
from huiyin.contracts.services import SERVICES

#: Parts of names that suggest what a person is called, where they are reached, or what they wrote.
SUSPICIOUS = re.compile(
    r"name|phone|mobile|mail|address|identity|contact|gender|birth|work|text|word|wish|title|body"
    r"|note|comment|content|explan|detail|reason|subject|quote|voice|file|picture"
)
#: Names that look suspicious and are not, each with what it holds.
HARMLESS = {
    "deadline.set.reason": "one of five codes",
    "message.failed.reason": "a code of notify's",
    "message.requested.addressee": "a party's, unit's, role's, person's or outside body's id",
    "message.requested.addressee_kind": "which of the five",
    "message.requested.text_of": "which reply to fetch, as reply:<order>:<n>",
}
EVENTS = {
    shape.type: shape
    for shape in vars(events).values()
    if inspect.isclass(shape) and issubclass(shape, Event) and shape is not Event
}


def fields_of(shape: type, path: str) -> Iterator[str]:
    """Every field an event holds, with those of the shapes inside it."""
    for name, hint in get_type_hints(shape).items():
        if name in {field.name for field in fields(shape)}:
            yield f"{path}.{name}"
            for inner in (hint, *get_args(hint)):
                if is_dataclass(inner) and isinstance(inner, type):
                    yield from fields_of(inner, f"{path}.{name}")


def suspicious() -> set[str]:
    found = (path for name, shape in EVENTS.items() for path in fields_of(shape, name))
    return {path for path in found if SUSPICIOUS.search(path.rpartition(".")[2])}


def test_no_event_has_a_field_that_suggests_text_or_identity_but_those_listed() -> None:
    assert suspicious() == set(HARMLESS)


def test_every_event_has_one_route_and_every_route_its_event() -> None:
    assert {name: route.event for name, route in ROUTES.items()} == EVENTS


@pytest.mark.parametrize("shape", EVENTS.values(), ids=lambda shape: shape.__name__)
def test_an_event_is_frozen_named_in_the_past_and_says_what_it_is(shape: Any) -> None:
    assert shape.__dataclass_params__.frozen
    assert re.fullmatch(r"[a-z]+(\.[a-z_]+)+", shape.type)
    assert shape.__doc__
    assert not shape.__doc__.startswith(f"{shape.__name__}(")


@pytest.mark.parametrize("route", ROUTES.values(), ids=lambda route: route.event.type)
def test_a_route_names_each_service_once_and_somebody_says_it(route: Route) -> None:
    assert route.sayers
    for named in (route.sayers, (*route.hearers, *route.followers)):
        assert set(named) <= set(SERVICES)
        assert len(set(named)) == len(named)


def test_intake_hears_everything_about_a_case_because_it_keeps_the_journal() -> None:
    unheard = {name for name, route in ROUTES.items() if "intake" not in route.hearers}
    assert unheard == {"volume.sealed"}


def test_only_intake_registers_concludes_and_seals() -> None:
    assert {ROUTES[name].sayers for name in ("case.registered", "case.concluded", "volume.sealed")} == {
        ("intake",)
    }


def test_every_service_hears_the_beginning_and_the_end_of_a_case_and_closes_its_part() -> None:
    for name in ("case.registered", "case.concluded"):
        assert set(ROUTES[name].hearers) == set(SERVICES)
    assert set(ROUTES["part.closed"].sayers) == set(SERVICES) - {"intake"}


def test_only_notify_hears_what_is_to_be_told_beside_the_journal() -> None:
    assert set(ROUTES["message.requested"].hearers) == {"intake", "notify"}
    assert "notify" not in ROUTES["message.requested"].sayers


def test_heard_by_is_the_table_read_from_the_hearers_side() -> None:
    read = {
        (sayer, name, hearer)
        for hearer in SERVICES
        for sayer, names in heard_by(hearer).items()
        for name in names
    }
    written = {
        (sayer, name, hearer)
        for name, route in ROUTES.items()
        for sayer in route.sayers
        for hearer in (*route.hearers, *route.followers)
    }
    assert read == written


def test_hearers_of_a_sayer_are_those_that_hear_any_of_its_events() -> None:
    for sayer in SERVICES:
        said = [route for route in ROUTES.values() if sayer in route.sayers]
        expected = {hearer for route in said for hearer in (*route.hearers, *route.followers)}
        assert set(hearers_of(sayer)) == expected
        assert list(hearers_of(sayer)) == [service for service in SERVICES if service in expected]


def test_every_question_names_its_answerer_its_time_out_and_what_silence_means() -> None:
    for question in QUESTIONS:
        assert question.answerer in SERVICES
        assert 0 < question.timeout_s <= 30
        assert question.when_silent
    assert len({(q.answerer, q.method) for q in QUESTIONS}) == len(QUESTIONS)
