"""The stage is the greatest (round, rank) heard; the end is said once; the volume is sealed whole."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from bson import Binary

from huiyin.contracts import events as e
from huiyin.contracts.services import SERVICES
from services.intake.domain import course, filing, volume
from services.intake.domain.files import Bytes
from services.intake.domain.stages import stage
from services.intake.domain.volume import Part
from services.intake.errors import AlreadyConcluded, NotArchived
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
FILE = Bytes(id="b1", media="text/plain", size=3, sha256="0" * 64, key=WHY)


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
        course.withdraw(concluded, WHY, (), AT)


def test_a_withdrawal_is_said_as_such() -> None:
    withdrawn, events = course.withdraw(case(), WHY, (), AT)
    assert (withdrawn.outcome, withdrawn.withdrawn_why) == ("withdrawn", WHY)
    assert events[-1] == e.CaseConcluded(outcome="withdrawn", round=1, concluded_at=AT)


def test_the_volume_waits_for_every_service() -> None:
    open_case = case(outcome="echoed")
    for service in SERVICES[:-1]:
        open_case = course.close_part(open_case, service, 3, 1)
    assert not course.sealable(open_case)
    assert course.sealable(course.close_part(open_case, SERVICES[-1], 1, 1))


def test_sealing_archives_the_case_once() -> None:
    closed = case(outcome="echoed", closed=dict.fromkeys(SERVICES, 3))
    sealed, events = course.seal(closed, part(1, dict.fromkeys(SERVICES, 3)), {})
    assert sealed.stage.name == "archived"
    assert events == [e.VolumeSealed(part=1, rows=7, head="h1")]
    assert not course.sealable(sealed)


def part(n: int, upto: Mapping[Any, int], **changes: Any) -> Part:
    made = Part(part=n, round=1, rows=7, head=f"h{n}", upto=upto, files=0, said_as=9, sealed_at=AT)
    return replace(made, **changes)


@pytest.mark.parametrize("when", ["before the sealing", "after it"])
def test_what_comes_behind_a_closed_part_makes_the_next_part_once_all_is_quiet(when: str) -> None:
    upto = dict.fromkeys(SERVICES, 3)
    closed = case(outcome="echoed", closed=upto)
    if when == "before the sealing":
        closed = course.note_late(closed, "dispatch", 4, AT)
    sealed, _ = course.seal(closed, part(1, course.next_part(closed)), {})
    if when == "after it":
        sealed = course.note_late(sealed, "dispatch", 4, AT)
    assert sealed.parts[0].upto == upto, "the first part ends where each service closed it"
    assert course.note_late(sealed, "dispatch", 3, AT).late == {"dispatch": 4}
    assert course.sealable(sealed)
    assert not course.is_quiet(sealed, AT + course.LATE_QUIET - timedelta(seconds=1))
    assert course.is_quiet(sealed, AT + course.LATE_QUIET)
    assert course.next_part(sealed) == {**upto, "dispatch": 4}
    again, _ = course.seal(sealed, part(2, course.next_part(sealed)), {"notify": 4})
    assert again.late == {"notify": 4}, "what came meanwhile waits for the part after"


def test_a_file_that_comes_behind_a_sealed_part_makes_the_next_part_once_all_is_quiet() -> None:
    upto = dict.fromkeys(SERVICES, 3)
    sealed, _ = course.seal(case(outcome="echoed", closed=upto), part(1, upto), {})
    with_file = filing.add(sealed, "", Binary(b""), FILE, "records", AT)[0]
    assert course.sealable(with_file)
    assert not course.is_quiet(with_file, AT + course.LATE_QUIET - timedelta(seconds=1))
    assert course.is_quiet(with_file, AT + course.LATE_QUIET)
    bound, _ = course.seal(with_file, part(2, upto, files=1), {})
    assert not course.sealable(bound)


def test_a_file_that_comes_while_a_part_is_bound_waits_for_the_next() -> None:
    upto = dict.fromkeys(SERVICES, 3)
    with_file = filing.add(case(outcome="echoed", closed=upto), "", Binary(b""), FILE, "records", AT)[0]
    sealed, _ = course.seal(with_file, part(1, upto), {})
    assert course.sealable(sealed)
    assert not course.is_quiet(sealed, AT)


def test_an_archived_case_that_is_opened_again_waits_for_every_service_of_the_new_round() -> None:
    upto = dict.fromkeys(SERVICES, 3)
    sealed, _ = course.seal(case(outcome="echoed", closed=upto), part(1, upto), {})
    opened, events = course.reopen_archived(sealed, WHY, "leader", AT)
    assert events == [e.CaseReopened(round=2, reopened_at=AT, again=True)]
    assert (opened.number, opened.outcome, opened.stage) == (sealed.number, None, stage("registered", 2))
    with pytest.raises(NotArchived):
        course.reopen_archived(opened, WHY, "leader", AT)
    assert course.close_part(opened, "notify", 3, 1).closed == {}, "an old word closes nothing"
    ended = replace(opened, outcome="echoed")
    for service in SERVICES:
        assert not course.sealable(ended)
        ended = course.close_part(ended, service, 8, 2)
    assert course.sealable(ended)
    again, said = course.seal(ended, part(2, course.next_part(ended), round=2), {})
    assert said == [e.VolumeSealed(part=2, rows=7, head="h2")]
    assert not course.sealable(again)


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
    assert volume.chain(rows(), (), closed) == volume.chain(rows()[::-1], (), closed)


def test_an_altered_row_breaks_the_chain() -> None:
    closed = {"intake": 2, "dispatch": 2}
    altered = rows()
    altered[1]["data"] = {"n": 3}
    assert volume.chain(altered, (), closed).head != volume.chain(rows(), (), closed).head


def test_a_missing_row_is_named() -> None:
    assert volume.missing(rows()[:-1], (), {"intake": 2, "dispatch": 2}) == ["dispatch:2"]


def test_rows_that_came_after_a_part_was_closed_belong_to_the_next() -> None:
    chained = volume.chain(rows(), (), {"intake": 2, "dispatch": 1})
    assert [row["event"] for row in chained.contents] == ["dispatch-1", "intake-1", "intake-2"]


def test_the_next_parts_chain_goes_on_from_the_head_before_and_all_parts_are_proved() -> None:
    first, second = {"intake": 2, "dispatch": 1}, {"intake": 2, "dispatch": 2}
    one = volume.chain(rows(), (), first)
    parts = [part(1, first, head=one.head, said_as=3)]
    two = volume.chain(rows(), parts, second)
    assert [row["event"] for row in two.contents] == ["dispatch-2"]
    parts.append(part(2, second, head=two.head))
    kept: list[dict[str, object]] = [
        {"contents": list(chained.contents), "head": chained.head} for chained in (one, two)
    ]
    assert volume.holds(rows(), parts, kept)
    assert not volume.holds(rows(), parts, kept[:1])
    for row in rows():
        altered = [{**one, "time": "2025"} if one["_id"] == row["_id"] else one for one in rows()]
        assert not volume.holds(altered, parts, kept), row["_id"]
    without = volume.chain(rows()[:-1], (), first)
    assert without.head == one.head
    assert not volume.holds(rows()[:-1], parts, kept), "nor without the row that the second part holds"


def test_the_event_that_tells_of_a_sealing_is_missed_in_no_part() -> None:
    later = [{**rows()[0], "_id": "intake-4", "sequence": 4}, *rows()]
    sealed = part(1, {"intake": 2, "dispatch": 2}, said_as=3)
    assert volume.missing(later, [sealed], {"intake": 4, "dispatch": 2}) == []
    assert volume.missing(later, [replace(sealed, said_as=9)], {"intake": 4}) == ["intake:3"]
