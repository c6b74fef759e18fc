"""A case that was taken over: its date holds, its urgings count on, and what is past falls due once."""

from datetime import date

import pytest

from huiyin.contracts.events import DeadlineSet, OrderUrged, SupervisionIssued, TakenOver
from services.supervision.domain import cases, clocks, falling_due
from services.supervision.domain.dates import Rules
from services.supervision.domain.supervision import Supervision
from tests.unit.supervision.given import (
    CENTRE,
    LINE,
    acceptance,
    at,
    clock_of,
    come,
    due_on,
    limit_of,
    messages,
    only,
    order,
    registered,
    replied,
)

RECEIVED, TODAY = "2024-09-02 10:00", "2024-09-27 10:00"


def taken_over(by: Rules, due: str, urged: int = 0, ground: str = "taken_over") -> Supervision:
    handed = TakenOver(number="信31", unit="water", due_on=date.fromisoformat(due), urged=urged)
    event = registered(TODAY, received_at=at(RECEIVED), taken_over=handed)
    opened, _ = cases.open_supervision(event, "SZ-1", "mayors-line", "cal", by.book)
    return clocks.dispatched(opened, order(TODAY, ground=ground), by)[0]


@pytest.mark.parametrize("by", [LINE, CENTRE], ids=["from assignment", "from acceptance"])
def test_the_older_systems_date_holds_until_the_offices_closing_hour(by: Rules) -> None:
    limit = limit_of(taken_over(by, "2024-10-20"))
    assert (limit.due_on, limit.due_at, limit.reason) == (
        date(2024, 10, 20),
        at("2024-10-21 00:00"),
        "taken_over",
    )


def test_the_date_is_said() -> None:
    handed = TakenOver(number="信31", unit="water", due_on=date(2024, 10, 20))
    event = registered(TODAY, received_at=at(RECEIVED), taken_over=handed)
    opened, _ = cases.open_supervision(event, "SZ-1", "mayors-line", "cal", LINE.book)
    _, said = clocks.dispatched(opened, order(TODAY, ground="taken_over"), LINE)
    assert only(said, DeadlineSet).reason == "taken_over"


def test_acceptance_here_does_not_begin_the_term_anew() -> None:
    running = taken_over(LINE, "2024-10-20")
    accepted, said = clocks.accepted(running, acceptance("2024-09-28 10:00"), LINE)
    assert (due_on(accepted), said) == (date(2024, 10, 20), [])


def test_urgings_count_on_where_the_office_urges_before_the_limit() -> None:
    running = taken_over(CENTRE, "2024-10-20", urged=2)
    assert come(running, "2024-10-17 08:59", CENTRE) == (running, [])
    urged, said = come(running, "2024-10-17 09:00", CENTRE)
    assert (only(said, OrderUrged).slip, only(said, OrderUrged).ordinal) == ("urge-3", 3)
    _, said = come(urged, "2024-10-21 00:00", CENTRE)
    assert only(said, SupervisionIssued).slip == "supervision-1"


def test_where_the_office_urges_by_written_supervision_these_count_on_and_leaders_are_told() -> None:
    _, said = come(taken_over(LINE, "2024-10-20", urged=2), "2024-10-21 00:00")
    assert only(said, SupervisionIssued).ordinal == 3
    assert ("explain_overdue", "role", "leader") in messages(said)
    _, said = come(taken_over(LINE, "2024-10-20", urged=1), "2024-10-21 00:00")
    assert only(said, SupervisionIssued).ordinal == 2
    assert ("explain_overdue", "role", "leader") not in messages(said)


def test_what_expired_before_the_takeover_falls_due_once_with_a_limit_from_now() -> None:
    running = taken_over(CENTRE, "2024-09-20")
    assert falling_due.next_at(running) == at("2024-09-21 00:00")
    supervised, said = come(running, TODAY, CENTRE)
    issued = only(said, SupervisionIssued)
    assert (issued.overdue_since, issued.due_on) == (date(2024, 9, 20), date(2024, 10, 8))
    assert [e for e in said if isinstance(e, OrderUrged)] == []
    assert come(supervised, "2024-10-08 23:59", CENTRE)[1] == []


def test_a_reply_is_on_time_or_late_by_the_older_systems_date() -> None:
    running = taken_over(CENTRE, "2024-10-20")
    in_time = clock_of(replied(running, "2024-10-20 23:59")).replies[0]
    late = clock_of(replied(running, "2024-10-21 00:00")).replies[0]
    assert (in_time.on_time, late.on_time) == (True, False)


def test_another_unit_goes_on_by_the_date_only_where_the_case_itself_has_the_term() -> None:
    assert due_on(taken_over(CENTRE, "2024-10-20", ground="by_subject")) == date(2024, 10, 20)
    assert due_on(taken_over(LINE, "2024-10-20", ground="by_subject")) == date(2024, 10, 12)


def test_a_date_beyond_the_published_calendar_is_held() -> None:
    limit = limit_of(taken_over(CENTRE, "2030-02-05"))
    assert (limit.due_on, limit.provisional) == (date(2030, 2, 5), True)
    assert limit.urge_at is not None
