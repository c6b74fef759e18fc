"""A case that runs in an older system is taken over as it stands there, or refused by field."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from huiyin.contracts.events import CaseRegistered, MessageRequested, TakenOver
from services.intake.domain import checking, registration
from services.intake.errors import NotAsRuled
from tests.unit.intake.cases import AT, NUMBER, OFFICE, case, form, matter_form

HANDED = TakenOver(number="信2024第0031号", unit="bus_company", due_on=date(2024, 10, 8), urged=2)


def problems(handed: TakenOver, **changes: Any) -> dict[str, str]:
    with pytest.raises(NotAsRuled) as refused:
        checking.check(form(taken_over=handed, **changes), OFFICE, AT, "op-1")
    return refused.value.fields


def test_a_running_case_as_ruled_is_taken() -> None:
    checking.check(form(taken_over=HANDED), OFFICE, AT, "op-1")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"unit": "ferry_company"}, "unit"),
        ({"due_on": date(2024, 9, 26)}, "due_on"),
        ({"due_on": date(2035, 1, 1)}, "due_on"),
        ({"number": "19900000001"}, "number"),
        ({"number": NUMBER}, "number"),
    ],
)
def test_what_cannot_be_is_refused_by_name(changed: dict[str, Any], field: str) -> None:
    assert list(problems(replace(HANDED, **changed))) == [f"taken_over.{field}"]


def test_the_day_of_receipt_is_the_offices_own() -> None:
    evening = AT.replace(hour=17)  # already the 28th in Shanghai
    on_the_day = replace(HANDED, due_on=date(2024, 9, 28))
    checking.check(form(received_at=evening, taken_over=on_the_day), OFFICE, evening, "op-1")
    late = replace(HANDED, due_on=date(2024, 9, 27))
    with pytest.raises(NotAsRuled):
        checking.check(form(received_at=evening, taken_over=late), OFFICE, evening, "op-1")


def test_what_no_unit_handles_cannot_be_running() -> None:
    assert list(problems(HANDED, matters=(matter_form(kind="praise"),))) == ["matters.0.kind"]
    assert "answer" in problems(HANDED, answer="已告知", matters=(matter_form(kind="help"),))


def test_it_is_said_as_it_stood_and_nobody_is_told_again_that_it_was_received() -> None:
    received = AT - timedelta(days=9)
    _, events = registration.register(case(taken_over=HANDED, received_at=received))
    (said,) = events
    assert isinstance(said, CaseRegistered)
    assert (said.taken_over, said.received_at, said.accepted_at) == (HANDED, received, AT)


def test_a_new_case_is_confirmed_and_says_nothing_of_a_takeover() -> None:
    _, events = registration.register(case())
    assert [type(event) for event in events] == [CaseRegistered, MessageRequested]
    assert isinstance(events[0], CaseRegistered)
    assert events[0].taken_over is None
