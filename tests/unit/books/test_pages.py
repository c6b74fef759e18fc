"""Ledgers as they come, and a client's own list."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from huiyin.books.acts import NotALedger, read_acts
from huiyin.books.findings import KINDS
from huiyin.books.pages import Case, Page, Row, case_of, page_of
from huiyin.books.report import Tallying
from huiyin.chassis.steps import key_id
from tests.unit.books.story import NUMBER, changed, sound, with_row, without

LINE = {"number": NUMBER, "service": "intake", "method": "POST", "path": "/cases", "status": 201}
WHO = {"office": "ml", "caller": "op-1", "key": "key-00000001", "at": "2026-11-22T04:00:00+00:00"}


def row(case: str, event: str) -> Row:
    return Row(event, case, "waiting", "early", 1, 2.0, 0.0, "")


def test_a_page_gives_each_cases_share_in_order_also_what_waits_for_no_document() -> None:
    document = sound().documents["notify"]
    page = Page([replace(document, number="b")], [row("a", "1"), row("b", "2"), row("", "3")], None)
    shares = list(page.by_number("notify"))
    assert [(s.number, s.document is not None, [r.event for r in s.rows]) for s in shares] == [
        ("", False, ["3"]),
        ("a", False, ["1"]),
        ("b", True, ["2"]),
    ]


def test_a_ledgers_answer_becomes_a_page() -> None:
    step = {"n": 1, "cause": "c", "kind": "request", "what": "register", "events": []}
    document: dict[str, Any] = {"number": "a", "office": "ml", "unsent_s": None, "quiet_s": 3, "facts": {}}
    document |= {"version": 1, "said": 0, "sent": 0, "misfiled": [], "steps": [step]}
    page = page_of({"service": "intake", "documents": [document], "waiting": [], "until": "a"})
    assert (page.documents[0].steps[0].what, page.documents[0].unsent_s, page.until) == (
        "register",
        None,
        "a",
    )


def test_a_case_is_as_quiet_as_its_latest_document() -> None:
    assert sound().quiet_s == 600
    assert Case(NUMBER).quiet_s == float("inf")
    assert changed(sound(), "notify", quiet_s=4).quiet_s == 4
    assert changed(sound(), "notify", quiet_s=None).quiet_s == 600


def test_a_case_is_put_together_from_the_services_shares() -> None:
    document = sound().documents["notify"]
    (share,) = Page([document], [row(NUMBER, "e")], None).by_number("notify")
    case = case_of(NUMBER, [share])
    assert (case.documents, [r.event for r in case.rows["notify"]]) == ({"notify": document}, ["e"])


def test_what_was_compared_is_counted() -> None:
    tallying = Tallying()
    tallying.add(with_row(sound(), "notify", state="dropped", why="known"), at_rest=True)
    tallying.add(without(sound(), "intake"), at_rest=False)
    counts = tallying.counts()
    assert (counts.cases, counts.moving, counts.orders, counts.volumes, counts.journal_rows) == (
        1,
        1,
        2,
        1,
        5,
    )
    assert [(service, kept.why) for service, kept in tallying.dropped] == [("notify", "known")]


def test_a_clients_line_names_the_step_it_must_have_left(tmp_path: Path) -> None:
    file = tmp_path / "acts"
    dropped = {**LINE, **WHO, "number": "e", "path": "/waiting/e/drop"}
    of_no_case = {**LINE, **WHO, "number": "", "path": "/imports"}
    file.write_text("".join(json.dumps(line) + "\n" for line in ({**LINE, **WHO}, dropped, of_no_case)))
    (act,) = read_acts(file)
    assert (act.number, act.service, act.cause) == (NUMBER, "intake", key_id("ml", "op-1", "key-00000001"))


@pytest.mark.parametrize("line", ["", "[]", "nothing", json.dumps(LINE)])
def test_a_line_that_is_none_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "acts"
    file.write_text(f"{json.dumps({**LINE, **WHO})}\n{line}\n")
    with pytest.raises(NotALedger, match="acts:2"):
        list(read_acts(file))


def test_every_kind_of_finding_tells_what_to_do_in_chinese_and_english() -> None:
    words: list[Any] = [words for meaning in KINDS.values() for words in (meaning.name, meaning.advice)]
    assert all("(" in text and any("一" <= letter <= "鿿" for letter in text) for text in words)
