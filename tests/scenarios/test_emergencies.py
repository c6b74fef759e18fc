"""Five offices, one danger: each tells whom its rules name, and none waits (X-11, V-02)."""

import pytest

from tests.scenarios.driver import Driver
from tests.scenarios.phone import told

#: Whom each office's rules have told of an emergency at once, and what it is watched for.
REPORTED = {
    "petition-office": ("report_at_once", ["leader"]),
    "county-hotline": ("report_first", ["leader"]),
    "community-centre": ("report_at_once", ["leader", "supervisor"]),
    "city-hotline": ("transfer", ["leader"]),
    "mayors-line": ("verify_and_handle", ["leader"]),
}


@pytest.mark.clause("X-11", "V-02")
@pytest.mark.parametrize("office", REPORTED)
def test_each_office_tells_whom_its_rules_name_and_dispatches_without_waiting(
    drivers: dict[str, Driver], office: str
) -> None:
    driver = drivers[office]
    driver.begin_the_day()
    bare = {**driver.form(), "parties": [{"anonymous": True}], "flags": ["emergency"]}
    number = str(driver.register(bare)["number"])
    policy, reported = REPORTED[office]
    driver.until_said(number, "order.dispatched")
    assert driver.said(number, "instruction.asked") == []
    assert (sorted(told(driver, number, "emergency_raised")), driver.case(number)["priority"]) == (
        reported,
        "urgent",
    )
    events = [row["type"] for row in sorted(driver.journal(number), key=lambda row: row["time"])]
    assert events.index("message.requested") < events.index("order.dispatched"), "told first (X-11)"
    driver.advance(minutes=driver.folder.rulebook.terms.immediately.amount + 1)
    watched = policy in ("transfer", "verify_and_handle")
    if watched:
        driver.until(lambda: told(driver, number, "emergency_unverified"))
    assert told(driver, number, "emergency_unverified") == (["leader"] if watched else [])
