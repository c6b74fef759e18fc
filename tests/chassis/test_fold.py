"""Events fold into documents: each effect once, whoever else saves meanwhile."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import AutoReconnect, NotPrimaryError
from pymongo.monitoring import CommandListener, CommandStartedEvent

from huiyin.chassis.digest import Delivery
from huiyin.chassis.fold import Folder
from huiyin.chassis.mongo import Doc
from huiyin.chassis.mongo import database as open_database
from huiyin.contracts.envelope import Envelope
from tests.chassis.toy import (
    AT,
    HANDLERS,
    POISON,
    Tally,
    Toy,
    add_reply,
    case_of,
    envelope,
    open_tally,
    reply_submitted,
    toy,
)


def deliveries(envelopes: Sequence[Envelope]) -> list[Delivery]:
    return [Delivery(envelope.to_bytes(), {}) for envelope in envelopes]


def test_one_event_takes_one_step(house: Toy) -> None:
    verdicts = house.digest.digest(deliveries(case_of("A", [])))
    (step,) = house.documents.history("A")
    assert verdicts.done == {"A-1"}
    assert (step["n"], step["cause"], step["what"]) == (1, "A-1", "order.dispatched")
    assert (step["kind"], step["who"]["subject"]) == ("event", "service:dispatch")


def test_a_batch_folds_each_case_into_one_write(own: Database[Doc], mongo_url: str) -> None:
    seen = Commands()
    with MongoClient[Doc](mongo_url, event_listeners=[seen], tz_aware=True) as client:
        watched = toy(open_database(client, own.name))
        seen.commands.clear()
        batch = [e for case in "ABC" for e in case_of(case, range(10))]
        assert len(watched.digest.digest(deliveries(batch)).done) == 33
    writes = [c for c in seen.commands if "insert" in c and c["insert"] == "tallies"]
    assert sum(len(c["documents"]) for c in writes) == 3
    assert [watched_replies(own, case) for case in "ABC"] == [list(range(10))] * 3


def test_a_fold_that_says_something_tells_what_and_no_other(house: Toy) -> None:
    said: list[Sequence[str]] = []
    house.documents.tell = said.append
    handlers = {**HANDLERS, "order.dispatched": lambda tally, heard: (tally or Tally(), [heard.event])}
    folder = Folder(house.documents, handlers, office_now=lambda: AT)
    folder.fold([*case_of("A", []), *case_of("B", [])])
    assert said == [["order.dispatched"] * 2], "a batch is told once"
    folder.fold([envelope("A", 2, reply_submitted(1))])
    folder.fold(case_of("A", []))  # heard before
    assert house.replies("A") == (1,)
    assert len(said) == 1


def watched_replies(own: Database[Doc], case: str) -> list[int]:
    doc = own["tallies"].find_one({"_id": case})
    assert doc is not None
    assert [step["n"] for step in doc["steps"]] == list(range(1, doc["version"] + 1))
    return list(doc["state"]["replies"])


def test_what_was_heard_before_or_twice_in_a_batch_has_no_second_effect(house: Toy) -> None:
    batch = deliveries(case_of("A", [1, 2]))
    house.digest.digest([*batch, *batch])
    verdicts = house.digest.digest([*batch, *deliveries([envelope("A", 9, reply_submitted(3))])])
    assert verdicts.done == {"A-1", "A-2", "A-3", "A-9"}
    assert house.replies("A") == (1, 2, 3)


class Commands(CommandListener):
    """Keeps the commands as they go over the wire."""

    def __init__(self) -> None:
        self.commands: list[Any] = []

    def started(self, event: CommandStartedEvent) -> None:
        self.commands.append(event.command)

    def succeeded(self, event: Any) -> None:
        """Not looked at."""

    def failed(self, event: Any) -> None:
        """Not looked at."""


def test_a_duplicate_and_a_save_that_missed_are_settled_by_a_majority_read_alone(
    own: Database[Doc], mongo_url: str
) -> None:
    """With one member nothing can be seen that a majority lacks; so the wire itself is asked."""
    seen = Commands()
    with MongoClient[Doc](mongo_url, event_listeners=[seen], tz_aware=True) as client:
        database = open_database(client, own.name)
        others = case_of("A", [1])

        def another_worker(_batch: Sequence[Envelope]) -> None:
            if others:
                toy(own).digest.digest(deliveries(others))
                others.clear()

        watched = toy(database, before_save=another_worker)
        for _missed in (True, False):
            seen.commands.clear()
            assert watched.digest.digest(deliveries(case_of("A", [1]))).done == {"A-1", "A-2"}
            last = [c for c in seen.commands if "tallies" in c.values()][-1]
            assert last["find"] == "tallies"
            assert last["readConcern"]["level"] == "majority"
            assert last.get("$readPreference", {"mode": "primary"})["mode"] == "primary"


def test_a_save_is_majority_and_journaled(own: Database[Doc], mongo_url: str) -> None:
    seen = Commands()
    with MongoClient[Doc](mongo_url, event_listeners=[seen], tz_aware=True) as client:
        watched = toy(open_database(client, own.name))
        seen.commands.clear()
        watched.digest.digest(deliveries([*case_of("A", [1]), envelope("B", 1, reply_submitted(1))]))
    writes = [c for c in seen.commands if "insert" in c or "update" in c]
    assert {c.get("insert") or c.get("update") for c in writes} == {"tallies", "waiting"}
    assert all((c["writeConcern"]["w"], c["writeConcern"]["j"]) == ("majority", True) for c in writes)


def test_a_save_between_load_and_write_costs_nothing_and_doubles_nothing(own: Database[Doc]) -> None:
    plain = toy(own)
    for case in "AB":
        open_tally(plain.documents, case)
    meanwhile = iter([1, 2, 3])

    def somebody_saves(_batch: Sequence[Envelope]) -> None:
        if (n := next(meanwhile, None)) is not None:
            add_reply(plain.documents, "A", -n)

    raced = toy(own, before_save=somebody_saves)
    batch = [*case_of("A", [1, 2])[1:], *case_of("B", [1])[1:]]
    assert len(raced.digest.digest(deliveries(batch)).done) == 3
    assert raced.replies("A") == (-1, -2, -3, 1, 2)
    assert raced.replies("B") == (1,)
    assert watched_replies(own, "A") == [-1, -2, -3, 1, 2]


def test_two_who_hear_the_same_first_event_at_once_make_one_document(own: Database[Doc]) -> None:
    plain = toy(own)
    others: list[Envelope] = case_of("A", [1])

    def another_worker(_batch: Sequence[Envelope]) -> None:
        if others:
            plain.digest.digest(deliveries(others))
            others.clear()

    raced = toy(own, before_save=another_worker)
    assert len(raced.digest.digest(deliveries(case_of("A", [1, 2]))).done) == 3
    assert watched_replies(own, "A") == [1, 2]


def test_who_loses_every_race_is_kept_and_handled_later(own: Database[Doc]) -> None:
    plain = toy(own)
    open_tally(plain.documents, "A")
    numbers = iter(range(1000, 2000))
    raced = toy(own, before_save=lambda _: add_reply(plain.documents, "A", next(numbers)))
    late = deliveries([envelope("A", 9, reply_submitted(5))])
    assert raced.digest.digest(late).failed == {"A-9": "lost every race"}
    row = own["waiting"].find_one({"_id": "A-9"})
    assert row is not None
    assert (row["reason"], row["state"], row["raw"]) == ("failed", "waiting", late[0].raw)
    own["waiting"].update_one({"_id": "A-9"}, {"$set": {"not_before": row["since"]}})
    assert plain.digest.retry() == 1
    assert plain.replies("A")[-1] == 5


def test_a_poison_message_among_good_ones_is_kept_and_the_good_ones_are_handled(house: Toy) -> None:
    good = case_of("A", range(30)) + case_of("B", range(17))
    poison = envelope("A", 99, reply_submitted(POISON))
    verdicts = house.digest.digest(deliveries([*good[:20], poison, *good[20:]]))
    assert len(verdicts.done) == 49
    assert list(verdicts.failed) == ["A-99"]
    assert house.replies("A") == tuple(range(30))
    assert house.waiting.counts() == {"waiting": 1, "parked": 0}


@pytest.mark.parametrize(
    "text",
    ['"\\ud800"', '"u" ', str(2**70), "1" * 5000, "[" * 200_000, "NaN", '{"$a": {"b\\u0000": 1}}'],
    ids=["half a character", "text", "65 bits", "5,000 digits", "a deep nest", "NaN", "odd keys"],
)
@pytest.mark.parametrize("where", ["subject", "reply", "sequence"])
def test_no_message_however_odd_holds_up_another(house: Toy, text: str, where: str) -> None:
    marked = replace(envelope("A", 7, reply_submitted(1)), **_mark(where))
    odd = marked.to_bytes().replace(b'"MARK"', text.encode()).replace(b"987654321", text.encode())
    good = deliveries(case_of("A", [1]))
    house.digest.digest([good[0], Delivery(odd, {}), good[1]])
    assert 1 in house.replies("A")
    handled = {step["cause"] for step in house.documents.history("A")} | {
        step["cause"] for doc in house.documents.collection.find() for step in doc["steps"]
    }
    kept = [row["raw"] for row in house.waiting.collection.find()]
    assert kept == [odd] or "A-7" in handled


def _mark(where: str) -> dict[str, Any]:
    if where == "reply":
        data = envelope("A", 7, reply_submitted(987654321)).data
        return {"data": data}
    return {"subject": "MARK"} if where == "subject" else {"sequence": 987654321}


@pytest.mark.parametrize("away", [AutoReconnect("gone"), NotPrimaryError("gone")])
def test_while_the_store_is_away_nothing_is_settled(own: Database[Doc], away: Exception) -> None:
    def gone(_batch: Sequence[Envelope]) -> None:
        raise away

    broken = toy(own, before_save=gone)
    with pytest.raises(type(away)):
        broken.digest.digest(deliveries(case_of("A", [1])))
    assert own["waiting"].count_documents({}) == 0
