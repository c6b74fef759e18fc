"""The audit's chain on a real store: whoever has the database and not the key leaves a trace."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId
from pymongo.database import Database

from huiyin.chassis.anchor import Anchor, read_anchor
from huiyin.chassis.asking import Refused
from huiyin.chassis.audit import Audit, AuditKey, Chain, Heads, Keeping, Proof, Wanted
from huiyin.chassis.audit import chain as audit_chain
from huiyin.chassis.audit import proof as audit_proof
from huiyin.chassis.clocks import SystemMachineClock
from huiyin.chassis.errors import Conflict, Unavailable
from huiyin.chassis.mongo import Doc
from huiyin.chassis.observe import Metrics
from huiyin.chassis.steps import Actor
from tests.chassis.toy import AUDIT_KEY

WHEN = datetime(2026, 11, 22, 4, tzinfo=UTC)
WHO = Actor(subject="s-1", role="callback", office="12345", unit="")
STRANGER = AuditKey(bytes(32), "dispatch")


@dataclass
class Desk:
    """A service's audit, with the collections in reach of a culprit."""

    rows: Any
    batches: Any
    heads: Heads
    audit: Audit
    chain: Chain
    proof: Proof

    def record(self, *cases: str) -> list[ObjectId]:
        return [self.audit.record("contact.opened", WHO, case, WHEN, {"party": "p1"}) for case in cases]

    def told(self) -> list[tuple[str, int | None, str]]:
        """Every finding: its kind, its batch, the case of its row."""
        found, after = [], 0
        while True:
            page = self.proof.page(after)
            found += [(one["kind"], one["batch"], one["row"]) for one in page["findings"]]
            if page["until"] is None:
                return found
            after = page["until"]


@pytest.fixture
def desk(own: Database[Doc]) -> Desk:
    audit = Audit(own["audit"], AUDIT_KEY)
    audit.prepare()
    heads = Heads(own["audit_heads"], lambda: WHEN)
    heads.prepare()
    chain = Chain(own["audit"], own["audit_batches"], AUDIT_KEY, lambda: WHEN)
    proof = Proof(own["audit"], own["audit_batches"], AUDIT_KEY, None)
    return Desk(own["audit"], own["audit_batches"], heads, audit, chain, proof)


@pytest.fixture
def sealed(desk: Desk) -> tuple[Desk, list[ObjectId]]:
    """Three batches of two rows each."""
    ids = []
    for pair in (("a", "b"), ("c", "d"), ("e", "f")):
        ids += desk.record(*pair)
        assert desk.chain.grow() == 2
    assert desk.told() == []
    return desk, ids


def test_rows_are_sealed_in_batches_that_hold_and_none_is_sealed_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_chain, "_MOST_ROWS", 2)
    desk.record("a", "b", "c")
    assert desk.proof.page(0)["unsealed"] == 3
    assert (desk.chain.grow(), desk.chain.grow()) == (3, 0)
    assert [len(batch["rows"]) for batch in desk.batches.find().sort("_id")] == [2, 1]
    page = desk.proof.page(0)
    assert (page["rows"], page["unsealed"], page["findings"], page["until"]) == (3, 0, [], None)


def test_a_row_that_comes_late_with_an_older_id_goes_into_the_next_batch(desk: Desk) -> None:
    older = ObjectId()
    desk.record("a")
    desk.chain.grow()
    row = {"_id": older, "what": "read", "who": {"office": "12345"}, "case": "late", "when": WHEN}
    desk.rows.insert_one({**row, "mac": AUDIT_KEY.mac(row)})
    assert desk.chain.grow() == 1
    assert desk.told() == []


def test_what_a_crash_left_unmarked_is_marked_and_not_sealed_again(sealed: tuple[Desk, Any]) -> None:
    desk, ids = sealed
    desk.rows.update_many({"_id": {"$in": ids[4:]}}, {"$unset": {"batch": ""}})
    assert desk.told() == [], "a row that is just being marked is no finding"
    desk.record("g")
    assert desk.chain.grow() == 1
    assert desk.rows.count_documents({"batch": 3}) == 2
    assert desk.told() == []


def test_of_two_sealers_one_takes_the_number(desk: Desk, own: Database[Doc]) -> None:
    desk.record("a")
    slow = Chain(own["audit"], own["audit_batches"], AUDIT_KEY, lambda: WHEN)
    insert = slow._insert
    slow._insert = lambda *given: desk.chain.grow() and insert(*given)  # type: ignore[method-assign]
    assert slow.grow() == 0
    assert desk.batches.count_documents({}) == 1
    assert desk.told() == []


def test_a_batch_that_is_sealed_while_the_audit_is_proved_is_no_finding(
    sealed: tuple[Desk, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, _ = sealed
    strays = desk.proof._strays

    def sealed_meanwhile(newest: int) -> Any:
        desk.record("g")
        assert desk.chain.grow() == 1
        return strays(newest)

    monkeypatch.setattr(desk.proof, "_strays", sealed_meanwhile)
    assert desk.told() == []


# -- a culprit with the database and without the key -------------------------------------------


def _set(change: Doc) -> Callable[[Desk, list[ObjectId]], Any]:
    return lambda desk, ids: desk.rows.update_one({"_id": ids[2]}, change)


def _swap(desk: Desk, ids: list[ObjectId]) -> None:
    """Two rows of a batch change what they say, with what authenticated it."""
    one, other = (desk.rows.find_one({"_id": at}) for at in ids[2:4])
    desk.rows.replace_one({"_id": ids[2]}, {**other, "_id": ids[2]})
    desk.rows.replace_one({"_id": ids[3]}, {**one, "_id": ids[3]})


def _forge(desk: Desk, ids: list[ObjectId]) -> None:
    """A row is written anew, and whatever can be computed without the key is computed anew."""
    row = desk.rows.find_one({"_id": ids[2]})
    forged = {**row, "who": {**row["who"], "subject": "s-9"}}
    desk.rows.replace_one({"_id": ids[2]}, {**forged, "mac": STRANGER.mac(forged)})
    batch = desk.batches.find_one({"_id": 2})
    batch["rows"][0]["mac"] = STRANGER.mac(forged)
    desk.batches.replace_one({"_id": 2}, {**batch, "head": STRANGER.head(batch)})


def _rewrite(desk: Desk, ids: list[ObjectId]) -> None:
    """A row is written anew by somebody who got hold of the key later."""
    row = {**desk.rows.find_one({"_id": ids[2]}), "case": "z"}
    desk.rows.replace_one({"_id": ids[2]}, {**row, "mac": AUDIT_KEY.mac(row)})


def _reorder(desk: Desk, ids: list[ObjectId]) -> None:
    batch = desk.batches.find_one({"_id": 2})
    desk.batches.update_one({"_id": 2}, {"$set": {"rows": batch["rows"][::-1]}})


def _unlist(desk: Desk, ids: list[ObjectId]) -> None:
    """A row leaves both its batch's list and the store."""
    desk.batches.update_one({"_id": 2}, {"$pull": {"rows": {"_id": ids[2]}}})
    desk.rows.delete_one({"_id": ids[2]})


def _swap_batches(desk: Desk, ids: list[ObjectId]) -> None:
    one, two = (desk.batches.find_one({"_id": n}) for n in (1, 2))
    desk.batches.replace_one({"_id": 1}, {**two, "_id": 1})
    desk.batches.replace_one({"_id": 2}, {**one, "_id": 2})


def _add(batch: Any) -> Callable[[Desk, list[ObjectId]], Any]:
    row = {"_id": ObjectId("6a1111111111111111111111"), "what": "read", "batch": batch}
    return lambda desk, ids: desk.rows.insert_one(dict(row))


ROW_3 = 2  # the third row, the first of batch 2
FAULTS: dict[str, tuple[Callable[[Desk, list[ObjectId]], Any], list[tuple[str, int | None, int | None]]]] = {
    "who": (_set({"$set": {"who.subject": "s-9"}}), [("row-altered", 2, ROW_3)]),
    "when": (_set({"$set": {"when": WHEN + timedelta(milliseconds=1)}}), [("row-altered", 2, ROW_3)]),
    "detail": (_set({"$unset": {"detail.party": ""}}), [("row-altered", 2, ROW_3)]),
    "a field more": (_set({"$set": {"note": "x"}}), [("row-altered", 2, ROW_3)]),
    "no mac": (_set({"$unset": {"mac": ""}}), [("row-altered", 2, ROW_3)]),
    "moved to another batch": (_set({"$set": {"batch": 3}}), [("row-altered", 2, ROW_3)]),
    "a date beyond Python's": (
        _set([{"$set": {"when": {"$toDate": 999_999_999_999_999}}}]),  # type: ignore[arg-type]
        [("row-altered", 2, ROW_3)],
    ),
    "swapped": (_swap, [("row-altered", 2, 2), ("row-altered", 2, 3)]),
    "forged with a key of one's own": (_forge, [("batch-altered", 2, None), ("row-altered", 2, ROW_3)]),
    "rewritten with the key": (_rewrite, [("row-altered", 2, ROW_3)]),
    "removed": (lambda desk, ids: desk.rows.delete_one({"_id": ids[2]}), [("row-removed", 2, ROW_3)]),
    "removed and unlisted": (_unlist, [("batch-altered", 2, None)]),
    "reordered": (_reorder, [("batch-altered", 2, None)]),
    "batch's time": (
        lambda desk, _: desk.batches.update_one({"_id": 2}, {"$set": {"at": WHEN - timedelta(days=1)}}),
        [("batch-altered", 2, None)],
    ),
    "batch removed with its rows": (
        lambda desk, ids: (
            desk.batches.delete_one({"_id": 2}),
            desk.rows.delete_many({"_id": {"$in": ids[2:4]}}),
        ),
        [("batch-removed", 2, None)],
    ),
    "added to a batch": (_add(2), [("row-added", 2, None)]),
    "added where no batch is": (_add(9), [("row-added", None, None)]),
    "added in no number": (_add("x"), [("row-added", None, None)]),
    "added, to be sealed": (_add(None), [("row-forged", None, None)]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_was_tampered_with_is_named_and_nothing_else(
    sealed: tuple[Desk, list[ObjectId]], fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, ids = sealed
    plant, expected = FAULTS[fault]
    plant(desk, ids)
    told = desk.told()
    assert [(kind, n) for kind, n, _ in told] == [(kind, n) for kind, n, _ in expected]
    monkeypatch.setattr(audit_proof, "_PAGE_BATCHES", 1)
    assert sorted(desk.told(), key=str) == sorted(told, key=str), "it depends on where pages end"
    for (_, _, row), (kind, _, at) in zip(told, expected, strict=True):
        named = str(ids[at]) if at is not None else "6a1111111111111111111111" if "batch" not in kind else ""
        assert row == named


def test_batches_that_change_places_are_both_named(sealed: tuple[Desk, list[ObjectId]]) -> None:
    desk, ids = sealed
    _swap_batches(desk, ids)
    assert {(kind, n) for kind, n, _ in desk.told() if "batch" in kind} == {
        ("batch-altered", 1),
        ("batch-altered", 2),
    }


def test_a_true_batch_of_another_past_does_not_follow(sealed: tuple[Desk, list[ObjectId]]) -> None:
    desk, ids = sealed
    last, rows = desk.batches.find_one({"_id": 3}), list(desk.rows.find({"batch": 3}))
    desk.batches.delete_many({"_id": {"$gte": 2}})
    desk.rows.delete_many({"_id": {"$in": ids[2:]}})
    desk.record("x")
    desk.chain.grow()
    desk.batches.insert_one(last)
    desk.rows.insert_many(rows)
    assert desk.told() == [("batch-altered", 3, "")]


def test_a_row_taken_out_of_its_batch_to_be_sealed_again_is_named(sealed: tuple[Desk, Any]) -> None:
    desk, ids = sealed
    desk.rows.update_one({"_id": ids[0]}, {"$unset": {"batch": ""}})
    assert desk.chain.grow() == 1
    assert desk.told() == [("row-altered", 1, str(ids[0]))]


def test_a_finding_tells_neither_person_nor_case(sealed: tuple[Desk, Any]) -> None:
    desk, ids = sealed
    desk.rows.update_one({"_id": ids[0]}, {"$set": {"case": "z"}})
    (finding,) = desk.proof.page(0)["findings"]
    assert (finding["what"], finding["office"]) == ("contact.opened", "12345")
    assert finding["at"] == ids[0].generation_time.isoformat()
    assert "s-1" not in str(finding)
    assert "case" not in finding


# -- the head in another service -----------------------------------------------------------------


class Line:
    """The way to the keeper, in the test's hands."""

    def __init__(self, heads: Heads) -> None:
        self.heads, self.away = heads, False

    def ask(self, question: Any, *, service: str, n: int, head: str) -> None:
        if self.away:
            raise Unavailable("away")
        try:
            self.heads.keep(service, n, head)
        except Conflict as refused:
            raise Refused(type(refused).__name__, str(refused)) from refused


def _keeping(desk: Desk, folder: Path | None = None) -> tuple[Keeping, Line, Metrics]:
    line, metrics = Line(desk.heads), Metrics("dispatch")
    anchor, clock = Anchor(folder, "dispatch-worker", lambda: WHEN), SystemMachineClock()
    made = Keeping("dispatch", desk.chain, desk.heads, line, anchor, clock, metrics)  # type: ignore[arg-type]
    return made, line, metrics


def _unanchored(metrics: Metrics) -> float | None:
    return metrics.registry.get_sample_value("huiyin_audit_unanchored")


def test_the_newest_head_is_told_until_it_is_kept(desk: Desk) -> None:
    keeping, line, metrics = _keeping(desk)
    keeping.look()
    assert desk.heads.newest("dispatch") is None
    line.away = True
    desk.record("a")
    keeping.look()
    desk.record("b")
    keeping.look()
    assert (desk.heads.newest("dispatch"), _unanchored(metrics)) == (None, 1)
    line.away = False
    keeping.look()
    kept = desk.heads.newest("dispatch")
    assert kept is not None
    assert (kept["n"], kept["head"]) == (2, desk.chain.newest()["head"].hex())  # type: ignore[index]
    assert _unanchored(metrics) == 0


def test_a_look_at_a_quiet_audit_asks_nobody(desk: Desk) -> None:
    keeping, line, metrics = _keeping(desk)
    desk.record("a")
    keeping.look()
    line.away = True
    keeping.look()
    assert _unanchored(metrics) == 0


def test_a_head_an_hour_is_written_down_outside_the_databases(desk: Desk, tmp_path: Path) -> None:
    keeping, _, _ = _keeping(desk, tmp_path)
    for case in ("a", "b"):
        desk.record(case)
        keeping.look()
    (line,) = read_anchor(tmp_path)
    head = desk.batches.find_one({"_id": 1})["head"].hex()
    assert (line.what, line.facts) == ("audit-head", {"service": "dispatch", "n": 1, "head": head})


def test_a_chain_that_was_cut_off_and_grew_again_is_refused_and_alarmed_once(
    sealed: tuple[Desk, Any], caplog: pytest.LogCaptureFixture
) -> None:
    desk, ids = sealed
    keeping, _, metrics = _keeping(desk)
    keeping.look()
    desk.batches.delete_many({"_id": {"$gte": 2}})
    desk.rows.delete_many({"_id": {"$in": ids[2:]}})
    assert desk.told() == [], "the chain by itself cannot tell"
    desk.record("x")
    keeping.look()
    keeping.look()
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "huiyin audit verify" in caplog.text
    assert _unanchored(metrics) == 1
    assert desk.heads.newest("dispatch")["n"] == 3  # type: ignore[index]


def test_a_kept_head_is_never_replaced(desk: Desk) -> None:
    desk.heads.keep("intake", 1, "aa")
    desk.heads.keep("intake", 1, "aa")
    desk.heads.keep("intake", 3, "cc")
    for n, head in ((1, "bb"), (2, "bb"), (3, "bb")):
        with pytest.raises(Conflict):
            desk.heads.keep("intake", n, head)
    desk.heads.keep("dispatch", 1, "dd")
    assert desk.heads.between("intake", 0, 9) == {1: "aa", 3: "cc"}


# -- what auditors find ---------------------------------------------------------------------------


def test_an_auditor_finds_rows_by_who_what_case_and_time_and_only_the_offices_own(desk: Desk) -> None:
    desk.record("a", "b")
    desk.audit.record("refused", WHO, "a", WHEN + timedelta(days=1), {"status": 403})
    other = Actor(subject="s-2", role="callback", office="elsewhere")
    desk.audit.record("refused", other, "a", WHEN)

    def found(**wanted: Any) -> list[tuple[str, str]]:
        return [(row["what"], row["case"]) for row in desk.audit.found(Wanted(office="12345", **wanted), 10)]

    opened = "contact.opened"
    assert found() == [("refused", "a"), (opened, "b"), (opened, "a")]
    assert found(what="contact") == [(opened, "b"), (opened, "a")]
    assert found(what="contac") == found(what="opened") == []
    assert found(case="a") == [("refused", "a"), (opened, "a")]
    assert found(who="s-2") == []
    assert found(since=WHEN + timedelta(hours=1)) == [("refused", "a")]
    assert found(until=WHEN + timedelta(hours=1)) == [(opened, "b"), (opened, "a")]
    first = desk.audit.found(Wanted(office="12345"), 1)
    assert found(before=ObjectId(first[0]["id"])) == [(opened, "b"), (opened, "a")]
