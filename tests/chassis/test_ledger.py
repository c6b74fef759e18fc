"""A service's books by case number: pages, what waits of the same range, and how long all rests."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from huiyin.chassis import ledger as chassis_ledger
from huiyin.chassis.draft import Record
from huiyin.chassis.ledger import Ledger
from huiyin.chassis.relay import marked
from huiyin.chassis.waiting import Trouble
from tests.chassis.toy import AT, Tally, Toy, add_reply, open_tally, toy

AFTER = datetime.now(UTC) + timedelta(hours=1)


@pytest.fixture
def service(own: Database[dict[str, Any]]) -> Toy:
    return toy(own)


@pytest.fixture
def ledger(service: Toy) -> Ledger:
    def facts(records: Sequence[Record[Tally]]) -> list[dict[str, Any]]:
        return [{"replies": list(record.state.replies)} for record in records]

    return Ledger("dispatch", service.documents, service.waiting, facts, lambda: AFTER)


def keep(service: Toy, event: str, case: str) -> None:
    service.waiting.keep([Trouble(b"{}", {}, "early", "not yet", event, case)])


def numbers(page: dict[str, Any]) -> tuple[list[str], list[str], str | None]:
    return [d["number"] for d in page["documents"]], [r["event"] for r in page["waiting"]], page["until"]


def test_pages_follow_one_another_with_what_waits_of_their_range(service: Toy, ledger: Ledger) -> None:
    for case in ("a", "c", "e"):
        open_tally(service.documents, case)
    for event, case in (("1", ""), ("2", "b"), ("3", "d"), ("4", "f")):
        keep(service, event, case)
    assert numbers(ledger.page("", 2)) == (["a", "c"], ["1", "2"], "c")
    assert numbers(ledger.page("c", 2)) == (["e"], ["3", "4"], None)
    assert numbers(ledger.case("c")) == (["c"], [], None)
    assert numbers(ledger.case("d")) == ([], ["3"], None)


def test_a_page_ends_where_too_much_waits_and_leaves_nothing_out(
    service: Toy, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chassis_ledger, "_MOST_ROWS", 2)
    for case in ("a", "b", "c"):
        open_tally(service.documents, case)
    for event, case in (("1", "a"), ("2", "b"), ("3", "b"), ("4", "c")):
        keep(service, event, case)
    assert numbers(ledger.page("", 10)) == (["a", "b"], ["1", "2", "3"], "b")
    assert numbers(ledger.page("b", 10)) == (["c"], ["4"], None)


def test_a_document_tells_its_steps_and_events_and_nothing_of_people(service: Toy, ledger: Ledger) -> None:
    open_tally(service.documents, "a")
    add_reply(service.documents, "a", 7)
    (document,) = ledger.page("", 10)["documents"]
    assert {k: document[k] for k in ("office", "version", "said", "sent")} == {
        "office": "toy",
        "version": 2,
        "said": 2,
        "sent": 0,
    }
    assert [(s["n"], s["kind"], s["what"]) for s in document["steps"]] == [
        (1, "request", "open"),
        (2, "request", "reply"),
    ]
    (event,) = document["steps"][0]["events"]
    assert (event["type"], event["sequence"], event["about"]) == (
        "order.dispatched",
        1,
        {"order": "o1", "matter": "m1", "round": 1},
    )
    assert document["facts"] == {"replies": [7]}
    assert "s-1" not in str(document)


def test_an_event_has_the_fingerprint_that_its_journal_row_has(service: Toy, ledger: Ledger) -> None:
    open_tally(service.documents, "a")
    (event,) = ledger.case("a")["documents"][0]["steps"][0]["events"]
    said = service.documents.history("a")[0]["events"][0]
    row = {"_id": said["id"], "office": "toy", "case": "a", "source": "dispatch", "sequence": 1}
    row |= {"type": "order.dispatched", "time": AT.isoformat(), "data": said["data"]}
    assert chassis_ledger.fingerprint(row) == event["digest"]
    for name in row:
        assert chassis_ledger.fingerprint({**row, name: "other"}) != event["digest"]


def test_a_document_is_quiet_since_it_was_saved_or_sent(service: Toy, ledger: Ledger) -> None:
    open_tally(service.documents, "a")
    (saved,) = ledger.page("", 10)["documents"]
    assert saved["quiet_s"] == saved["unsent_s"] == pytest.approx(3600, abs=1800)
    service.documents.collection.update_one({"_id": "a"}, marked(1, AFTER - timedelta(seconds=9)))
    (sent,) = ledger.page("", 10)["documents"]
    assert (sent["quiet_s"], sent["unsent_s"]) == (9.0, None)


def test_a_scalar_that_does_not_say_what_the_state_says_is_told(own: Database[dict[str, Any]]) -> None:
    service = toy(own)
    service.documents._indexed = lambda tally: {"replies": len(tally.replies)}
    open_tally(service.documents, "a")
    books = Ledger(
        "dispatch", service.documents, service.waiting, lambda records: [{}] * len(records), lambda: AT
    )
    assert books.case("a")["documents"][0]["misfiled"] == []
    service.documents.collection.update_one({}, {"$set": {"replies": 5}})
    assert books.case("a")["documents"][0]["misfiled"] == ["replies"]
