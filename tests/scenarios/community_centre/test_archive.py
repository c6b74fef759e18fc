"""Every closed case is bound, found again, and opened again in a new part; seven records are kept (S2)."""

from datetime import date, timedelta
from typing import Any

import pytest

from huiyin.client.line import Person
from tests.scenarios.desk_of_enclosures import refusal
from tests.scenarios.driver import Driver

WHY = {"reason": "诉求人提供了新的证据"}


def parts(office: Driver, number: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.role("records").get("intake", f"/cases/{number}/volume")["parts"]
    return found


def archived(office: Driver, **changes: Any) -> str:
    """A letter that was handled, told, and bound."""
    number, _ = office.approved(**{"channel": "letter", **changes})
    assert office.archived(number)["archived"] is True, "by the office's rule, with the sealing"
    return number


@pytest.mark.clause("S2-50", "E-107", "X-31")
def test_a_closed_case_is_bound_and_opened_again_under_its_number_in_a_new_part(
    community_centre: Driver,
) -> None:
    leader, number = community_centre.role("leader"), archived(community_centre)
    (first,) = parts(community_centre, number)
    assert first["volume"].startswith("BF-JZ-")
    listed = [row["type"] for row in first["contents"]]
    assert {"case.registered", "order.dispatched", "reply.submitted", "case.concluded"} <= set(listed)
    assert [row["n"] for row in first["contents"]] == list(range(1, len(listed) + 1))
    assert refusal(lambda: _file(community_centre, number)) == "filed-by-rule"
    reopening = f"/cases/{number}/reopening"
    assert refusal(lambda: leader.post("intake", reopening, {})) == "invalid"
    again = leader.post("intake", reopening, WHY)
    assert again == {"number": number, "round": 2, "part": 2}
    assert refusal(lambda: leader.post("intake", reopening, WHY)) == "not-archived"
    _handle_again(community_centre, number)
    assert community_centre.archived(number)["round"] == 2
    one, two = community_centre.until(lambda: _two(community_centre, number))
    assert one == first, "what was sealed stays as it was"
    assert (two["part"], two["number"], two["volume"]) == (2, number, first["volume"])
    assert "case.reopened" in [row["type"] for row in two["contents"]]
    assert not {row["event"] for row in one["contents"]} & {row["event"] for row in two["contents"]}


def _file(office: Driver, number: str) -> None:
    office.role("records").post("intake", f"/cases/{number}/filing", {"kept": False, "reason": "不需要"})


def _two(office: Driver, number: str) -> list[dict[str, Any]] | None:
    found = parts(office, number)
    return found if len(found) == 2 else None


def _handle_again(office: Driver, number: str) -> None:
    order = office.until(lambda: _in_round(office, number, 2))
    office.reply(number, order, "重新核实后已整改到位。")
    office.until(lambda: any(row["number"] == number for row in office.reviews()))
    office.review(number, order["id"], 2)


def _in_round(office: Driver, number: str, n: int) -> dict[str, Any] | None:
    orders = office.handling(number)["orders"]
    return next((o for o in orders if o["round"] == n and o["state"] == "accepted"), None)


@pytest.mark.clause("S2-50")
def test_what_comes_behind_a_bound_part_is_bound_as_the_next_one(community_centre: Driver) -> None:
    number = archived(community_centre)
    supervisor = community_centre.role("supervisor")
    supervisor.post("intake", f"/cases/{number}/circle/recusals", {"people": ["cc-operator-2"]})
    community_centre.until_said(number, "circle.applied", times=4)
    community_centre.advance(hours=2)
    _, two = community_centre.until(lambda: _two(community_centre, number))
    assert sorted(row["type"] for row in two["contents"]) == ["circle.applied"] * 4 + ["circle.changed"]


@pytest.mark.clause("S2-51", "S2-89")
def test_volumes_are_found_by_number_year_and_category_but_not_by_who_is_kept_out(
    community_centre: Driver,
) -> None:
    number, records = archived(community_centre), community_centre.role("records")
    (row,) = records.get("intake", "/volumes", number=number)["volumes"]
    year, volume = community_centre.now().year, row["volume"]
    right: tuple[dict[str, Any], ...] = (
        {"volume": volume},
        {"year": year, "number": number},
        {"category": "window", "number": number},
    )
    for query in right:
        found = records.get("intake", "/volumes", **query)
        assert [one["number"] for one in found["volumes"]] == [number], query
    wrong: tuple[dict[str, Any], ...] = ({"year": year + 1}, {"category": "wind"})
    for query in wrong:
        assert records.get("intake", "/volumes", number=number, **query)["total"] == 0, query
    community_centre.role("supervisor").post(
        "intake", f"/cases/{number}/circle/recusals", {"people": [records.subject]}
    )
    assert records.get("intake", "/volumes", volume=volume) == {"total": 0, "volumes": []}


def record(who: Person, kind: str, since: date, **query: Any) -> list[dict[str, Any]]:
    period = {"since": f"{since}T00:00:00+08:00", "until": f"{since + timedelta(days=400)}T00:00:00+08:00"}
    rows: list[dict[str, Any]] = who.get("intake", f"/records/{kind}", limit=200, **period, **query)["rows"]
    return rows


@pytest.mark.clause("S2-86", "S2-86+supervision")
def test_each_department_keeps_seven_records_of_letters_and_visits(community_centre: Driver) -> None:
    since = community_centre.now().date()
    number, order = community_centre.accepted(channel="letter")
    call = community_centre.registered()
    unit, office = community_centre.holds(order), community_centre.role("records")
    due = date.fromisoformat(order["due_on"])
    urging = community_centre.calendar.working_day_on_or_before(date.fromordinal(due.toordinal() - 3))
    community_centre.advance_to(urging, "09:30")
    urged = community_centre.until_said(number, "order.urged")[0]["data"]
    community_centre.reply(number, order, "已核实并整改。")
    community_centre.until(lambda: any(row["number"] == number for row in community_centre.reviews()))
    community_centre.review(number, order["id"], 1)
    community_centre.archived(number)

    def mine(kind: str, who: Person = unit, **query: Any) -> list[dict[str, Any]]:
        return [row for row in record(who, kind, since, **query) if row.get("number") == number]

    assert [row["what"] for row in mine("registration")] == ["case.registered"]
    assert [(row["what"], row["unit"]) for row in mine("transfer")] == [("order.dispatched", order["unit"])]
    assert [row["what"] for row in mine("investigation")] == [
        "order.accepted",
        "reply.submitted",
        "reply.approved",
    ]
    assert [row["slip"] for row in mine("urging")] == [urged["slip"]]
    assert [(row["what"], row["outcome"]) for row in mine("closing")] == [("case.concluded", "echoed")]
    assert [row["kept"] for row in mine("archiving")] == [True]
    counts = {(row["by"], row["of"]): row["n"] for row in record(unit, "statistics", since)}
    assert counts["channel", "letter"] >= 1
    assert all(of in ("letter", "visit") for by, of in counts if by == "channel")
    other = next(one for one in community_centre.folder.units if one != order["unit"])
    assert mine("transfer", office, unit=other) == []
    assert refusal(lambda: record(unit, "transfer", since, unit=other)) == "forbidden"
    everyone = {row["number"] for row in record(office, "registration", since)}
    assert number in everyone
    assert call not in everyone, "letters and visits"
    page = unit.line.send(
        "GET",
        "intake",
        "/records/transfer",
        params={"since": f"{since}T00:00:00+08:00", "until": "2034-01-01T00:00:00+08:00", "form": "page"},
        headers=unit.headers(),
    )
    assert "转办记录" in page.text
    assert number in page.text
