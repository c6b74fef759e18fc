"""Intake on a real store: what is taken down is kept once, sealed, and refused whole when it is wrong."""

import json
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bson import json_util
from flask import Flask
from pymongo.database import Database
from pymongo.errors import AutoReconnect
from werkzeug.test import TestResponse

from deploy.local.keys import Keys, ensure_keys
from deploy.local.platform import OFFICES
from huiyin.chassis.askers import open_sealed, read_own_key
from huiyin.chassis.clocks import SimulatedOfficeClock
from huiyin.chassis.tokens import issue
from services.intake.domain.numbers import is_number
from services.intake.store.orders import NEWEST_FIRST
from services.intake.use_cases import answers
from services.intake.use_cases.house import House
from tests.integration.five_houses import AT
from tests.integration.intake_alone import intake_app, intake_settings

NAME, PHONE, TEXT = "柏守拙", "19900000001", "楼下烧烤店油烟直排，请打19900000001找柏守拙。"
FORM: dict[str, Any] = {
    "channel": "call",
    "matters": [
        {
            "kind": "complaint",
            "category": "environment/fumes",
            "area": "990101001",
            "text": TEXT,
            "wish": "整改",
        }
    ],
    "parties": [{"name": NAME, "phone": PHONE, "work_unit": "晨钟印刷厂"}],
}

PREFIXES = {"mayors-line": "ml", "community-centre": "cc", "county-hotline": "ch", "city-hotline": "ci"}


@dataclass(frozen=True)
class Stand:
    """Intake's web on a database of its own, and its house beside it."""

    app: Flask
    house: House
    keys: Keys
    database: Database[dict[str, Any]]

    def post(
        self, path: str, role: str = "operator", key: str = "", office: str = "mayors-line", **sent: Any
    ) -> TestResponse:
        headers = {**self.bearer(role, office), "Idempotency-Key": key or uuid.uuid4().hex}
        return self.app.test_client().post(path, headers=headers, **sent)

    def get(
        self, path: str, role: str = "records", office: str = "mayors-line", **query: Any
    ) -> TestResponse:
        headers = self.bearer(role, office)
        return self.app.test_client().get(path, headers=headers, query_string=query)

    def bearer(self, role: str, office: str) -> dict[str, str]:
        unit = "gas" if role == "unit" else ""
        holders = self.house.base.rulebooks.office(office).holders(role)
        token = issue(
            self.keys.tokens_private,
            subject=next((p.subject for p in holders if unit in p.subject), holders[0].subject),
            role=role,
            office=office,
            ttl=timedelta(hours=1),
            issuer="huiyin",
            audience="huiyin",
        )
        return {"Authorization": f"Bearer {token}"}

    def register(self, form: dict[str, Any], key: str = "", role: str = "operator") -> TestResponse:
        return self.post("/cases", role, key, json=form)

    def kept(self) -> str:
        """Everything the database holds, in the clear as far as it is."""
        names = self.database.list_collection_names()
        return "".join(
            json_util.dumps(list(self.database[n].find()), ensure_ascii=False)
            for n in names
            if n != "key_vault"
        )


@pytest.fixture
def stand(database: Database[dict[str, Any]], mongo_url: str, tmp_path: Path) -> Iterator[Stand]:
    keys = ensure_keys(tmp_path / "keys")
    SimulatedOfficeClock(tmp_path / "clock.json").set(AT)
    settings = intake_settings(tmp_path, keys, mongo_url, database.name, OFFICES)
    app, house = intake_app(settings)
    yield Stand(app, house, keys, database)
    house.base.close()


def test_identity_and_original_words_are_nowhere_in_the_clear(stand: Stand) -> None:
    answer = stand.register(FORM)
    assert answer.status_code == 201
    kept = stand.kept()
    assert "油烟直排" in kept, "the redacted copy is there to work with"
    for secret in (NAME, PHONE, "晨钟印刷厂", TEXT):
        assert secret not in kept


def test_the_same_key_gets_the_same_number_and_another_body_is_refused(stand: Stand) -> None:
    first = stand.register(FORM, key="one-call-one-case")
    again = stand.register(FORM, key="one-call-one-case")
    other = stand.register({**FORM, "priority": "urgent"}, key="one-call-one-case")
    assert first.json == again.json
    assert (other.status_code, other.json["code"]) == (422, "idempotency-key-reused")  # type: ignore[index]
    assert stand.database["cases"].count_documents({}) == 1


def test_what_is_saved_to_be_said_is_counted(stand: Stand) -> None:
    stand.register(FORM)
    page = stand.house.base.metrics.page()
    assert b'huiyin_events_said_total{type="case.registered"} 1.0' in page


def test_parallel_registrations_get_numbers_of_their_own(stand: Stand) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: stand.register(FORM).json["number"], range(80)))  # type: ignore[index]
    assert len(set(found)) == 80
    assert all(is_number(number) for number in found)


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "unknown field": ({**FORM, "colour": "red"}, "colour"),
    "missing field": ({"channel": "call", "parties": FORM["parties"]}, "matters"),
    "wrong type": ({**FORM, "channel": 5}, "channel"),
    "bad date": ({**FORM, "received_at": "yesterday"}, "received_at"),
    "date without a zone": ({**FORM, "received_at": "2024-09-26T10:00:00"}, "received_at"),
    "unknown category": (
        {**FORM, "matters": [{**FORM["matters"][0], "category": "moon"}]},
        "matters.0.category",
    ),
    "over-long text": (
        {**FORM, "matters": [{**FORM["matters"][0], "text": "长" * 20_001}]},
        "matters.0.text",
    ),
    "over the office's own limit": (
        {**FORM, "matters": [{**FORM["matters"][0], "text": "长" * 5_001}]},
        "matters.0.text",
    ),
    "required field": ({**FORM, "parties": [{"name": NAME}]}, "parties.0.phone"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_names_its_field_and_leaves_nothing_behind(stand: Stand, case: str) -> None:
    form, field = BAD[case]
    refused = stand.register(form)
    assert refused.status_code == 422
    assert refused.content_type == "application/problem+json"
    assert field in refused.json["errors"]  # type: ignore[index]
    assert stand.database["cases"].count_documents({}) == 0


@pytest.mark.parametrize(
    ("raw", "status"),
    [(b'{"channel": "call"', 400), (b"\xff\xfe", 400), (json.dumps({"text": "x" * 1_000_001}).encode(), 413)],
    ids=["broken JSON", "not UTF-8", "over the limit"],
)
def test_a_body_that_cannot_be_read_leaves_nothing_behind(stand: Stand, raw: bytes, status: int) -> None:
    refused = stand.post("/cases", data=raw, content_type="application/json")
    assert refused.status_code == status
    assert stand.database["cases"].count_documents({}) == 0


def test_the_wrong_role_is_refused_and_recorded(stand: Stand) -> None:
    refused = stand.register(FORM, role="callback")
    assert refused.status_code == 403
    row = stand.database["audit"].find_one({"what": "refused"})
    assert row is not None
    assert (row["who"]["subject"], row["detail"]["route"]) == ("ml-callback-1", "/cases")
    assert stand.database["cases"].count_documents({}) == 0


def test_a_contact_is_recorded_once_sealed_to_its_asker_and_holds_no_more_than_it_needs(stand: Stand) -> None:
    number = stand.register(FORM).json["number"]  # type: ignore[index]
    question = {"number": number, "party": "p1", "purpose": "deliver", "request": "r1", "asker": "notify"}
    sealed = answers.contact(stand.house, **question)
    assert answers.contact(stand.house, **question) == sealed
    assert stand.database["audit"].count_documents({"what": "contact"}) == 1
    key = read_own_key(stand.keys.folder, "notify")
    assert open_sealed(key, sealed) == {"name": NAME, "phone": PHONE, "email": "", "address": ""}
    with pytest.raises(ValueError, match="not for this key"):
        open_sealed(read_own_key(stand.keys.folder, "feedback"), sealed)


def test_progress_is_told_for_number_and_code_and_for_nothing_less(stand: Stand) -> None:
    receipt = stand.register(FORM).json
    assert receipt is not None
    told = stand.app.test_client().post(
        "/progress", json={"number": receipt["number"], "code": receipt["query_code"]}
    )
    assert told.json["stage"] == "registered"  # type: ignore[index]
    wrong = f"{(int(receipt['query_code']) + 1) % 1_000_000:06d}"
    missing = stand.app.test_client().post("/progress", json={"number": receipt["number"], "code": wrong})
    unknown = stand.app.test_client().post(
        "/progress", json={"number": "SZ-D-20240927-000099-00", "code": wrong}
    )
    assert missing.status_code == unknown.status_code == 404
    assert missing.json["detail"] == unknown.json["detail"]  # type: ignore[index]


# -- who complained -----------------------------------------------------------------------------


def _opened(stand: Stand) -> list[dict[str, Any]]:
    return list(stand.database["audit"].find({"what": "identity.opened"}))


def test_the_custodian_opens_identity_and_a_row_says_who_and_why(stand: Stand) -> None:
    number = stand.register(FORM).json["number"]  # type: ignore[index]
    answer = stand.post(f"/cases/{number}/identity", "custodian", json={"reason": "诉求人要求更正电话"})
    assert answer.status_code == 200
    (party,) = answer.json["parties"]  # type: ignore[index]
    assert party["identity"] == {"name": NAME, "phone": PHONE, "work_unit": "晨钟印刷厂"}
    (row,) = _opened(stand)
    assert (row["who"]["subject"], row["case"]) == ("ml-custodian-1", number)
    assert row["detail"] == {"reason": "诉求人要求更正电话", "parties": ["p1"]}
    stand.post(f"/cases/{number}/identity", "custodian", json={"reason": f"核对{NAME}，联系人齐临风"})
    assert len(_opened(stand)) == 2, "every opening is recorded"
    told = _opened(stand)[1]["detail"]["reason"]
    assert told.startswith("核对")
    assert NAME not in told
    assert "齐临风" not in told


def test_no_answer_leaves_when_its_row_cannot_be_kept(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    number = stand.register(FORM).json["number"]  # type: ignore[index]

    def away(*_: Any, **__: Any) -> None:
        raise AutoReconnect("the store is away")

    monkeypatch.setattr(type(stand.house.base.audit), "record", away)
    answer = stand.post(f"/cases/{number}/identity", "custodian", json={"reason": "诉求人要求更正电话"})
    assert answer.status_code == 503
    assert NAME not in answer.text


@pytest.mark.parametrize("role", ["operator", "unit", "leader", "supervisor", "records", "admin", "auditor"])
def test_no_other_role_opens_identity(stand: Stand, role: str) -> None:
    number = stand.register(FORM).json["number"]  # type: ignore[index]
    answer = stand.post(f"/cases/{number}/identity", role, json={"reason": "想知道是谁"})
    assert answer.status_code == 403
    assert not _opened(stand)
    assert stand.database["audit"].count_documents({"what": "refused", "case": number}) == 1


def test_another_offices_custodian_finds_no_such_case(stand: Stand) -> None:
    number = stand.register(FORM).json["number"]  # type: ignore[index]
    reason = {"reason": "想知道是谁"}
    answer = stand.post(f"/cases/{number}/identity", "custodian", office="community-centre", json=reason)
    assert answer.status_code == 404
    assert not _opened(stand)


@pytest.mark.parametrize(
    "reason", [{}, {"reason": ""}, {"reason": "  \n "}, {"reason": "a"}, {"reason": None}]
)
def test_identity_is_not_opened_without_a_reason(stand: Stand, reason: dict[str, Any]) -> None:
    number = stand.register(FORM).json["number"]  # type: ignore[index]
    assert stand.post(f"/cases/{number}/identity", "custodian", json=reason).status_code == 422
    assert not _opened(stand)


# -- the list -----------------------------------------------------------------------------------


def test_cases_are_found_by_channel_and_time_with_a_total_and_in_pages(stand: Stand) -> None:
    numbers = [stand.register(FORM).json["number"] for _ in range(5)]  # type: ignore[index]
    letter = {**FORM, "channel": "letter", "parties": [{**FORM["parties"][0], "address": "石桥弄1号"}]}
    numbers.append(stand.register(letter).json["number"])  # type: ignore[index]
    pages = [stand.get("/cases", skip=skip, limit=4).json for skip in (0, 4)]
    assert [page["total"] for page in pages] == [6, 6]  # type: ignore[index]
    listed = [case["number"] for page in pages for case in page["cases"]]  # type: ignore[index]
    assert listed == sorted(numbers, reverse=True), "one moment, so by number: no page repeats a case"
    by_letter = stand.get("/cases", channel="letter").json
    assert (by_letter["total"], by_letter["cases"][0]["channel"]) == (1, "letter")  # type: ignore[index]
    for bounds, total in (
        ({"since": AT.isoformat()}, 6),
        ({"since": (AT + timedelta(seconds=1)).isoformat()}, 0),
        ({"until": AT.isoformat()}, 0),
        ({"until": (AT + timedelta(seconds=1)).isoformat(), "stage": "registered"}, 6),
        ({"stage": "archived"}, 0),
        ({"unit": "zhonggu"}, 0),
    ):
        assert stand.get("/cases", **bounds).json["total"] == total, bounds  # type: ignore[index]


def test_every_search_of_cases_stands_on_an_index(stand: Stand) -> None:
    stand.register(FORM)
    for query in ({}, {"stage": "registered"}, {"channel": "call"}, {"units": "zhonggu"}):
        found = stand.database["cases"].find({"office": "mayors-line", **query}).sort(list(NEWEST_FIRST))
        plan = json.dumps(found.explain()["queryPlanner"]["winningPlan"])
        assert "IXSCAN" in plan, query
        assert '"SORT"' not in plan, query


TAKEOVER: dict[str, Any] = {
    **FORM,
    "received_at": "2024-09-10T09:20:00+08:00",
    "taken_over": {"number": "信2024第0031号", "unit": "bus_company", "due_on": "2024-10-08", "urged": 1},
}


def test_a_running_case_is_taken_over_once_however_many_ask_at_the_same_moment(stand: Stand) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: stand.post("/takeovers", "records", json=TAKEOVER), range(16)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 15
    assert stand.database["cases"].count_documents({}) == 1
    number = next(answer.json["number"] for answer in answers if answer.status_code == 201)  # type: ignore[index]
    refused = [answer.json for answer in answers if answer.status_code == 409]
    assert {(r["code"], *r["errors"]["number"]) for r in refused if r} == {("already-taken-over", number)}


@pytest.mark.clause("S2-89")
def test_whoever_is_kept_out_learns_only_that_the_older_number_is_taken(stand: Stand) -> None:
    number = stand.post("/takeovers", "records", json=TAKEOVER).json["number"]  # type: ignore[index]
    assert stand.get(f"/cases/{TAKEOVER['taken_over']['number']}").status_code == 200
    assert stand.post(f"/cases/{number}/circle/recusals", "records", json={}).status_code == 200
    refused = stand.post("/takeovers", "records", json=TAKEOVER)
    assert (refused.status_code, number in refused.text) == (409, False)
    for asked in (number, TAKEOVER["taken_over"]["number"]):
        assert stand.get(f"/cases/{asked}").status_code == 404
        assert stand.get("/cases", number=asked).json == {"total": 0, "cases": []}


def test_new_cases_have_no_number_of_an_older_system_to_share(stand: Stand) -> None:
    assert [stand.register(FORM).status_code for _ in range(2)] == [201, 201]


@pytest.mark.parametrize("missing", ["received_at", "taken_over"])
def test_a_takeover_must_say_how_the_case_stands(stand: Stand, missing: str) -> None:
    without = {name: value for name, value in TAKEOVER.items() if name != missing}
    refused = stand.post("/takeovers", "records", json=without)
    assert (refused.status_code, list(refused.json["errors"])) == (422, [missing])  # type: ignore[index]
