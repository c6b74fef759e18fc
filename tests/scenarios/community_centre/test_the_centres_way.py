"""The centre's way: the leader reads first, urging three days before, six criteria (S2)."""

from datetime import date

import pytest

from huiyin.client.line import Refused
from tests.scenarios.driver import Driver


@pytest.mark.clause("S2-17", "S2-18", "S2-19")
def test_nothing_is_sent_before_the_leader_has_instructed(community_centre: Driver) -> None:
    number = community_centre.registered()
    community_centre.until(lambda: community_centre.handling(number)["gate"] == "asked")
    assert community_centre.handling(number)["orders"] == []
    community_centre.until(lambda: number in [h["number"] for h in community_centre.waiting_for("leader")])
    community_centre.instruct(number)
    community_centre.until_said(number, "order.dispatched")


@pytest.mark.clause("S2-31", "E-02")
def test_an_ordinary_complaint_has_fifteen_working_days_from_acceptance(community_centre: Driver) -> None:
    _, order = community_centre.accepted()
    assert order["due_on"] == community_centre.working_days_from_now(15).isoformat()


@pytest.mark.clause("S2-32", "E-04")
def test_a_complex_complaint_has_two_months(community_centre: Driver) -> None:
    _, order = community_centre.accepted(difficulty="complex")
    expected = community_centre.calendar.add_months(community_centre.now().date(), 2).on
    assert order["due_on"] == expected.isoformat()


@pytest.mark.clause("S2-35", "S2-37", "S2-38")
def test_three_days_before_the_limit_a_numbered_slip_goes_out_once(community_centre: Driver) -> None:
    number, order = community_centre.accepted()
    due = date.fromisoformat(order["due_on"])
    urging = community_centre.calendar.working_day_on_or_before(date.fromordinal(due.toordinal() - 3))
    community_centre.advance_to(urging, "08:30")
    assert community_centre.said(number, "order.urged") == []
    community_centre.advance_to(urging, "09:30")
    urged = community_centre.until_said(number, "order.urged")[0]["data"]
    assert (urged["ordinal"], urged["due_on"]) == (1, order["due_on"])
    community_centre.until(lambda: urged["slip"] in community_centre.order(number, order["id"])["slips"])
    community_centre.advance(hours=20)
    community_centre.until(lambda: community_centre.supervision(number))
    assert len(community_centre.said(number, "order.urged")) == 1


@pytest.mark.clause("S2-40", "E-129")
def test_at_expiry_it_is_explained_to_whoever_assigned_it(community_centre: Driver) -> None:
    number, order = community_centre.accepted()
    community_centre.advance_to(date.fromisoformat(order["due_on"]), "23:30")
    community_centre.advance(hours=1)
    community_centre.until_said(number, "supervision.issued")
    explained = [
        row["data"]
        for row in community_centre.said(number, "message.requested")
        if row["data"]["template"] == "explain_overdue"
    ]
    assert [(e["addressee_kind"], e["addressee"]) for e in explained] == [("role", "leader")]


@pytest.mark.clause("S2-42", "S2-49")
def test_every_criterion_is_judged_or_the_review_is_refused(community_centre: Driver) -> None:
    number, order = community_centre.replied()
    community_centre.until(lambda: any(r["number"] == number for r in community_centre.reviews()))
    five = [c.id for c in community_centre.folder.rulebook.review.criteria][:-1]
    body = {"reply": 1, "results": [{"criterion": c, "result": "pass"} for c in five]}
    with pytest.raises(Refused):
        community_centre.role("supervisor").post(
            "supervision", f"/supervisions/{number}/orders/{order['id']}/reviews", body
        )
    community_centre.review(number, order["id"], 1)
    community_centre.until_said(number, "reply.approved")


@pytest.mark.clause("X-06")
def test_this_office_grants_no_more_time(community_centre: Driver) -> None:
    number, order = community_centre.accepted()
    with pytest.raises(Refused):
        community_centre.ask_more_time(number, order, community_centre.working_days_from_now(20))


@pytest.mark.clause("S2-63", "XI-04")
def test_a_letters_fifteen_days_run_from_the_units_receipt(community_centre: Driver) -> None:
    number, order = community_centre.dispatched(channel="letter")
    community_centre.advance(days=1)
    community_centre.accept(number, order)
    due = community_centre.until(lambda: community_centre.order(number, order["id"])["due_on"])
    assert due == community_centre.working_days_from_now(15).isoformat()
