"""The audit keeps a row before the answer leaves."""

from datetime import UTC, datetime
from typing import Any

from pymongo.database import Database
from pymongo.mongo_client import MongoClient
from pymongo.monitoring import CommandListener, CommandStartedEvent

from huiyin.chassis.audit import Audit
from huiyin.chassis.clocks import SystemMachineClock
from huiyin.chassis.observe import Metrics, clock_skew_check
from huiyin.chassis.steps import Actor
from tests.chassis.toy import AUDIT_KEY

WHEN = datetime(2026, 11, 22, 4, tzinfo=UTC)
WHO = Actor(subject="s-1", role="unit", office="12345", unit="water")


def test_a_row_says_who_did_what_to_which_case_and_why(database: Database[dict[str, Any]]) -> None:
    kept = Audit(database.audit, AUDIT_KEY).record(
        "refused", WHO, "20261122-000017", WHEN, {"route": "/orders"}
    )
    row = database.audit.find_one({"_id": kept})
    assert row is not None
    assert row["who"] == {"subject": "s-1", "role": "unit", "office": "12345", "unit": "water"}
    assert (row["what"], row["case"], row["detail"]) == ("refused", "20261122-000017", {"route": "/orders"})


class Writes(CommandListener):
    """Keeps the commands a client sends."""

    def __init__(self) -> None:
        self.commands: list[Any] = []

    def started(self, event: CommandStartedEvent) -> None:
        self.commands.append(event.command)

    def succeeded(self, event: Any) -> None:
        """Not looked at."""

    def failed(self, event: Any) -> None:
        """Not looked at."""


def test_a_row_is_on_disk_on_most_members(database: Database[dict[str, Any]], mongo_url: str) -> None:
    writes = Writes()
    with MongoClient[dict[str, Any]](mongo_url, event_listeners=[writes]) as client:
        Audit(client[database.name].audit, AUDIT_KEY).record("read", WHO, "", WHEN)
    (insert,) = [c for c in writes.commands if "insert" in c]
    assert insert["writeConcern"]["w"] == "majority"
    assert insert["writeConcern"]["j"] is True


def test_this_machine_agrees_with_its_own_database(database: Database[dict[str, Any]]) -> None:
    assert clock_skew_check(database.client, SystemMachineClock(), Metrics("demo"))() is None
