"""The centre's way: the leader reads first, urging three days before, six criteria (S2)."""

from datetime import date

import pytest

from huiyin.client.line import Refused
from tests.scenarios.driver import Driver


@pytest.mark.clause("S2-19", "X-09")
def test_nothing_is_sent_before_the_leader_has_instructed(community_centre: Driver) -> None:
    number = community_centre.registered()
    community_centre.until(lambda: community_centre.handling(number)["gate"] == "asked")
    assert community_centre.handling(number)["orders"] == []
    community_centre.until(lambda: number in [h["number"] for h in community_centre.waiting_for("leader")])
    community_centre.instruct(number)
    community_centre.until_said(number, "order.dispatched")


@pytest.mark.clause("S2-31", "X-01", "X-04")
def test_an_ordinary_complaint_has_fifteen_working_days_from_acceptance(community_centre: Driver) -> None:
    _, order = community_centre.accepted()
    assert order["due_on"] == community_centre.working_days_from_now(15).isoformat()


@pytest.mark.parametrize(
    ("difficulty", "months", "signs"),
    [
        pytest.param("complex", 2, (), marks=pytest.mark.clause("S2-32", "X-02", "X-03")),
        pytest.param("legacy", 3, ("legacy",), marks=pytest.mark.clause("S2-33", "X-02", "X-03")),
    ],
)
def test_a_harder_complaint_has_months(
    community_centre: Driver, difficulty: str, months: int, signs: tuple[str, ...]
) -> None:
    _, order = community_centre.accepted(difficulty=difficulty, signs=list(signs))
    expected = community_centre.calendar.add_months(community_centre.now().date(), months).on
    assert order["due_on"] == expected.isoformat()


@pytest.mark.clause("S2-35", "X-08")
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


@pytest.mark.clause("X-07")
def test_at_expiry_it_is_explained_to_whoever_assigned_it(community_centre: Driver) -> None:
    number, order = community_centre.accepted()
    community_centre.advance_to(date.fromisoformat(order["due_on"]), "23:30")
    community_centre.advance(hours=1)
    explained = community_centre.until(
        lambda: [
            row["data"]
            for row in community_centre.said(number, "message.requested")
            if row["data"]["template"] == "explain_overdue"
        ]
    )
    assert [(e["addressee_kind"], e["addressee"]) for e in explained] == [("role", "leader")]


@pytest.mark.clause("S2-42", "X-27")
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


@pytest.mark.clause("XI-04")
def test_a_letter_of_a_harder_class_has_the_term_of_its_class(community_centre: Driver) -> None:
    _, order = community_centre.accepted(channel="letter", difficulty="complex")
    expected = community_centre.calendar.add_months(community_centre.now().date(), 2).on
    assert order["due_on"] == expected.isoformat()


@pytest.mark.clause("E-11", "S2-32")
def test_a_class_raised_midway_has_its_term_from_the_original_start(community_centre: Driver) -> None:
    office = community_centre
    began, (number, order) = office.now().date(), office.accepted()
    office.advance_to(office.working_days_from_now(2))
    with pytest.raises(Refused):
        office.reclassify(number, difficulty="complex")
    office.reclassify(number, difficulty="complex", reason="涉及多年台账，取证需时")
    raised = office.calendar.add_months(began, 2).on.isoformat()
    office.until(lambda: office.order(number, order["id"])["due_on"] == raised)
    first, second = office.supervision(number)["clocks"][0]["limits"]
    assert (first["due_on"], second["start"], second["reason"]) == (
        order["due_on"],
        first["start"],
        "reclassified",
    )
    assert office.case(number)["reclassified"][0]["why"] == "涉及多年台账，取证需时"
