"""Six criteria, each judged by itself; one that fails sends the result back (S2-42…S2-49)."""

import pytest

from huiyin.client.line import Json, Person, Refused
from tests.scenarios.driver import Driver

CRITERIA = ("facts", "characterisation", "policy", "formalities", "met", "persuasion")
CLAUSES = ("S2-43", "S2-44", "S2-45", "S2-46", "S2-47", "S2-48")


@pytest.fixture(scope="module")
def under_review(drivers: dict[str, Driver]) -> tuple[str, Json]:
    """One case whose unit replies again and again."""
    office = drivers["community-centre"]
    office.begin_the_day()
    return office.replied()


def _to_review(office: Driver, number: str, order: Json) -> int:
    """The number of the reply that waits for a verdict; the unit writes one where none does."""
    replies = office.order(number, order["id"])["replies"]
    if replies[-1]["verdict"] != "pending":
        office.until(lambda: office.order(number, order["id"])["state"] == "accepted")
        office.reply(number, order, f"第{len(replies) + 1}次答复：已现场核实。")
        replies = [*replies, {}]
    office.until(lambda: [r for r in office.reviews() if (r["number"], r["reply"]) == (number, len(replies))])
    return len(replies)


def _judge(office: Driver, number: str, order: Json, reply: int, results: list[Json], **more: str) -> Json:
    path = f"/supervisions/{number}/orders/{order['id']}/reviews"
    return office.role("supervisor").post("supervision", path, {"reply": reply, "results": results, **more})


def _passing(*but: str) -> list[Json]:
    return [{"criterion": one, "result": "pass"} for one in CRITERIA if one not in but]


@pytest.mark.parametrize(
    "criterion",
    [
        pytest.param(name, marks=pytest.mark.clause(clause, "S2-42", "S2-49"))
        for name, clause in zip(CRITERIA, CLAUSES, strict=True)
    ],
)
def test_a_result_is_judged_by_each_criterion_and_goes_back_when_that_one_fails(
    community_centre: Driver, under_review: tuple[str, Json], criterion: str
) -> None:
    office, (number, order) = community_centre, under_review
    reply = _to_review(office, number, order)
    with pytest.raises(Refused, match="results"):
        _judge(office, number, order, reply, _passing(criterion))
    failed = {"criterion": criterion, "result": "fail", "reason": "与要求不符。"}
    _judge(office, number, order, reply, [*_passing(criterion), failed], demands="请补充后重报。")
    returned = office.until_said(number, "reply.returned", times=reply)[-1]["data"]
    assert (returned["reply"], returned["failed"]) == (reply, [criterion])
    assert office.said(number, "handling.completed") == []
    assert office.echo(number)["state"] == "waiting"
    office.until(lambda: office.order(number, order["id"])["replies"][-1]["verdict"] == "returned")


@pytest.mark.clause("E-105")
def test_only_the_meeting_and_the_persuasion_may_be_out_of_place_and_with_a_reason(
    community_centre: Driver,
) -> None:
    office = community_centre
    number, order = office.replied()
    with pytest.raises(Refused, match="不能选“不适用”"):
        _judge(office, number, order, 1, [*_passing("facts"), _not_applicable("facts", "无")])
    with pytest.raises(Refused, match="reason"):
        _judge(office, number, order, 1, [*_passing("met"), _not_applicable("met", "")])
    without = [_not_applicable("met", "来信人未留地址。"), _not_applicable("persuasion", "来信人无异议。")]
    _judge(office, number, order, 1, [*_passing("met", "persuasion"), *without])
    office.until_said(number, "reply.approved")


def _not_applicable(criterion: str, reason: str) -> Json:
    return {"criterion": criterion, "result": "not_applicable", "reason": reason}


@pytest.mark.clause("E-77")
def test_who_handled_a_matter_does_not_judge_the_own_result(community_centre: Driver) -> None:
    office = community_centre
    number, order = office.dispatched()
    office.give_back(number, order)
    office.assign(number, "m1", "centre_office")
    own = office.until(
        lambda: next(o for o in office.handling(number)["orders"] if o["state"] == "dispatched")
    )
    office.accept(number, own)
    office.reply(number, own, "已改进叫号。")
    office.until(lambda: any(row["number"] == number for row in office.reviews()))
    people = office.folder.people
    first, second = (people[f"cc-supervisor-{n}"] for n in (1, 2))
    assert (first.unit, second.unit == own["unit"]) == (own["unit"], False)
    body = {"reply": 1, "results": _passing()}
    path = f"/supervisions/{number}/orders/{own['id']}/reviews"
    with pytest.raises(Refused, match="own-result"):
        Person(office.line, first.subject, "supervisor", office.office).post("supervision", path, body)
    Person(office.line, second.subject, "supervisor", office.office).post("supervision", path, body)
    office.until_said(number, "reply.approved")
