"""Services hear exactly what contracts say they hear, and say nothing contracts do not let them say."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from unittest.mock import MagicMock

import pytest

from huiyin.contracts.hearers import ROUTES, heard_by
from huiyin.contracts.questions import QUESTIONS, Question
from huiyin.contracts.services import SERVICES, Service

ROOT = Path(__file__).parents[2]
TYPE_OF = {route.event.__name__: name for name, route in ROUTES.items()}


def modules(service: str, room: str) -> Iterator[ModuleType]:
    """A room's module, or all of them when the room is a folder."""
    first = importlib.import_module(f"services.{service}.{room}")
    yield first
    for found in pkgutil.iter_modules(getattr(first, "__path__", [])):
        yield importlib.import_module(f"{first.__name__}.{found.name}")


def handled(service: str) -> set[str]:
    """The event types the service's one `handlers` function has a rule for."""
    (build,) = {m.handlers for m in modules(service, "use_cases") if hasattr(m, "handlers")}
    wanted = build.__code__.co_argcount
    return set(build(*(MagicMock() for _ in range(wanted))))


@cache
def trees(service: str) -> list[ast.Module]:
    files = sorted((ROOT / "services" / service).rglob("*.py"))
    return [ast.parse(file.read_text(encoding="utf-8")) for file in files]


def made(tree: ast.AST) -> set[str]:
    """The event types that code makes, as `RoundRaised(…)` or `e.RoundRaised(…)`."""
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    names = {
        f.id if isinstance(f, ast.Name) else f.attr for f in calls if isinstance(f, ast.Name | ast.Attribute)
    }
    return {TYPE_OF[name] for name in names & TYPE_OF.keys()}


def said(service: str) -> set[str]:
    return {name for tree in trees(service) for name in made(tree)}


def may_say(service: Service) -> set[str]:
    return {name for name, route in ROUTES.items() if service in route.sayers}


def answered(service: str) -> set[str]:
    """The methods that the service's entrypoints, or every worker's, mark as `@on_question`."""
    every = ast.parse((ROOT / "huiyin" / "chassis" / "worker.py").read_text(encoding="utf-8"))
    functions = (
        node
        for tree in (every, *trees(service))
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    )
    return {f.name for f in functions if any(ast.unparse(mark) == "on_question" for mark in f.decorator_list)}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_a_rule_for_exactly_what_it_hears(service: Service) -> None:
    hears = {name for names in heard_by(service).values() for name in names}
    assert handled(service) == hears


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_makes_only_events_it_may_say(service: Service) -> None:
    assert said(service) <= may_say(service)


@pytest.mark.parametrize("service", SERVICES)
def test_every_event_a_service_may_say_is_made_somewhere_in_it(service: Service) -> None:
    assert said(service) >= may_say(service)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: f"{q.answerer}.{q.method}")
def test_every_question_has_its_answer(question: Question) -> None:
    assert question.method in answered(question.answerer)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_answers_no_question_contracts_do_not_list(service: Service) -> None:
    assert answered(service) == {q.method for q in QUESTIONS if q.answerer == service}


def test_the_scan_sees_events_made_by_name_and_by_module_but_not_those_only_named() -> None:
    assert made(ast.parse("RoundRaised(round=2)")) == {"round.raised"}
    assert made(ast.parse("e.EchoOpened(round=1)")) == {"echo.opened"}
    assert made(ast.parse("isinstance(heard.event, e.EchoOpened)")) == set()
