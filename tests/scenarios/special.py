"""How the scenarios look at what became of a matter that got a treatment of its own."""

from typing import Any

import pytest

from huiyin.client.line import Json, Refused
from tests.scenarios.driver import Driver


def told_instead(office: Driver, special: Json, **matter: Any) -> tuple[str, Json]:
    """A fresh case whose matter is of a special class: its number, and the matter as staff see it."""
    number = office.registered(matter={**matter, "special": special})
    (shown,) = office.case(number)["matters"]
    return number, dict(shown)


def wrong_fields(office: Driver, **changes: Any) -> Json:
    """What is wrong with a form, by field; nothing is registered."""
    with pytest.raises(Refused) as refused:
        office.registered(**changes)
    assert refused.value.status == 422
    return dict(refused.value.errors)


def has_no_order_and_no_evaluation(office: Driver, number: str) -> bool:
    """E-111: over at once as told, without an order; feedback knows it and asks nobody for a word."""
    case = office.until_stage(number, "concluded", "archived")
    office.until_said(number, "case.concluded")
    echo = office.until_echo(number, "completed")
    with pytest.raises(Refused) as refused:
        office.evaluate(number, "m1", solved=True, satisfied=True)
    assert refused.value.status in (404, 409)
    handling = office.until(lambda: office.handling(number))
    quiet = not handling["orders"] and not office.said(number, "order.dispatched")
    return quiet and (case["outcome"], echo["outcome"]) == ("told", "told")
