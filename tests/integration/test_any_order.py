"""Whatever order messages come in, however often and however late, a case ends the same.

A case with two matters, one with a lead and an assisting order, goes through the real use
cases and stores of all five services and the real broker; Hypothesis decides which message
is handed over next, which twice, and when people act.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bson import Binary
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from pymongo.database import Database

from huiyin.chassis.errors import Refusal
from huiyin.chassis.shapes import to_document
from huiyin.contracts.services import SERVICES
from services.dispatch.use_cases import acts as dispatch
from services.feedback import use_cases as feedback
from services.intake.domain.parties import PartyForm
from services.intake.domain.registration import Form, MatterForm
from services.intake.use_cases import acts as intake
from services.supervision.use_cases import acts as supervision
from tests.integration.five_houses import AT, OFFICE, FiveHouses, Letter, five_houses

MATTERS = (
    MatterForm(
        kind="complaint", category="housing/lift", area="990101001", place="", text="电梯停运", wish=""
    ),
    MatterForm(
        kind="complaint", category="transport/bus", area="990101001", place="", text="不停站", wish=""
    ),
)
FORM = Form(
    channel="call",
    language="zh",
    difficulty="ordinary",
    legal_class=None,
    priority="normal",
    flags=(),
    received_at=AT,
    matters=MATTERS,
    parties=(
        PartyForm(
            role="complainant",
            anonymous=False,
            identity={"name": "柏守拙", "phone": "19900000001", "work_unit": "无"},
        ),
    ),
    answer=None,
)


class Staff:
    """People who do whatever can be done next of one case, in a fixed order."""

    def __init__(self, houses: FiveHouses) -> None:
        self._houses = houses
        self.number = str(intake.register(houses.houses["intake"], FORM, houses.cause("operator"))["number"])
        self._sent_back = False

    def act(self) -> bool:
        """One act, if there is one; False when everybody waits."""
        return self._unit() or self._supervisor() or self._callback()

    def _unit(self) -> bool:
        house = self._houses.houses["dispatch"]
        record = house.handlings.look(self.number)
        for order in record.state.orders if record else ():
            cause = self._houses.cause("unit", order.unit)
            if order.state == "dispatched":
                dispatch.accept(house, self.number, order.id, cause)
                return True
            if order.state == "accepted" and self._knows(order.id, len(order.replies)):
                dispatch.reply(house, self.number, order.id, "已办理。", True, cause)
                return True
        return False

    def _knows(self, order: str, replies: int) -> bool:
        """A unit replies again only after it could read what was demanded."""
        record = self._houses.houses["supervision"].supervisions.look(self.number)
        return replies == 0 or (record is not None and record.state.clock(order).running)

    def _supervisor(self) -> bool:
        house = self._houses.houses["supervision"]
        record = house.supervisions.look(self.number)
        for clock in record.state.to_review if record else ():
            failed = clock.order == "m2-1" and clock.to_review.n == 1
            self._judge(house, clock.order, clock.to_review.n, failed)
            return True
        return False

    def _judge(self, house: Any, order: str, reply: int, failed: bool) -> None:
        book = house.base.rulebooks.office(OFFICE).rulebook
        findings = [
            supervision.Finding(c.id, "fail" if failed and c.id == "facts" else "pass")
            for c in book.review.criteria
        ]
        cause = self._houses.cause("supervisor")
        demands = "请到现场核实。" if failed else None
        supervision.judge(house, self.number, order, reply, findings, demands, None, cause)

    def _callback(self) -> bool:
        house = self._houses.houses["feedback"]
        record = house.echoes.look(self.number)
        if record is None or record.state.state not in ("open", "told", "evaluated"):
            return False
        cause = self._houses.cause("callback")
        if record.state.state == "open":
            feedback.tell(house, self.number, "call", cause)
            return True
        matter = record.state.unevaluated[0]
        said = {"matter": matter, "reached": True, "solved": True, "satisfied": True, "words": None}
        feedback.evaluate(house, self.number, said, cause)
        return True


def finish(houses: FiveHouses, staff: Staff, left: list[Letter]) -> None:
    """Hand everything over and let everybody act until all is quiet and nothing waits."""
    for _ in range(200):
        left += houses.say()
        if not left and not staff.act():
            houses.try_again()
            left += houses.say()
            if not left and not staff.act():
                assert houses.waiting() == 0
                return
        houses.hand_over(left)
        left.clear()
    pytest.fail("the case never came to rest")


def ending(houses: FiveHouses, number: str) -> dict[str, Any]:
    """What each service holds of the case in the end, without numbers and seals."""
    return {service: _bare(houses.documents(service).get(number).state, number) for service in SERVICES}


def differences(expected: Any, found: Any, at: str = "") -> list[str]:
    """Where two endings differ."""
    if isinstance(expected, dict) and isinstance(found, dict) and expected.keys() == found.keys():
        return [d for key in expected for d in differences(expected[key], found[key], f"{at}.{key}")]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = zip(expected, found, strict=True)
        return [d for n, (a, b) in enumerate(pairs) for d in differences(a, b, f"{at}.{n}")]
    return [] if expected == found else [f"{at}: {expected!r} != {found!r}"]


def _bare(state: Any, number: str) -> Any:
    if hasattr(state, "messages"):
        state = replace(state, messages=tuple(sorted(state.messages, key=lambda m: m.id)), said=0)
    return _plain(to_document(state), number)


def _plain(value: Any, number: str) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v, number) for k, v in value.items() if k not in _OF_THE_WAY}
    if isinstance(value, list | tuple):
        return [_plain(v, number) for v in value]
    if isinstance(value, Binary):
        return "sealed"
    return value.replace(number, "NUMBER") if isinstance(value, str) else value


#: What tells of the way, not of the end: sequences, and marks of the machine clock.
#: Which other cases are like it depends on which are there; the rest, on the way its messages came.
_OF_THE_WAY = {"proposals", "due_said", "sequence", "due_machine", "closed", "number", "reference", "since"}


@pytest.fixture
def houses(
    database: Database[dict[str, Any]], mongo_url: str, amqp_url: str, tmp_path: Path
) -> Iterator[FiveHouses]:
    with five_houses(database, mongo_url, amqp_url, tmp_path) as made:
        yield made


def test_a_case_ends_the_same_whatever_order_its_messages_come_in(houses: FiveHouses) -> None:
    straight = Staff(houses)
    finish(houses, straight, [])
    expected = ending(houses, straight.number)
    assert expected["intake"]["outcome"] == "echoed"
    assert expected["dispatch"]["completed"] == 1
    assert [o["role"] for o in expected["dispatch"]["orders"]] == ["lead", "assisting", "lead"]

    class AnyOrder(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.staff = Staff(houses)
            self.left = houses.say()

        @precondition(lambda self: self.left)
        @rule(seed=st.integers(0, 2**16), share=st.sampled_from((0.1, 0.3, 0.7)), again=st.booleans())
        def some_messages_arrive(self, seed: int, share: float, again: bool) -> None:
            chance = random.Random(seed)
            chance.shuffle(self.left)
            arriving = self.left[: max(1, int(len(self.left) * share))]
            houses.hand_over(arriving)
            if again:
                houses.hand_over([chance.choice(arriving)])
            self.left = [*self.left[len(arriving) :], *houses.say()]

        @rule()
        def somebody_acts(self) -> None:
            try:
                self.staff.act()
            except Refusal:
                return  # people see an older state than their service holds; they look again
            self.left += houses.say()

        @rule()
        def what_waits_is_tried_again(self) -> None:
            houses.try_again()
            self.left += houses.say()

        def teardown(self) -> None:
            finish(houses, self.staff, self.left)
            assert differences(expected, ending(houses, self.staff.number)) == []

    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=6,
            stateful_step_count=25,
            deadline=None,
            phases=(Phase.generate,),  # a failure is told by its differences; shrinking would take minutes
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
