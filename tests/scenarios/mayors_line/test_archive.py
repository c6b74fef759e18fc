"""Materials of value are archived: recordings, assignments and replies, meetings, instructions (S4)."""

from typing import Any

import pytest

from tests.scenarios.desk_of_enclosures import refusal, upload
from tests.scenarios.driver import Driver

ALL = ["telephone_records", "assignment_and_reply", "meeting_materials", "leader_instructions"]
VOICE = b"#!AMR\n" + b"\x3c\x91\x17" * 40


@pytest.mark.clause("S4-54", "X-31")
def test_materials_worth_keeping_are_named_when_a_case_is_archived_and_stand_in_its_volume(
    mayors_line: Driver,
) -> None:
    operator, records = mayors_line.role("operator"), mayors_line.role("records")
    number, _ = mayors_line.dispatched()
    upload(operator, number, "a.amr", VOICE)
    upload(records, number, "b.txt", "会议纪要".encode(), material="meeting_materials")
    today = mayors_line.now()
    mayors_line.withdraw(number, "不再要求处理")
    waits = mayors_line.until(lambda: _waiting(mayors_line, number))
    assert waits["waits_days"] == 0
    address = f"/cases/{number}/filing"
    nothing = {"kept": True, "reason": "有查考价值"}
    assert refusal(lambda: records.post("intake", address, nothing)) == "not-as-ruled"
    not_there = {**nothing, "materials": ["leader_instructions"]}
    assert refusal(lambda: records.post("intake", address, not_there)) == "not-as-ruled"
    mayors_line.until_stage(number, "archived")
    upload(records, number, "c.txt", "领导批示件".encode(), material="leader_instructions")
    done = records.post("intake", address, {**nothing, "materials": ALL})
    assert (done["kept"], done["materials"], done["volume"]) == (True, ALL, None)
    mayors_line.advance(hours=2)
    first, second = mayors_line.until(lambda: _parts(mayors_line, number, 2))
    assert "assignment_and_reply" in {row["material"] for row in first["contents"]}
    assert [(f["kind"], f["material"]) for f in first["files"]] == [
        ("voice", None),
        ("text", "meeting_materials"),
    ]
    assert [f["material"] for f in second["files"]] == ["leader_instructions"], "it came behind the seal"
    (kept,) = records.get("intake", "/volumes", number=number)["volumes"]
    assert kept["keep_until"] == f"{today.year + 10}{today:-%m-%d}"


def _parts(office: Driver, number: str, n: int) -> list[dict[str, Any]] | None:
    found: list[dict[str, Any]] = office.role("records").get("intake", f"/cases/{number}/volume")["parts"]
    return found if len(found) == n else None


def _waiting(office: Driver, number: str) -> dict[str, Any] | None:
    rows = office.role("records").all("intake", "/filings", "cases")
    return next((row for row in rows if row["number"] == number), None)
