"""The stage is the greatest (round, rank) heard; the end is said once; the volume is sealed whole."""

from itertools import permutations

import pytest
from bson import Binary

from huiyin.contracts import events as e
from huiyin.contracts.services import SERVICES
from services.intake.domain import course, volume
from services.intake.domain.stages import stage
from services.intake.errors import AlreadyConcluded
from tests.unit.intake.cases import AT, case

DISPATCHED = e.OrderDispatched(
    order="m1-1",
    matter="m1",
    unit="bus_company",
    role="lead",
    round=1,
    ground="by_subject",
    entry="ml-030",
    dispatched_at=AT,
)
ACCEPTED = e.OrderAccepted(order="m1-1", unit="bus_company", accepted_at=AT)
HANDLED = e.HandlingCompleted(round=1, replies=("m1-1:1",), completed_at=AT)
OPENED = e.EchoOpened(round=1)
RAISED = e.RoundRaised(round=2, orders=("m1-1",), raised_at=AT)


WHY = Binary(b"sealed")


def test_the_stage_does_not_depend_on_the_order_of_hearing() -> None:
    stages = set()
    for order in permutations((DISPATCHED, ACCEPTED, HANDLED, OPENED, RAISED)):
        followed = case()
        for event in order:
            followed = course.follow(followed, event)
        stages.add(followed.stage)
    assert stages == {stage("handling", 2)}


def test_a_units_order_opens_the_case_to_the_unit() -> None:
    assert course.follow(case(), DISPATCHED).units == ("bus_company",)
    assert course.follow(course.follow(case(), DISPATCHED), DISPATCHED).units == ("bus_company",)


def test_the_echo_concludes_the_case_and_the_complainant_is_told() -> None:
    completed = e.EchoCompleted(round=1, outcome="satisfied", completed_at=AT)
    concluded, events = course.echoed(case(), completed, AT)
    assert concluded.outcome == "echoed"
    assert [type(event) for event in events] == [e.MessageRequested, e.CaseConcluded]


def test_an_echo_of_an_older_round_concludes_nothing() -> None:
    reopened = course.follow(case(), RAISED)
    completed = e.EchoCompleted(round=1, outcome="satisfied", completed_at=AT)
    assert course.echoed(reopened, completed, AT) == (reopened, [])


def test_a_case_is_concluded_once() -> None:
    completed = e.EchoCompleted(round=1, outcome="satisfied", completed_at=AT)
    concluded, _ = course.echoed(case(), completed, AT)
    assert course.echoed(concluded, completed, AT) == (concluded, [])
    with pytest.raises(AlreadyConcluded):
        course.withdraw(concluded, WHY, AT)


def test_a_withdrawal_is_said_as_such() -> None:
    withdrawn, events = course.withdraw(case(), WHY, AT)
    assert (withdrawn.outcome, withdrawn.withdrawn_why) == ("withdrawn", WHY)
    assert events[-1] == e.CaseConcluded(outcome="withdrawn", round=1, concluded_at=AT)


def test_the_volume_waits_for_every_service() -> None:
    open_case = case()
    for service in SERVICES[:-1]:
        open_case = course.close_part(open_case, service, 3)
    assert not course.sealable(open_case)
    assert course.sealable(course.close_part(open_case, SERVICES[-1], 1))


def test_sealing_archives_the_case_once() -> None:
    sealed, events = course.seal(case(), rows=7, head="h")
    assert sealed.stage.name == "archived"
    assert events == [e.VolumeSealed(part=1, rows=7, head="h")]
    assert course.seal(sealed, rows=8, head="i") == (sealed, [])


def rows() -> list[dict[str, object]]:
    return [
        {
            "_id": f"{source}-{n}",
            "source": source,
            "case": "N",
            "sequence": n,
            "type": "t",
            "time": "2024",
            "data": {"n": n},
        }
        for source in ("intake", "dispatch")
        for n in (1, 2)
    ]


def test_the_chain_is_the_same_whatever_order_the_rows_came_in() -> None:
    closed = {"intake": 2, "dispatch": 2}
    assert volume.chain(rows(), closed) == volume.chain(rows()[::-1], closed)


def test_an_altered_row_breaks_the_chain() -> None:
    closed = {"intake": 2, "dispatch": 2}
    altered = rows()
    altered[1]["data"] = {"n": 3}
    assert volume.chain(altered, closed).head != volume.chain(rows(), closed).head


def test_a_missing_row_is_named() -> None:
    assert volume.missing(rows()[:-1], {"intake": 2, "dispatch": 2}) == ["dispatch:2"]


def test_rows_that_came_after_a_part_was_closed_belong_to_the_next() -> None:
    chained = volume.chain(rows(), {"intake": 2, "dispatch": 1})
    assert [row["event"] for row in chained.contents] == ["dispatch-1", "intake-1", "intake-2"]
