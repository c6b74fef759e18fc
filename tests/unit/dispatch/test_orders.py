"""What a unit may do with its order, and what supervision's words do to it (S2-41, S4-38, E-63, E-98)."""

from datetime import date, timedelta

import pytest

from huiyin.contracts.events import (
    DeadlineSet,
    HandlingCompleted,
    OrderAccepted,
    OrderRecalled,
    PartClosed,
    ReplyApproved,
    ReplyReturned,
    ReplySubmitted,
    RoundRaised,
)
from services.dispatch.domain import orders
from services.dispatch.domain.handling import Handling
from services.dispatch.errors import NoSuchOrder, NotYourOrder, WrongState
from tests.unit.dispatch.cases import AT, CITY, OVER, REASON, a_reply, matter, opened, replied

LIFT = matter(category="housing/lift")  # one lead, one assisting
UNIT = "bus_company"


def approved(handling: Handling, order: str, reply: int = 1) -> tuple[Handling, list[object]]:
    event = ReplyApproved(order=order, reply=reply, round=handling.round, approved_at=AT)
    done, events = orders.approve(handling, event, AT)
    return done, list(events)


def returned(handling: Handling, order: str, reply: int = 1) -> Handling:
    event = ReplyReturned(
        order=order, reply=reply, round=1, failed=("facts",), due_on=date(2024, 10, 12), returned_at=AT
    )
    return orders.send_back(handling, event)[0]


def deadline(day: int) -> DeadlineSet:
    return DeadlineSet(
        clock="m1-1", order="m1-1", due_on=date(2024, 10, day), due_at=AT, provisional=False, reason="started"
    )


def test_a_unit_accepts_its_order() -> None:
    handling, events = orders.accept(opened(), "m1-1", UNIT, AT)
    assert handling.order("m1-1").state == "accepted"
    assert events == [OrderAccepted(order="m1-1", unit=UNIT, accepted_at=AT)]


def test_another_units_order_cannot_be_accepted_returned_or_replied() -> None:
    with pytest.raises(NotYourOrder):
        orders.accept(opened(), "m1-1", "police", AT)
    with pytest.raises(NotYourOrder):
        orders.return_order(opened(), "m1-1", "police", REASON, CITY, AT)
    with pytest.raises(NotYourOrder):
        orders.reply(opened(), "m1-1", "police", a_reply())


def test_an_order_that_is_not_there_is_named() -> None:
    with pytest.raises(NoSuchOrder, match="m7-1"):
        orders.accept(opened(), "m7-1", UNIT, AT)


@pytest.mark.parametrize("verb", ["accept", "return"])
def test_an_accepted_order_is_neither_accepted_again_nor_returned(verb: str) -> None:
    accepted = orders.accept(opened(), "m1-1", UNIT, AT)[0]
    with pytest.raises(WrongState):
        accepted.order("m1-1").step(verb)


def test_a_reply_before_acceptance_is_refused() -> None:
    with pytest.raises(WrongState):
        orders.reply(opened(), "m1-1", UNIT, a_reply())


def test_a_final_reply_is_numbered_and_said() -> None:
    accepted = orders.accept(opened(), "m1-1", UNIT, AT)[0]
    handling, events = orders.reply(accepted, "m1-1", UNIT, a_reply())
    assert handling.order("m1-1").state == "replied"
    assert events == [
        ReplySubmitted(order="m1-1", unit=UNIT, reply=1, round=1, final=True, digest="d", submitted_at=AT)
    ]


def test_an_interim_reply_leaves_the_order_in_work_and_counts() -> None:
    accepted = orders.accept(opened(), "m1-1", UNIT, AT)[0]
    interim = orders.reply(accepted, "m1-1", UNIT, a_reply(final=False))[0]
    final = orders.reply(interim, "m1-1", UNIT, a_reply())[0]
    assert interim.order("m1-1").state == "accepted"
    assert [r.n for r in final.order("m1-1").replies] == [1, 2]


def test_a_second_final_reply_waits_for_the_judgement_of_the_first() -> None:
    with pytest.raises(WrongState):
        orders.reply(replied(opened(), "m1-1"), "m1-1", UNIT, a_reply())


def test_the_only_orders_approval_completes_the_handling() -> None:
    handling, events = approved(replied(opened(), "m1-1"), "m1-1")
    assert handling.completed == 1
    assert events == [HandlingCompleted(round=1, replies=("m1-1:1",), completed_at=AT)]


def test_the_lead_alone_does_not_complete_while_the_assisting_unit_is_open() -> None:
    both = replied(replied(opened(LIFT), "m1-1"), "m1-2")
    lead, said = approved(both, "m1-1")
    assert said == []
    _, events = approved(lead, "m1-2")
    assert events == [HandlingCompleted(round=1, replies=("m1-1:1",), completed_at=AT)]


def test_one_matter_with_a_gap_keeps_the_handling_open() -> None:
    handling = opened(matter("m1"), matter("m2", category="animals"))
    _, said = approved(replied(handling, "m1-1"), "m1-1")
    assert said == []


def test_a_returned_reply_puts_the_order_back_to_work_and_the_next_reply_is_the_second() -> None:
    back = returned(replied(opened(), "m1-1"), "m1-1")
    again = orders.reply(back, "m1-1", UNIT, a_reply())[0]
    assert [(r.n, r.verdict) for r in again.order("m1-1").replies] == [(1, "returned"), (2, "pending")]


def test_a_raised_round_reopens_the_named_orders_and_completes_anew() -> None:
    done = approved(replied(opened(matter("m1"), matter("m2", "utilities/gas")), "m1-1"), "m1-1")[0]
    done = approved(replied(done, "m2-1"), "m2-1")[0]
    reopened = orders.reopen(done, RoundRaised(round=2, orders=("m1-1",), raised_at=AT), CITY, AT)[0]
    assert [(o.state, o.round) for o in reopened.orders] == [("accepted", 2), ("approved", 1)]
    again = orders.reply(reopened, "m1-1", UNIT, a_reply())[0]
    completed, events = approved(again, "m1-1", reply=2)
    assert completed.completed == 2
    assert events == [HandlingCompleted(round=2, replies=("m1-1:2", "m2-1:1"), completed_at=AT)]


def test_an_older_date_than_held_is_ignored() -> None:
    newer = orders.set_deadline(opened(), deadline(12), sequence=5)[0]
    older = orders.set_deadline(newer, deadline(9), sequence=3)[0]
    assert older.order("m1-1").due_on == date(2024, 10, 12)


def test_slips_and_their_withdrawals_stand_on_the_desk() -> None:
    handling = orders.note_slip(opened(), "m1-1", "urge-1")[0]
    handling = orders.note_slip(handling, "m1-1", "withdrawal-1")[0]
    assert handling.order("m1-1").slips == ("urge-1", "withdrawal-1")


def test_at_conclusion_orders_still_out_are_recalled_and_the_part_is_closed() -> None:
    at = AT + timedelta(days=1)
    handling, events = orders.conclude(opened(LIFT), OVER, 4, at)
    assert {o.state for o in handling.orders} == {"recalled"}
    assert [type(event) for event in events] == [OrderRecalled, OrderRecalled, PartClosed]
    assert events[-1] == PartClosed(count=7)


def test_a_finished_handling_only_closes_its_part() -> None:
    done = approved(replied(opened(), "m1-1"), "m1-1")[0]
    handling, events = orders.conclude(done, OVER, 9, AT)
    assert events == [PartClosed(count=10)]
    assert handling.concluded


def test_an_interim_reply_is_not_the_one_that_completes() -> None:
    accepted = orders.accept(opened(), "m1-1", UNIT, AT)[0]
    interim = orders.reply(accepted, "m1-1", UNIT, a_reply(final=False))[0]
    final = orders.reply(interim, "m1-1", UNIT, a_reply())[0]
    _, events = approved(final, "m1-1", reply=2)
    assert events == [HandlingCompleted(round=1, replies=("m1-1:2",), completed_at=AT)]
