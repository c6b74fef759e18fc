"""A step is one write; nothing is lost by two at once, and nothing is done twice."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from bson import Binary
from pymongo.database import Database

from huiyin.chassis.draft import Draft
from huiyin.chassis.errors import KeyReused, NotFound
from huiyin.chassis.mongo import Doc
from huiyin.chassis.steps import Actor, Cause
from huiyin.chassis.store import Documents, Stale
from tests.chassis.toy import (
    AT,
    WHO,
    Tally,
    Toy,
    add_reply,
    machine_now,
    open_tally,
    order_dispatched,
    reply_submitted,
    request,
)


def test_steps_taken_by_many_at_once_are_all_there_with_dense_numbers(house: Toy) -> None:
    open_tally(house.documents, "A")
    with ThreadPoolExecutor(4) as people:
        list(people.map(lambda n: add_reply(house.documents, "A", n), range(24)))
    doc = house.documents.collection.find_one({"_id": "A"})
    assert doc is not None
    assert sorted(house.replies("A")) == list(range(24))
    assert (doc["version"], doc["said"]) == (25, 25)
    assert [step["n"] for step in doc["steps"]] == list(range(1, 26))
    assert [e["sequence"] for step in doc["steps"] for e in step["events"]] == list(range(1, 26))


def test_of_two_saves_on_the_same_version_the_second_is_told_it_is_stale(house: Toy) -> None:
    open_tally(house.documents, "A")
    record = house.documents.get("A")
    drafts = [
        house.documents.resume(record).step(
            (Tally((n,)), [reply_submitted(n)]), cause=request(f"k{n}"), what="reply", at=AT
        )
        for n in (1, 2)
    ]
    house.documents.save(drafts[0])
    with pytest.raises(Stale):
        house.documents.save(drafts[1])
    assert house.replies("A") == (1,)
    assert len(house.documents.history("A")) == 2


@pytest.mark.parametrize("key", ["key", "$state", "$$ROOT"])
def test_the_same_request_gets_the_same_answer_and_is_done_once(house: Toy, key: str) -> None:
    open_tally(house.documents, "A")
    answers = [
        house.documents.take(
            "A",
            request(key, body="b"),
            "reply",
            lambda tally: (replace(tally, replies=(*tally.replies, 1)), [reply_submitted(1)]),
            lambda tally: {"replies": len(tally.replies)},
        )
        for _ in range(3)
    ]
    assert answers == [{"replies": 1}] * 3
    assert house.replies("A") == (1,)


def test_steps_that_come_about_together_are_one_save_also_after_a_lost_race(house: Toy) -> None:
    open_tally(house.documents, "A")
    found = house.documents.get("A")
    add_reply(house.documents, "A", 9)  # somebody is faster

    def both(draft: Draft[Tally]) -> Draft[Tally]:
        for n in (1, 2):
            replies = (*draft.state.replies, n)
            cause = request(f"both-{n}")
            draft = draft.step((Tally(replies), [reply_submitted(n)]), cause=cause, what="reply", at=AT)
        return draft

    followed = house.documents.follow(found, both)
    assert followed.state == Tally((9, 1, 2))
    assert followed == house.documents.get("A")
    assert [step["n"] for step in house.documents.history("A")] == [1, 2, 3, 4]
    assert house.documents.follow(followed, lambda draft: draft) == followed  # no step, no save


def test_of_all_its_steps_a_document_is_loaded_with_those_asked_for(house: Toy) -> None:
    open_tally(house.documents, "A")
    for n in range(3):
        add_reply(house.documents, "A", n)
    assert house.documents.get("A").handled == {}
    loaded = house.documents.load(["A", "B"], ["A/1", "A/7"])
    assert {key: set(record.handled) for key, record in loaded.items()} == {"A": {"A/1"}}
    assert house.documents.handled(["A"], ["A/0", "A/2", "x"]) == {"A": {"A/0", "A/2"}}


def test_the_same_request_by_many_at_once_is_done_once(house: Toy) -> None:
    open_tally(house.documents, "A")
    with ThreadPoolExecutor(8) as people:
        list(people.map(lambda _: add_reply(house.documents, "A", 7), range(8)))
    assert house.replies("A") == (7,)


def test_a_key_that_comes_again_with_another_body_is_refused(house: Toy) -> None:
    open_tally(house.documents, "A")
    house.documents.take("A", request("key", body="one"), "reply", lambda tally: (tally, []))
    with pytest.raises(KeyReused):
        house.documents.take("A", request("key", body="two"), "reply", lambda tally: (tally, []))
    assert len(house.documents.history("A")) == 2


def test_a_document_is_made_once_for_the_request_that_makes_it(own: Database[Doc]) -> None:
    cases = Documents(own["cases"], Tally, office_now=lambda: AT, machine_now=machine_now, key_field="number")
    cases.prepare()

    def make(number: str) -> Any:
        outcome = (Tally(), [order_dispatched()])
        cause = request("the-key", body="b")
        return cases.create(number, outcome, cause=cause, what="open", answer={"number": number})

    with ThreadPoolExecutor(4) as people:
        answers = list(people.map(make, ("N1", "N2", "N3", "N4")))
    (doc,) = own["cases"].find()
    assert doc["_id"] == "the-key"
    assert answers == [{"number": doc["number"]}] * 4
    with pytest.raises(KeyReused):
        cases.create("N9", (Tally(), []), cause=request("the-key", body="c"), what="open", answer={})


def test_another_offices_document_is_as_if_there_were_none(house: Toy) -> None:
    open_tally(house.documents, "A")
    stranger = Actor(subject="s-2", role="unit", office="elsewhere")
    cause = Cause(id="k", kind="request", who=stranger, correlation="c")
    with pytest.raises(NotFound) as theirs:
        house.documents.take("A", cause, "reply", lambda tally: (tally, []))
    with pytest.raises(NotFound) as nobodys:
        house.documents.take("B", cause, "reply", lambda tally: (tally, []))
    assert theirs.value.detail.replace("A", "B") == nobodys.value.detail
    assert len(house.documents.history("A")) == 1


def test_steps_tell_who_did_what_when_and_why_and_are_never_trimmed(house: Toy) -> None:
    open_tally(house.documents, "A")
    for n in range(300):
        add_reply(house.documents, "A", n)
    steps = house.documents.history("A")
    assert [step["n"] for step in steps] == list(range(1, 302))
    assert steps[0]["what"] == "open"
    assert steps[0]["cause"] == "A"
    assert steps[0]["who"] == {"subject": WHO.subject, "role": "unit", "unit": "u1"}
    assert steps[0]["when"] == AT
    assert len({event["id"] for step in steps for event in step["events"]}) == 301


def test_what_is_unsent_is_found_by_its_index_alone(house: Toy) -> None:
    documents = house.documents
    documents.collection.insert_many([{"_id": f"sent-{n}", "said": 1, "sent": 1} for n in range(200)])
    open_tally(documents, "A")
    cursor = documents.collection.find({"unsent_since": {"$exists": True}}).sort("unsent_since", 1)
    plan = cursor.explain()
    stage = plan["queryPlanner"]["winningPlan"]
    while "inputStage" in stage:
        stage = stage["inputStage"]
    assert (stage["stage"], stage["indexName"]) == ("IXSCAN", "unsent")
    assert plan["executionStats"]["totalDocsExamined"] == 1


@dataclass(frozen=True)
class Line:
    on: date
    note: str | None = None


@dataclass(frozen=True)
class Page:
    at: datetime
    on: date
    sealed: Binary
    raw: bytes
    due: date | None = None
    seen: datetime | None = None
    lines: tuple[Line, ...] = ()
    pairs: tuple[tuple[str, int], ...] = ()
    by_name: dict[str, Line] = field(default_factory=dict)


@pytest.mark.parametrize(
    "page",
    [
        Page(AT, date(2024, 9, 27), Binary(b"\x00\xff", 6), b"\x00\xff"),
        Page(
            datetime(2024, 2, 29, 15, 59, 59, 999000, tzinfo=UTC),
            date(2024, 2, 29),
            Binary(b"", 6),
            b"",
            date(2026, 12, 31),
            AT,
            (Line(date(2024, 1, 1)), Line(date(2024, 1, 2), "字")),
            (("a", 1), ("b", 2)),
            {"x": Line(date(2024, 1, 3))},
        ),
    ],
)
def test_a_state_comes_back_from_the_store_as_it_went(own: Database[Doc], page: Page) -> None:
    pages = Documents(own["pages"], Page, office_now=lambda: AT, machine_now=machine_now)
    pages.create("P", (page, []), cause=request("P"), what="open", answer={})
    back = pages.get("P").state
    assert back == page
    assert type(back.sealed) is Binary
    assert back.sealed.subtype == 6
    assert back.at.tzinfo is not None
