"""What happens before and at expiry: urging, written supervision, explanations, withdrawals."""

from dataclasses import replace
from datetime import date

import pytest

from huiyin.chassis.rulebook import Term
from huiyin.contracts.events import (
    CaseConcluded,
    DeadlineSet,
    MessageRequested,
    OrderRecalled,
    OrderReturned,
    OrderUrged,
    PartClosed,
    PartyRef,
    SlipWithdrawn,
    SupervisionIssued,
)
from services.supervision.domain import cases, clocks, falling_due
from services.supervision.domain.falling_due import Act
from services.supervision.errors import NoLongerDue
from tests.unit.supervision.given import (
    CENTRE,
    LINE,
    at,
    clock_of,
    come,
    due_on,
    limit_of,
    messages,
    only,
    order,
    replied,
    reply,
    rules,
    started,
)

HOURLY = rules(urge={"before": Term(amount=2, unit="hour")})
BY_WORKING_DAYS = rules(urge={"before": Term(amount=2, unit="wd")})


# -- urging ------------------------------------------------------------------------------


@pytest.mark.clause("S2-35")
def test_nobody_is_urged_before_the_moment() -> None:
    supervision = started(CENTRE, "2024-09-27 10:00")
    assert limit_of(supervision).urge_at == at("2024-10-18 09:00")
    assert falling_due.next_at(supervision) == at("2024-10-18 09:00")
    assert come(supervision, "2024-10-18 08:59", CENTRE) == (supervision, [])


@pytest.mark.clause("S2-35")
def test_at_the_moment_the_unit_gets_a_numbered_slip_and_a_message() -> None:
    urged, said = come(started(CENTRE), "2024-10-18 09:00", CENTRE)
    assert said == [
        OrderUrged(
            slip="urge-1",
            ordinal=1,
            order="m1-1",
            unit="water",
            due_on=date(2024, 10, 23),
            urged_at=at("2024-10-18 09:00"),
        ),
        MessageRequested(
            message="order-urged:urge-1",
            template="order_urged",
            addressee_kind="unit",
            addressee="water",
            params={"slip": "urge-1", "ordinal": "1", "due_on": "2024-10-23"},
            matter="m1",
        ),
    ]
    assert falling_due.next_at(urged) == at("2024-10-24 00:00")


@pytest.mark.clause("S0-16")
def test_an_urging_at_expiry_is_not_marked_as_the_one_before_it() -> None:
    by = rules("city-hotline")
    expired, said = come(started(by), "2024-10-31 09:00", by)
    assert only(said, OrderUrged).ordinal == 1
    assert (limit_of(expired).urged, limit_of(expired).expired) == (False, True)


def test_slips_are_numbered_upwards_in_the_case() -> None:
    supervision = clocks.dispatched(started(CENTRE), order(order="m2-1", unit="gas"), CENTRE)[0]
    _, said = come(supervision, "2024-10-18 09:00", CENTRE)
    slips = [(e.slip, e.unit) for e in said if isinstance(e, OrderUrged)]
    assert slips == [("urge-1", "water"), ("urge-2", "gas")]


@pytest.mark.clause("E-08")
def test_a_term_shorter_than_the_urging_is_urged_at_once_and_once() -> None:
    by = rules("community-centre", deadline={"classes": {"ordinary": Term(amount=2, unit="wd")}})
    supervision = started(by, "2024-09-25 10:00")
    assert limit_of(supervision).urge_at == at("2024-09-25 10:00")
    urged, said = come(supervision, "2024-09-25 10:00", by)
    assert only(said, OrderUrged).ordinal == 1
    assert come(urged, "2024-09-27 23:00", by) == (urged, [])


def test_an_order_given_inside_the_last_days_is_urged_at_once_and_once() -> None:
    supervision = started(CENTRE, "2024-10-22 10:00", accepted="2024-09-27 10:00")
    assert limit_of(supervision).urge_at == at("2024-10-22 10:00")
    urged, said = come(supervision, "2024-10-22 10:00", CENTRE)
    assert only(said, OrderUrged).due_on == date(2024, 10, 23)
    assert come(urged, "2024-10-23 23:59", CENTRE) == (urged, [])


@pytest.mark.clause("X-08")
def test_an_office_that_urges_only_after_expiry_does_not_urge_before() -> None:
    assert limit_of(started(LINE)).urge_at is None
    assert falling_due.next_at(started(LINE)) == at("2024-10-13 00:00")


def test_urging_may_be_counted_in_working_days_or_hours() -> None:
    assert limit_of(started(BY_WORKING_DAYS)).urge_at == at("2024-10-10 09:00")
    assert limit_of(started(HOURLY)).urge_at == at("2024-10-12 22:00")


@pytest.mark.clause("E-22")
def test_after_an_outage_who_is_overdue_is_not_urged_as_well() -> None:
    _, said = come(started(CENTRE), "2024-10-25 08:00", CENTRE)
    assert [type(e) for e in said if isinstance(e, OrderUrged | SupervisionIssued)] == [SupervisionIssued]


@pytest.mark.clause("E-22")
def test_after_an_outage_inside_the_window_one_urging_is_caught_up() -> None:
    urged, said = come(started(CENTRE), "2024-10-22 08:00", CENTRE)
    assert only(said, OrderUrged).urged_at == at("2024-10-22 08:00")
    assert come(urged, "2024-10-22 09:00", CENTRE) == (urged, [])


# -- at expiry ---------------------------------------------------------------------------


@pytest.mark.clause("E-06", "S4-42")
def test_on_the_due_date_itself_nothing_is_overdue() -> None:
    supervision = started(LINE)
    assert come(supervision, "2024-10-12 23:59:59", LINE) == (supervision, [])


@pytest.mark.clause("S4-42", "S4-43")
def test_at_expiry_written_supervision_sets_a_new_limit() -> None:
    supervision, said = come(started(LINE), "2024-10-13 00:00", LINE)
    assert said == [
        SupervisionIssued(
            slip="supervision-1",
            ordinal=1,
            order="m1-1",
            unit="water",
            overdue_since=date(2024, 10, 12),
            due_on=date(2024, 10, 16),
            issued_at=at("2024-10-13 00:00"),
        ),
        DeadlineSet(
            clock="m1-1",
            order="m1-1",
            due_on=date(2024, 10, 16),
            due_at=at("2024-10-17 00:00"),
            provisional=False,
            reason="supervised",
            unit="water",
        ),
        MessageRequested(
            message="supervision-issued:supervision-1",
            template="supervision_issued",
            addressee_kind="unit",
            addressee="water",
            params={"slip": "supervision-1", "overdue_since": "2024-10-12", "due_on": "2024-10-16"},
            matter="m1",
        ),
    ]
    assert falling_due.next_at(supervision) == at("2024-10-17 00:00")


@pytest.mark.clause("S4-43", "E-22")
def test_the_new_limit_counts_from_when_the_slip_is_written() -> None:
    supervision, said = come(started(LINE), "2024-10-20 10:00", LINE)
    assert only(said, SupervisionIssued).overdue_since == date(2024, 10, 12)
    assert due_on(supervision) == date(2024, 10, 23)


@pytest.mark.clause("X-07")
def test_the_centre_explains_to_whoever_assigned_it_at_the_first_expiry_only() -> None:
    supervision, said = come(started(CENTRE), "2024-10-24 00:00", CENTRE)
    assert ("explain_overdue", "role", "leader") in messages(said)
    _, said = come(supervision, "2024-10-30 00:00", CENTRE)
    assert messages(said) == [("supervision_issued", "unit", "water")]


@pytest.mark.clause("X-07", "S0-17")
def test_an_office_may_explain_to_the_complainant_instead() -> None:
    by = rules(overdue={"actions": ("explain_to_complainant",), "new_limit": None}, urge={"after": False})
    supervision, said = come(started(by), "2024-10-13 00:00", by)
    assert messages(said) == [("explain_overdue", "party", "p1")]
    assert limit_of(supervision).expired
    assert falling_due.next_at(supervision) is None
    assert come(supervision, "2024-12-01 00:00", by) == (supervision, [])


@pytest.mark.clause("X-07", "E-23")
def test_a_complainant_who_cannot_be_reached_is_not_written_to() -> None:
    by = rules(overdue={"actions": ("explain_to_complainant",), "new_limit": None}, urge={"after": False})
    anonymous = (PartyRef(id="p1", role="complainant", anonymous=True),)
    _, said = come(started(by, parties=anonymous), "2024-10-13 00:00", by)
    assert said == []


@pytest.mark.clause("X-07")
def test_an_office_without_slips_tells_the_leader_at_the_first_expiry() -> None:
    actions = ("tell_leader", "explain_to_assigner")
    by = rules(overdue={"actions": actions, "new_limit": None}, urge={"after": False})
    _, said = come(started(by), "2024-10-13 00:00", by)
    assert messages(said) == [("explain_overdue", "role", "leader")]


@pytest.mark.clause("X-08")
def test_an_office_that_writes_no_supervision_urges_at_the_end_of_the_limit() -> None:
    by = rules("petition-office")
    supervision, said = come(started(by, "2024-07-01 10:00"), "2024-10-09 00:00", by)
    assert only(said, OrderUrged).due_on == date(2024, 10, 8)
    assert ("order_urged", "unit", "water") in messages(said)
    assert falling_due.next_at(supervision) is None


@pytest.mark.clause("X-07", "S4-42")
def test_after_enough_slips_leaders_are_told_and_slips_go_on() -> None:
    supervision, told = started(LINE), []
    for _ in range(4):
        due = limit_of(supervision).due_at
        (act,) = falling_due.due_acts(supervision, due)
        supervision, said = falling_due.fall_due(supervision, act, LINE, due)
        told.append([who for template, _, who in messages(said) if template == "explain_overdue"])
    assert told == [[], [], ["leader"], ["leader"]]
    assert [s.id for s in supervision.slips] == [f"supervision-{n}" for n in (1, 2, 3, 4)]


def test_message_ids_of_a_case_are_all_different() -> None:
    supervision, ids = started(LINE), []
    for _ in range(5):
        due = limit_of(supervision).due_at
        (act,) = falling_due.due_acts(supervision, due)
        supervision, said = falling_due.fall_due(supervision, act, LINE, due)
        ids += [e.message for e in said if isinstance(e, MessageRequested)]
    assert len(ids) == len(set(ids)) == 8


def test_what_was_done_is_not_done_again() -> None:
    supervision = started(LINE)
    (act,) = falling_due.due_acts(supervision, at("2024-10-13 00:00"))
    after, _ = falling_due.fall_due(supervision, act, LINE, at("2024-10-13 00:00"))
    with pytest.raises(NoLongerDue):
        falling_due.fall_due(after, act, LINE, at("2024-10-13 00:00"))


def test_an_order_finished_meanwhile_is_let_be() -> None:
    act = Act("m1-1", "overdue", at("2024-10-13 00:00"))
    supervision = replied(started(LINE), "2024-10-12 10:00")
    with pytest.raises(NoLongerDue):
        falling_due.fall_due(supervision, act, LINE, at("2024-10-13 00:00"))


@pytest.mark.clause("E-63")
def test_an_assisting_unit_that_is_late_is_supervised_alone() -> None:
    supervision = clocks.dispatched(
        started(LINE), order("2024-09-27 10:00", "m1-2", unit="gas", role="assisting"), LINE
    )[0]
    supervision = replied(supervision, "2024-10-11 10:00")
    _, said = come(supervision, "2024-10-13 00:00", LINE)
    assert only(said, SupervisionIssued).unit == "gas"


# -- what proves wrong -------------------------------------------------------------------


def test_a_reply_in_time_heard_late_withdraws_the_slip_and_is_on_time() -> None:
    supervised, _ = come(started(LINE), "2024-10-13 00:10", LINE)
    supervision, said = clocks.replied(supervised, reply("2024-10-12 23:50"), at("2024-10-13 00:20"))
    assert said == [
        SlipWithdrawn(
            slip="supervision-1",
            notice="withdrawal-1",
            order="m1-1",
            unit="water",
            withdrawn_at=at("2024-10-13 00:20"),
        ),
        MessageRequested(
            message="slip-withdrawn:withdrawal-1",
            template="slip_withdrawn",
            addressee_kind="unit",
            addressee="water",
            params={"slip": "supervision-1", "notice": "withdrawal-1"},
            matter="m1",
        ),
        DeadlineSet(
            clock="m1-1",
            order="m1-1",
            due_on=date(2024, 10, 12),
            due_at=at("2024-10-13 00:00"),
            provisional=False,
            reason="recomputed",
            unit="water",
        ),
    ]
    straight = replied(started(LINE), "2024-10-12 23:50")
    assert clock_of(supervision) == clock_of(straight)


def test_several_wrong_slips_are_all_withdrawn() -> None:
    supervised, _ = come(started(LINE), "2024-10-13 00:00", LINE)
    supervised, _ = come(supervised, "2024-10-17 00:00", LINE)
    supervision, said = clocks.replied(supervised, reply("2024-10-12 10:00"), at("2024-10-18 10:00"))
    assert [e.notice for e in said if isinstance(e, SlipWithdrawn)] == ["withdrawal-1", "withdrawal-2"]
    assert clock_of(supervision) == clock_of(replied(started(LINE), "2024-10-12 10:00"))


def test_a_late_reply_withdraws_nothing_and_stays_late() -> None:
    supervised, _ = come(started(LINE), "2024-10-13 00:00", LINE)
    supervision, said = clocks.replied(supervised, reply("2024-10-14 10:00"), at("2024-10-14 10:00"))
    final = clock_of(supervision).last_final
    assert final is not None
    assert (final.on_time, said) == (False, [])


def test_only_the_slips_after_the_reply_are_wrong() -> None:
    supervised, _ = come(started(LINE), "2024-10-13 00:00", LINE)
    supervised, _ = come(supervised, "2024-10-17 00:00", LINE)
    supervision, said = clocks.replied(supervised, reply("2024-10-16 10:00"), at("2024-10-18 10:00"))
    assert only(said, SlipWithdrawn).slip == "supervision-2"
    assert due_on(supervision) == date(2024, 10, 16)


def test_an_urging_after_the_reply_is_withdrawn_without_touching_the_date() -> None:
    urged, _ = come(started(CENTRE), "2024-10-18 09:00", CENTRE)
    _, said = clocks.replied(urged, reply("2024-10-18 08:00"), at("2024-10-18 09:10"))
    assert only(said, SlipWithdrawn).slip == "urge-1"
    assert not [e for e in said if isinstance(e, DeadlineSet)]


def test_an_urging_before_the_reply_stands() -> None:
    urged, _ = come(started(CENTRE), "2024-10-18 09:00", CENTRE)
    assert clocks.replied(urged, reply("2024-10-18 09:00"), at("2024-10-18 09:10"))[1] == []


def test_a_unit_that_had_given_the_order_back_in_time_has_its_slip_withdrawn() -> None:
    supervised, _ = come(started(LINE), "2024-10-13 00:10", LINE)
    returned = OrderReturned(order="m1-1", unit="water", returned_at=at("2024-10-12 10:00"))
    recalled = OrderRecalled(order="m1-1", unit="water", recalled_at=at("2024-10-12 10:00"))
    for ended in (returned, recalled):
        _, said = clocks.ended(supervised, ended, "returned", at("2024-10-13 01:00"))
        assert only(said, SlipWithdrawn).slip == "supervision-1"


def test_a_withdrawn_slip_does_not_count_towards_telling_leaders() -> None:
    supervised, _ = come(started(LINE), "2024-10-13 00:00", LINE)
    withdrawn, _ = clocks.replied(supervised, reply("2024-10-12 10:00"), at("2024-10-13 10:00"))
    assert [replace(s, notice="") for s in withdrawn.slips] == list(supervised.slips)
    assert withdrawn.slips[0].notice == "withdrawal-1"


# -- the end -----------------------------------------------------------------------------


def concluded(when: str) -> CaseConcluded:
    return CaseConcluded(outcome="withdrawn", round=1, concluded_at=at(when))


def test_a_concluded_case_stops_all_clocks_and_closes_the_part() -> None:
    supervision, said = cases.conclude(
        started(LINE), concluded("2024-10-08 10:00"), 4, at("2024-10-08 10:00")
    )
    assert said == [PartClosed(count=5)]
    assert falling_due.next_at(supervision) is None
    assert come(supervision, "2025-01-01 00:00", LINE) == (supervision, [])


def test_a_conclusion_heard_late_withdraws_what_was_issued_after_it() -> None:
    supervised, _ = come(started(LINE), "2024-10-13 00:10", LINE)
    _, said = cases.conclude(supervised, concluded("2024-10-11 10:00"), 7, at("2024-10-13 00:20"))
    assert only(said, SlipWithdrawn).slip == "supervision-1"
    assert said[-1] == PartClosed(count=7 + len(said))


def test_an_order_heard_of_after_the_conclusion_has_no_running_clock() -> None:
    closed, _ = cases.conclude(started(LINE), concluded("2024-10-08 10:00"), 4, at("2024-10-08 10:00"))
    supervision, said = clocks.dispatched(closed, order(order="m1-2", unit="gas"), LINE)
    assert (supervision.running, said) == ((), [])
