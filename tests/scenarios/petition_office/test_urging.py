"""Units whose transferred complaint is unfinished are urged, the higher priority first (S0-16)."""

from datetime import date

import pytest

from huiyin.client.line import Json
from tests.scenarios.driver import Driver


def in_turn(office: Driver, *numbers: str) -> list[Json]:
    """These cases on the list of what is unfinished, in its order."""
    rows = office.role("supervisor").all("supervision", "/unfinished", "unfinished")
    return [row for row in rows if row["number"] in numbers]


@pytest.mark.clause("S0-16", "X-08")
def test_units_with_unfinished_complaints_are_urged_in_the_turn_of_their_priority(
    petition_office: Driver,
) -> None:
    office = petition_office
    normal, last = office.accepted(channel="letter")
    urgent, _ = office.accepted(priority="urgent", priority_why="群众聚集")
    high, _ = office.accepted(priority="high", priority_why="涉及老人")
    untransferred = office.registered(flags=["major"], why={"major": "百余户受影响"})
    done, order = office.accepted(priority="urgent", priority_why="限期答复")
    office.reply(done, order, "经查已整改，依据《城市供水条例》办结。")
    office.until(lambda: done not in {row["number"] for row in in_turn(office, done)})
    turn = [row["number"] for row in in_turn(office, normal, urgent, high, done, untransferred)]
    assert turn == [urgent, high, normal]
    office.reclassify(normal, priority="urgent", reason="当日将有集体来访")
    office.until(lambda: in_turn(office, normal, high)[0]["number"] == normal)
    office.advance_past(date.fromisoformat(last["due_on"]))
    for number in (normal, urgent, high):
        (urged,) = office.until_said(number, "order.urged")
        (row,) = in_turn(office, number)
        assert (urged["data"]["ordinal"], row["slips"]) == (1, [urged["data"]["slip"]])
        told = [r["data"] for r in office.said(number, "message.requested")]
        assert ("order_urged", row["unit"]) in {(one["template"], one["addressee"]) for one in told}
    assert not office.said(done, "order.urged")
    assert not office.said(untransferred, "order.urged")
