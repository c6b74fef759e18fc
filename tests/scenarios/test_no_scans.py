"""No question to the store reads a whole collection: it would take longer with every complaint."""

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import pytest
from pymongo import MongoClient

from deploy.local.servers import Addresses
from huiyin.contracts.services import SERVICES
from tests.scenarios.driver import Driver

_SCANNED: Final = {"planSummary": "COLLSCAN", "op": {"$in": ["query", "command", "update", "remove"]}}
#: What beats ask by, each second or two, whether anything happens or not.
_OF_BEATS: Final = frozenset({"alarm_at", "ask_at", "due_at", "next_at"})
#: One row a department that subscribed: complaints do not make it longer.
_FEW_ROWS: Final = {"huiyin_notify.feeds"}


class Asked(NamedTuple):
    """A question to a store by one field, and whether the collection was read whole for it."""

    collection: str
    field: str
    scanned: bool


@pytest.fixture
def asked(mayors_line: Driver, platform_addresses: Addresses) -> Iterator[Callable[[], set[Asked]]]:
    """What the stores were asked since, of what is scanned and of what beats ask."""
    seen = {"$or": [_SCANNED, *({f"command.filter.{field}": {"$exists": True}} for field in _OF_BEATS)]}
    with MongoClient[dict[str, Any]](platform_addresses.mongo_url) as client:
        stores = [client[f"huiyin_{service}"] for service in SERVICES]
        for store in stores:
            store.command("profile", 1, filter=seen)

        def told() -> set[Asked]:
            rows = (row for store in stores for row in store["system.profile"].find())
            return {
                Asked(row["ns"], field, row.get("planSummary") == "COLLSCAN")
                for row in rows
                for field in _fields(row["command"])
            }

        yield told
        for store in stores:
            store.command("profile", 0, filter="unset")
            store["system.profile"].drop()


def _fields(command: dict[str, Any]) -> list[str]:
    """The fields of the question; none where all was wanted."""
    matches = [stage["$match"] for stage in command.get("pipeline", ()) if "$match" in stage]
    return [field for asked in (command.get("filter"), command.get("q"), *matches) for field in asked or ()]


def test_no_beat_and_no_step_reads_a_whole_collection(
    mayors_line: Driver, asked: Callable[[], set[Asked]]
) -> None:
    number, _ = mayors_line.approved()
    mayors_line.archived(number)
    mayors_line.until(lambda: {one.field for one in asked()} >= _OF_BEATS)
    assert {one for one in asked() if one.scanned and one.collection not in _FEW_ROWS} == set()
