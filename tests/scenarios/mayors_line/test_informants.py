"""Whoever reports is kept confidential: by intake, and by what dispatch gives to units (S4-60)."""

import json

import pytest

from huiyin.client.line import Json, Refused
from tests.scenarios.driver import Driver

NAME, PHONE, WORKS_AT = "柏守拙", "19900000001", "晨钟印刷厂"
TEXT = f"某店虚假标价，举报人{NAME}，{WORKS_AT}职工，电话{PHONE}。"


@pytest.mark.clause("S4-60+dispatch")
@pytest.mark.parametrize(
    "how",
    [{"matter": {"kind": "report"}}, {"legal_class": "unfair_competition", "evidence": True}],
    ids=["report", "legal_class"],
)
def test_who_reports_stays_unknown_to_the_unit_without_having_asked_for_it(
    mayors_line: Driver, how: Json
) -> None:
    office = mayors_line
    matter = {"category": "transport/bus", "text": TEXT, **how.get("matter", {})}
    number, order = office.dispatched(**{**how, "matter": matter})
    (circle,) = office.role("auditor").get("intake", f"/cases/{number}/circle")["matters"]
    assert circle["confidential"] is True
    unit = office.unit(order["unit"])
    office.accept(number, order)
    office.reply(number, order, f"已向举报人{NAME}（{PHONE}）核实。")
    office.until(lambda: any(row["number"] == number for row in office.reviews()))
    seen = [
        office.until(lambda: unit.get("intake", f"/cases/{number}")),
        unit.all("dispatch", "/orders", "orders", state="replied"),
        office.until(lambda: unit.get("supervision", f"/supervisions/{number}")),
        office.journal(number),
    ]
    words = json.dumps(seen, ensure_ascii=False)
    assert "虚假标价" in words
    for secret in (NAME, PHONE, WORKS_AT):
        assert secret not in words
    before = refused(office, number)  # a unit that looks before its order is known here is refused, too
    with pytest.raises(Refused, match="403"):
        unit.post("intake", f"/cases/{number}/identity", {"reason": "需当面核实"})
    assert refused(office, number) == [*before, unit.subject]


def refused(office: Driver, number: str) -> list[str]:
    """Who was refused something of the case."""
    rows = office.role("auditor").get("intake", "/audit", case=number, what="refused")["rows"]
    return [row["who"]["subject"] for row in rows]
