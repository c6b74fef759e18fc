"""More time: who may ask, until when, who consents, and what it changes."""

from datetime import date
from typing import Any

import pytest

from huiyin.chassis.errors import Refusal
from huiyin.chassis.rulebook import Term
from huiyin.contracts.events import (
    CaseConcluded,
    DeadlineSet,
    ExtensionAsked,
    ExtensionGranted,
    ExtensionRefused,
    MessageRequested,
    OrderRecalled,
    SupervisionIssued,
)
from services.supervision.domain import cases, clocks, extensions
from services.supervision.domain.dates import Rules
from services.supervision.domain.supervision import Decided, Extension, Supervision
from services.supervision.errors import (
    BadDate,
    NoSuchExtension,
    NotApprover,
    NotExtendable,
    NotPending,
    NotYourOrder,
    OwnResult,
    TooLate,
    WrongState,
)
from tests.unit.supervision.given import (
    CENTRE,
    LINE,
    WORDS,
    acceptance,
    at,
    clock_of,
    come,
    due_on,
    limit_of,
    messages,
    only,
    order,
    replied,
    rules,
    started,
)

NOW = at("2024-10-08 10:00")


def ask(supervision: Supervision, until: str = "2024-10-30", by: Rules = LINE, **changes: Any) -> Decided:
    facts: dict[str, Any] = {"order": "m1-1", "unit": "water", "now": NOW, **changes}
    request = Extension(
        id="",
        order="",
        until=date.fromisoformat(until),
        reason=WORDS,
        asked_by="u1",
        asked_at=facts["now"],
    )
    return extensions.ask(supervision, facts["order"], facts["unit"], request, by, facts["now"])


def asked(until: str = "2024-10-30") -> Supervision:
    return ask(started(), until)[0]


def grant(supervision: Supervision, now: str = "2024-10-09 10:00", by: Rules = LINE) -> Decided:
    return extensions.grant(supervision, "extension-1", "s1", None, by, at(now))


def refused(
    expected: type[Refusal], supervision: Supervision, until: str = "2024-10-30", **changes: Any
) -> str:
    with pytest.raises(expected) as refusal:
        ask(supervision, until, **changes)
    return refusal.value.detail


# -- asking ------------------------------------------------------------------------------


@pytest.mark.clause("S4-36")
def test_a_unit_asks_for_more_time_and_the_date_stands_meanwhile() -> None:
    supervision, said = ask(started())
    assert said == [
        ExtensionAsked(extension="extension-1", order="m1-1", unit="water", until=date(2024, 10, 30))
    ]
    assert due_on(supervision) == date(2024, 10, 12)
    assert [x.id for x in supervision.asked] == ["extension-1"]


@pytest.mark.clause("S4-37", "XI-09")
def test_the_whole_may_not_exceed_thirty_working_days_from_the_clocks_start() -> None:
    assert ask(started(), "2024-11-13")
    assert "2024-11-13" in refused(BadDate, started(), "2024-11-14")


@pytest.mark.clause("XI-09")
def test_an_office_may_count_the_cap_from_the_first_date() -> None:
    by = rules(extension={"cap_counts": "added", "cap": Term(amount=5, unit="wd")})
    assert ask(started(), "2024-10-18", by)
    refused(BadDate, started(), "2024-10-19", by=by)


def test_the_petition_time_point_caps_extensions_too() -> None:
    by = rules(deadline={"cap": Term(amount=20, unit="day")})
    assert ask(started(), "2024-10-17", by)
    refused(BadDate, started(), "2024-10-18", by=by)


def test_a_date_that_is_not_later_is_refused() -> None:
    for until in ("2024-10-11", "2024-10-12"):
        refused(BadDate, started(), until)


@pytest.mark.clause("E-17")
def test_asking_is_possible_until_the_last_minute_and_not_after() -> None:
    assert ask(started(), now=at("2024-10-12 23:59"))
    refused(TooLate, started(), now=at("2024-10-13 00:00"))


@pytest.mark.clause("E-17")
def test_a_supervised_order_cannot_ask_on_the_slips_limit() -> None:
    supervised, _ = come(started(), "2024-10-13 00:00")
    refused(TooLate, supervised, now=at("2024-10-13 10:00"))


@pytest.mark.clause("X-06")
def test_an_office_without_extensions_refuses_them_all() -> None:
    refused(NotExtendable, started(CENTRE), by=CENTRE)


@pytest.mark.clause("E-19", "X-34")
def test_a_consumer_complaint_is_never_extended() -> None:
    waiting = started(legal_class="consumer")
    running, _ = clocks.accepted(waiting, acceptance("2024-09-27 11:00"), LINE)
    assert "法律" in refused(NotExtendable, running)


@pytest.mark.clause("E-19", "S4-33")
def test_an_emergency_is_never_extended() -> None:
    refused(NotExtendable, started(flags=("hot", "emergency")))


@pytest.mark.clause("X-34", "S4-57")
def test_a_legal_class_that_may_be_extended_is() -> None:
    assert ask(started(legal_class="unfair_competition"))


@pytest.mark.clause("E-18")
def test_an_assisting_unit_cannot_ask_alone() -> None:
    supervision = clocks.dispatched(started(), order(order="m1-2", unit="gas", role="assisting"), LINE)[0]
    refused(NotExtendable, supervision, order="m1-2", unit="gas")
    assert ask(supervision, order="m1-2", unit="gas", by=rules(extension={"lead_only": False}))


def test_another_units_order_is_refused() -> None:
    refused(NotYourOrder, started(), unit="gas")


def test_one_request_at_a_time() -> None:
    refused(WrongState, asked())


@pytest.mark.clause("E-18")
def test_a_second_extension_stays_inside_the_same_cap() -> None:
    granted, _ = grant(asked())
    assert ask(granted, "2024-11-13")
    refused(BadDate, granted, "2024-11-14")


def test_an_order_that_is_not_in_work_cannot_ask() -> None:
    recalled = OrderRecalled(order="m1-1", unit="water", recalled_at=NOW)
    over = CaseConcluded(outcome="withdrawn", round=1, concluded_at=NOW)
    refused(WrongState, replied(started(), "2024-10-08 09:00"))
    refused(WrongState, clocks.ended(started(), recalled, "recalled", NOW)[0])
    refused(WrongState, cases.conclude(started(), over, 1, NOW)[0])
    refused(WrongState, started(legal_class="consumer"))


# -- deciding ----------------------------------------------------------------------------


@pytest.mark.clause("S4-36")
def test_consent_sets_the_new_date_and_tells_the_unit() -> None:
    supervision, said = grant(asked())
    assert said[0] == ExtensionGranted(extension="extension-1", order="m1-1", due_on=date(2024, 10, 30))
    assert only(said, DeadlineSet).reason == "extended"
    assert limit_of(supervision).due_at == at("2024-10-31 00:00")
    assert only(said, MessageRequested).params == {"decision": "同意延期", "due_on": "2024-10-30"}
    assert messages(said) == [("extension_decided", "unit", "water")]
    assert come(supervision, "2024-10-30 23:59") == (supervision, [])


@pytest.mark.clause("S4-36")
def test_refusal_leaves_the_date_and_tells_the_unit() -> None:
    supervision, said = extensions.refuse(asked(), "extension-1", "s1", WORDS)
    assert said[0] == ExtensionRefused(extension="extension-1", order="m1-1")
    assert only(said, MessageRequested).params == {"decision": "不同意延期", "due_on": "2024-10-12"}
    assert due_on(supervision) == date(2024, 10, 12)
    assert supervision.asked == ()


@pytest.mark.clause("E-17")
def test_undecided_at_expiry_counts_overdue_and_the_slip_stays_when_it_is_granted() -> None:
    supervised, said = come(asked(), "2024-10-13 00:00")
    assert only(said, SupervisionIssued)
    granted, _ = grant(supervised, "2024-10-14 10:00")
    assert due_on(granted) == date(2024, 10, 30)
    assert [s.notice for s in granted.slips] == [""]
    assert come(granted, "2024-10-30 23:59") == (granted, [])


def test_a_granted_extension_counts_as_on_time() -> None:
    final = clock_of(replied(grant(asked())[0], "2024-10-29 10:00")).last_final
    assert final is not None
    assert final.on_time


def test_a_date_that_has_passed_is_not_granted_any_more() -> None:
    with pytest.raises(TooLate):
        grant(asked(), "2024-10-31 00:00")


def test_what_is_decided_or_settled_is_not_decided_again() -> None:
    decided = grant(asked())[0]
    settled = replied(asked(), "2024-10-09 10:00")
    for supervision in (decided, settled):
        with pytest.raises(NotPending):
            grant(supervision)
        with pytest.raises(NotPending):
            extensions.refuse(supervision, "extension-1", "s1", WORDS)
    with pytest.raises(NoSuchExtension):
        grant(started())


@pytest.mark.clause("S4-36")
def test_only_who_may_approve_decides() -> None:
    (clock,) = asked().clocks
    extensions.check_approver(clock, True, "duty_room", LINE.book)
    with pytest.raises(NotApprover):
        extensions.check_approver(clock, False, "duty_room", LINE.book)


@pytest.mark.clause("E-77")
def test_nobody_decides_for_the_own_unit() -> None:
    (clock,) = asked().clocks
    with pytest.raises(OwnResult):
        extensions.check_approver(clock, True, "water", LINE.book)


@pytest.mark.clause("S2-35")
def test_the_new_date_is_urged_for_anew() -> None:
    by = rules(urge={"before": Term(amount=3, unit="day")})
    urged, _ = come(started(by), "2024-10-09 09:00", by)
    supervision, _ = ask(urged, by=by, now=at("2024-10-10 10:00"))
    granted, _ = grant(supervision, "2024-10-10 11:00", by)
    assert limit_of(granted).urge_at == at("2024-10-25 09:00")
