"""When clocks start, how long they run, and what stops them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from huiyin.chassis.calendar import calendar_of
from huiyin.chassis.errors import NotYet
from huiyin.chassis.rulebook import Term
from huiyin.chassis.rulebook.limits import ChannelLimit, LegalClass
from huiyin.contracts.events import CaseReclassified, DeadlineSet, OrderRecalled, OrderReturned, PartyRef
from services.supervision.domain import cases, clocks, falling_due
from services.supervision.domain.dates import Rules, mark_of
from tests.unit.supervision.given import (
    CALENDAR,
    CENTRE,
    LINE,
    acceptance,
    at,
    case,
    clock_of,
    due_on,
    limit_of,
    messages,
    only,
    order,
    registered,
    replied,
    reply,
    rules,
    started,
)


def days(amount: int, unit: str = "wd") -> Rules:
    term = Term(amount=amount, unit=unit)  # type: ignore[arg-type]
    return rules(deadline={"general": term, "cap": None})


# -- the vectors, through the clock ------------------------------------------------------


@pytest.mark.clause("TV-01", "E-01", "E-02")
@pytest.mark.parametrize(
    ("amount", "due"), [(5, "10-10"), (7, "10-12"), (10, "10-16"), (15, "10-23"), (30, "11-13")]
)
def test_working_days_count_from_the_day_after_the_event(amount: int, due: str) -> None:
    assert due_on(started(days(amount))) == date.fromisoformat(f"2024-{due}")


@pytest.mark.clause("TV-02", "E-03")
def test_an_event_on_a_day_off_counts_from_the_first_working_day_after_it() -> None:
    assert due_on(started(days(1), "2024-09-28 23:30")) == date(2024, 9, 29)
    assert due_on(started(days(7), "2024-09-28 23:30")) == date(2024, 10, 12)


@pytest.mark.parametrize(
    ("event", "difficulty", "due"),
    [
        pytest.param(
            "2024-07-01 09:00", "legacy", date(2024, 10, 8), marks=pytest.mark.clause("TV-03", "S2-33")
        ),
        pytest.param(
            "2024-08-05 09:00", "complex", date(2024, 10, 8), marks=pytest.mark.clause("TV-04", "S2-32")
        ),
        pytest.param(
            "2024-12-31 09:00", "complex", date(2025, 2, 28), marks=pytest.mark.clause("TV-05", "E-04")
        ),
        pytest.param(
            "2024-11-30 09:00", "legacy", date(2025, 2, 28), marks=pytest.mark.clause("TV-05", "E-04")
        ),
    ],
)
def test_month_terms_by_difficulty_end_on_working_days(event: str, difficulty: str, due: date) -> None:
    assert due_on(started(CENTRE, event, difficulty=difficulty)) == due


@pytest.mark.clause("TV-06", "E-08", "S2-35")
def test_urging_three_days_before_moves_back_from_the_holiday() -> None:
    supervision = started(CENTRE, "2024-08-05 09:00", difficulty="complex")
    assert limit_of(supervision).urge_at == at("2024-09-30 09:00")


@pytest.mark.clause("E-06", "E-07")
def test_the_due_date_lasts_until_midnight_in_the_offices_time_zone() -> None:
    limit = limit_of(started(days(7)))
    assert limit.due_at == at("2024-10-13 00:00")
    assert limit.due_at.isoformat() == "2024-10-12T16:00:00+00:00"


@pytest.mark.clause("E-06")
def test_an_office_may_set_a_closing_hour() -> None:
    closing = rules(deadline={"closing_hour": "18:00"})
    assert limit_of(started(closing)).due_at == at("2024-10-12 18:00")


@pytest.mark.clause("E-07")
def test_the_day_of_an_event_is_the_offices_day_not_utcs() -> None:
    assert due_on(started(days(1), "2024-09-25 23:59")) == date(2024, 9, 26)
    assert due_on(started(days(1), "2024-09-26 00:00")) == date(2024, 9, 27)


@pytest.mark.clause("X-03")
def test_terms_in_hours_and_minutes_end_at_the_exact_instant() -> None:
    hours, minutes = started(days(2, "hour"), "2024-10-01 23:00"), started(days(30, "minute"))
    assert limit_of(hours).due_at == at("2024-10-02 01:00")
    assert due_on(hours) == date(2024, 10, 2)
    assert limit_of(minutes).due_at == at("2024-09-27 10:30")


@pytest.mark.clause("X-03")
def test_a_term_in_hours_that_ends_at_midnight_is_still_on_time_on_the_day_before() -> None:
    assert due_on(started(days(2, "hour"), "2024-10-01 22:00")) == date(2024, 10, 1)


# -- which term, from when ---------------------------------------------------------------


@pytest.mark.clause("X-04", "S4-34")
def test_the_mayors_line_counts_from_the_assignment() -> None:
    supervision = started(LINE, "2024-10-14 10:00", accepted="2024-10-10 10:00")
    assert limit_of(supervision).start == at("2024-10-14 10:00")
    assert due_on(supervision) == date(2024, 10, 23)


@pytest.mark.clause("X-04", "S2-31")
def test_the_centre_counts_from_the_acceptance_however_long_the_leader_took() -> None:
    supervision = started(CENTRE, "2024-10-11 10:00", accepted="2024-09-27 10:00")
    assert due_on(supervision) == date(2024, 10, 23)


@pytest.mark.clause("S2-63", "XI-04", "X-04")
def test_an_ordinary_letter_counts_from_the_units_receipt() -> None:
    waiting = started(CENTRE, channel="letter")
    assert clock_of(waiting).state == "not_started"
    assert falling_due.next_at(waiting) is None
    running, said = clocks.accepted(waiting, acceptance("2024-09-29 15:00"), CENTRE)
    assert due_on(running) == date(2024, 10, 24)
    assert only(said, DeadlineSet).reason == "started"


@pytest.mark.clause("XI-04")
def test_a_complex_letter_has_its_classs_term_from_acceptance() -> None:
    assert due_on(started(CENTRE, "2024-08-05 09:00", channel="letter", difficulty="complex")) == date(
        2024, 10, 8
    )


@pytest.mark.clause("X-34")
@pytest.mark.parametrize("by", [LINE, CENTRE])
def test_a_consumer_complaint_has_seven_working_days_from_receipt_whatever_the_office(by: Rules) -> None:
    waiting = started(by, legal_class="consumer", channel="letter", difficulty="ordinary")
    assert clock_of(waiting).limits == ()
    running, _ = clocks.accepted(waiting, acceptance("2024-09-28 08:00"), by)
    assert due_on(running) == date(2024, 10, 12)


@pytest.mark.clause("X-34", "S4-57")
def test_a_legal_class_without_a_number_has_the_offices_term_from_its_own_start() -> None:
    supervision = started(
        LINE, "2024-09-27 10:00", accepted="2024-09-20 10:00", legal_class="unfair_competition"
    )
    assert due_on(supervision) == date(2024, 10, 12)


@pytest.mark.clause("X-03")
def test_an_office_without_a_general_term_counts_by_urgency() -> None:
    urgent = {"urgent": Term(amount=2, unit="hour"), "normal": Term(amount=7, unit="day")}
    by = rules(deadline={"general": None, "classes": {}, "urgency": urgent, "cap": None})
    assert limit_of(started(by, priority="urgent")).due_at == at("2024-09-27 12:00")
    assert due_on(started(by, "2024-10-10 10:00")) == date(2024, 10, 17)


def test_the_petition_time_point_caps_an_order_given_late() -> None:
    by = rules(deadline={"cap": Term(amount=10, unit="day")})
    assert due_on(started(by, "2024-10-11 10:00", accepted="2024-10-08 10:00")) == date(2024, 10, 18)


def test_a_time_point_already_past_does_not_shorten_a_new_units_term() -> None:
    by = rules(deadline={"cap": Term(amount=10, unit="day")})
    assert due_on(started(by, "2024-10-28 10:00", accepted="2024-10-08 10:00")) == date(2024, 11, 6)


def test_the_channels_own_start_may_be_the_assignment() -> None:
    own = ChannelLimit(term=Term(amount=3, unit="wd"), start="assigned", classes=("ordinary",))
    by = rules("community-centre", deadline={"by_channel": {"call": own}})
    assert due_on(started(by, "2024-10-14 10:00", accepted="2024-10-10 10:00")) == date(2024, 10, 17)


def test_the_law_goes_before_the_channel() -> None:
    legal = LegalClass(
        name="法",
        name_en="law",
        term=Term(amount=1, unit="wd"),
        start="assigned",
        extendable=False,
        tell_result="always",
        hide_complainant=False,
    )
    own = ChannelLimit(term=Term(amount=9, unit="wd"), start="assigned", classes=("ordinary",))
    by = rules(deadline={"by_channel": {"call": own}})
    by = Rules(replace(by.book, legal_class={"law": legal}), CALENDAR)
    assert due_on(started(by, legal_class="law")) == date(2024, 9, 29)


# -- what is said ------------------------------------------------------------------------


def test_a_started_clock_says_its_date_whole() -> None:
    _, said = clocks.dispatched(case(), order(), LINE)
    assert said == [
        DeadlineSet(
            clock="m1-1",
            order="m1-1",
            due_on=date(2024, 10, 12),
            due_at=at("2024-10-13 00:00"),
            provisional=False,
            reason="started",
            unit="water",
        )
    ]


def test_a_date_in_a_year_not_yet_published_is_provisional() -> None:
    assert limit_of(started(LINE, "2030-03-01 10:00")).provisional


def test_a_newly_published_year_moves_the_date_and_keeps_the_old_one() -> None:
    before = Rules(days(5).book, calendar_of({2029: {}}))
    after = Rules(before.book, calendar_of({2029: {}, 2030: {"holidays": [date(2030, 3, 5)]}}))
    supervision = clocks.dispatched(case("2030-03-01 10:00"), order("2030-03-01 10:00"), before)[0]
    assert due_on(supervision) == date(2030, 3, 8)
    moved, said = clocks.recompute(supervision, after, "new")
    (deadline,) = said
    assert isinstance(deadline, DeadlineSet)
    assert (deadline.due_on, deadline.reason, deadline.provisional) == (
        date(2030, 3, 11),
        "recomputed",
        False,
    )
    assert moved.calendar == "new"
    assert clocks.recompute(moved, after, "new") == (moved, [])


def test_a_calendar_is_known_by_its_days() -> None:
    one = calendar_of({2030: {"holidays": [date(2030, 3, 5)]}})
    assert mark_of(one) == mark_of(calendar_of({2030: {"holidays": [date(2030, 3, 5)]}}))
    assert mark_of(one) != mark_of(calendar_of({2030: {}}))


# -- what stops a clock ------------------------------------------------------------------


@pytest.mark.clause("E-06")
@pytest.mark.parametrize(
    ("submitted", "on_time"), [("2024-10-12 23:59:59.999", True), ("2024-10-13 00:00", False)]
)
def test_a_final_reply_is_on_time_until_midnight_of_the_due_date(submitted: str, on_time: bool) -> None:
    supervision = replied(started(), submitted)
    final = clock_of(supervision).last_final
    assert final is not None
    assert final.on_time is on_time
    assert falling_due.next_at(supervision) is None


def test_lateness_is_judged_by_when_it_was_submitted_not_heard() -> None:
    heard_late, _ = clocks.replied(started(), reply("2024-10-12 10:00"), at("2024-10-20 10:00"))
    final = clock_of(heard_late).last_final
    assert final is not None
    assert final.on_time


@pytest.mark.clause("E-98")
def test_an_interim_reply_is_kept_and_the_clock_runs_on() -> None:
    supervision, said = clocks.replied(
        started(), reply("2024-09-29 10:00", final=False), at("2024-09-29 10:00")
    )
    clock = clock_of(supervision)
    assert (clock.running, len(clock.replies), said) == (True, 1, [])
    assert supervision.to_review == ()


def test_a_returned_order_stops_its_clock_and_the_next_unit_has_its_own() -> None:
    returned = OrderReturned(order="m1-1", unit="water", returned_at=at("2024-09-29 10:00"))
    stopped, _ = clocks.ended(started(), returned, "returned", at("2024-09-29 10:00"))
    assert clock_of(stopped).state == "returned"
    again, _ = clocks.dispatched(stopped, order("2024-10-08 10:00", order="m1-2", unit="gas"), LINE)
    assert [c.order for c in again.running] == ["m1-2"]
    assert due_on(again, "m1-2") == date(2024, 10, 16)


def test_a_recalled_order_stops_its_clock() -> None:
    recalled = OrderRecalled(order="m1-1", unit="water", recalled_at=at("2024-09-29 10:00"))
    stopped, _ = clocks.ended(started(), recalled, "recalled", at("2024-09-29 10:00"))
    assert clock_of(stopped).state == "recalled"
    assert falling_due.next_at(stopped) is None


def test_a_reply_to_an_order_that_ended_is_kept_and_decides_nothing() -> None:
    recalled = OrderRecalled(order="m1-1", unit="water", recalled_at=at("2024-09-29 10:00"))
    stopped, _ = clocks.ended(started(), recalled, "recalled", at("2024-09-29 10:00"))
    supervision = replied(stopped, "2024-09-29 09:00")
    assert len(clock_of(supervision).replies) == 1
    assert supervision.to_review == ()


# -- early and repeated ------------------------------------------------------------------


def test_what_speaks_of_an_unknown_order_waits() -> None:
    recalled = OrderRecalled(order="m1-1", unit="water", recalled_at=at("2024-09-29 10:00"))
    with pytest.raises(NotYet):
        clocks.accepted(case(), acceptance("2024-09-27 11:00"), LINE)
    with pytest.raises(NotYet):
        clocks.replied(case(), reply("2024-09-27 11:00"), at("2024-09-27 11:00"))
    with pytest.raises(NotYet):
        clocks.ended(case(), recalled, "recalled", at("2024-09-29 10:00"))


def test_a_reply_waits_for_the_acceptance_that_starts_its_clock() -> None:
    waiting = started(legal_class="consumer")
    with pytest.raises(NotYet):
        clocks.replied(waiting, reply("2024-09-27 11:00"), at("2024-09-27 11:00"))


def test_what_was_heard_before_changes_nothing() -> None:
    recalled = OrderRecalled(order="m1-1", unit="water", recalled_at=at("2024-09-29 10:00"))
    supervision = clocks.accepted(started(), acceptance("2024-09-27 11:00"), LINE)[0]
    supervision = replied(supervision, "2024-09-28 10:00")
    supervision = clocks.ended(supervision, recalled, "recalled", at("2024-09-29 10:00"))[0]
    now = at("2024-09-30 10:00")
    assert clocks.dispatched(supervision, order(), LINE) == (supervision, [])
    assert clocks.accepted(supervision, acceptance("2024-09-28 11:00"), LINE) == (supervision, [])
    assert clocks.replied(supervision, reply("2024-09-28 10:00"), now) == (supervision, [])
    assert clocks.ended(supervision, recalled, "recalled", now) == (supervision, [])


# -- who can be told ---------------------------------------------------------------------


def test_only_complainants_who_can_be_reached_are_kept() -> None:
    parties = (
        PartyRef(id="p1", role="complainant", anonymous=True),
        PartyRef(id="p2", role="complainant", anonymous=False, media=("mail",)),
        PartyRef(id="p3", role="interested", anonymous=False, media=("sms",)),
    )
    opened, said = cases.open_supervision(registered(parties=parties), "N", "o", "cal", LINE.book)
    assert opened.case.complainants == ("p2",)
    assert messages(said) == []


def test_a_day_is_longer_than_its_last_instant() -> None:
    limit = limit_of(started())
    assert limit.due_at - LINE.at(limit.due_on, "00:00") == timedelta(days=1)


def reclassified(at_: str, difficulty: str, version: int = 2) -> CaseReclassified:
    return CaseReclassified(
        version=version,
        matters=(),
        difficulty=difficulty,
        legal_class=None,
        priority="normal",
        flags=(),
        evidence=None,
        circle=0,
        reclassified_at=at(at_),
    )


@pytest.mark.clause("E-11")
@pytest.mark.parametrize(
    ("at_", "difficulty", "limits"),
    [
        ("2024-10-08 10:00", "complex", [("started", "2024-10-23"), ("reclassified", "2024-11-27")]),
        ("2024-10-23 23:59", "legacy", [("started", "2024-10-23"), ("reclassified", "2024-12-27")]),
        ("2024-10-24 00:00", "complex", [("started", "2024-10-23")]),
        ("2024-10-08 10:00", "ordinary", [("started", "2024-10-23")]),
    ],
)
def test_a_class_raised_before_expiry_has_the_new_term_from_the_original_start(
    at_: str, difficulty: str, limits: list[tuple[str, str]]
) -> None:
    raised, said = cases.reclassify(started(CENTRE), reclassified(at_, difficulty), 2, CENTRE)
    assert [(x.reason, x.due_on.isoformat()) for x in clock_of(raised).limits] == limits
    assert [(e.reason, e.due_on.isoformat()) for e in said if isinstance(e, DeadlineSet)] == limits[1:]
    lowered, _ = cases.reclassify(raised, reclassified(at_, "ordinary", 3), 3, CENTRE)
    assert clock_of(lowered).limits == clock_of(raised).limits
