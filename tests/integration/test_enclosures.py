"""Enclosures on a real store: counted by two, kept, returned, and no case ends before (S2-60…S2-62)."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from huiyin.chassis.tokens import issue
from tests.integration.test_intake import FORM, NAME, Stand, stand

__all__ = ["stand"]

LETTER: dict[str, Any] = {
    **FORM,
    "channel": "letter",
    "parties": [{"name": NAME, "address": "石桥弄1号"}],
    "enclosed": {
        "origin": "letter",
        "lines": [
            {"kind": "money", "currency": "CNY", "amount": 12_350, "description": "百元钞一张，零钱"},
            {"kind": "certificate", "certificate": "身份证", "description": f"{NAME}的身份证原件"},
        ],
    },
}
FOUND = [{"line": "l1", "currency": "CNY", "amount": 12_350}, {"line": "l2", "present": True}]
MAIL = {"way": "registered_mail", "mail": "XA12345678901"}


def act(stand: Stand, subject: str, path: str, body: dict[str, Any] | None = None) -> TestResponse:
    """A POST by a named member of the mayor's line."""
    token = issue(
        stand.keys.tokens_private,
        subject=subject,
        role=subject.split("-")[1],
        office="mayors-line",
        ttl=timedelta(hours=1),
        issuer="huiyin",
        audience="huiyin",
    )
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid.uuid4().hex}
    return stand.app.test_client().post(path, json=body or {}, headers=headers)


def registered(stand: Stand, **changes: Any) -> tuple[str, str]:
    """A letter with its enclosure: its number, and the enclosure's address."""
    number = stand.register({**LETTER, **changes}).json["number"]  # type: ignore[index]
    return number, f"/cases/{number}/enclosures/n1"


def confirmed(stand: Stand, **changes: Any) -> tuple[str, str]:
    number, at = registered(stand, **changes)
    assert act(stand, "ml-operator-2", f"{at}/confirmation", {"lines": FOUND}).status_code == 200
    return number, at


def code(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]  # type: ignore[index]


def test_every_line_is_counted_by_a_second_person_and_nothing_moves_before(stand: Stand) -> None:
    number, at = registered(stand)
    held = stand.get(f"/cases/{number}").json["enclosures"][0]  # type: ignore[index]
    assert held["voucher"] == "SZ-FW-2024-000001"
    assert [line["kind"] for line in held["lines"]] == ["money", "certificate"]
    assert NAME not in stand.kept()
    assert code(act(stand, "ml-operator-1", f"{at}/returns", MAIL)) == (409, "not-confirmed")
    assert code(act(stand, "ml-operator-1", f"{at}/confirmation", {"lines": FOUND})) == (409, "same-person")
    short = [{"line": "l1", "currency": "CNY", "amount": 12_300}]
    differs = act(stand, "ml-operator-2", f"{at}/confirmation", {"lines": short})
    assert code(differs) == (422, "count-differs")
    assert sorted(differs.json["errors"]) == ["lines.l1", "lines.l2"]  # type: ignore[index]
    anew = {"lines": [{"kind": "money", "currency": "CNY", "amount": 12_300}]}
    assert act(stand, "ml-operator-2", f"{at}/recount", anew).json["recounted"] == 1  # type: ignore[index]
    agreed = act(stand, "ml-operator-1", f"{at}/confirmation", {"lines": short})
    assert agreed.json["confirmed_by"] == "ml-operator-1"  # type: ignore[index]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "money", "currency": "CNY", "amount": 0},
        {"kind": "money", "currency": "元", "amount": 5},
        {"kind": "money", "currency": "CNY", "amount": 1.5},
        {"kind": "certificate"},
        {"kind": "object"},
        {"kind": "certificate", "certificate": "身份证", "amount": 5},
    ],
)
def test_a_line_that_says_too_little_names_its_field(stand: Stand, wrong: dict[str, Any]) -> None:
    enclosed = {"origin": "letter", "lines": [wrong]}
    refused = stand.register({**LETTER, "enclosed": enclosed})
    assert refused.status_code == 422
    assert all(field.startswith("enclosed.lines.0.") for field in refused.json["errors"])  # type: ignore[index]


@pytest.mark.parametrize("how", ["answered", "withdrawn"])
def test_no_case_ends_while_an_enclosure_is_out_and_the_last_return_ends_it(stand: Stand, how: str) -> None:
    answered = {"answer": "已当场答复。", "matters": [{**FORM["matters"][0], "kind": "consultation"}]}
    number, at = confirmed(stand, **(answered if how == "answered" else {}))
    if how == "withdrawn":
        stand.post(f"/cases/{number}/withdrawal", json={"reason": "不再要求处理"})
        again = stand.post(f"/cases/{number}/withdrawal", json={"reason": "不再要求处理"})
        assert code(again) == (409, "already-concluded")
    case = stand.get(f"/cases/{number}").json
    assert (case["outcome"], case["stage"], case["waits_for_enclosures"]) == (None, "registered", True)  # type: ignore[index]
    one = act(stand, "ml-operator-1", f"{at}/returns", {**MAIL, "lines": ["l1"]})
    assert (one.status_code, one.json["outstanding"]) == (201, ["l2"])  # type: ignore[index]
    assert stand.get(f"/cases/{number}").json["outcome"] is None  # type: ignore[index]
    assert act(stand, "ml-operator-1", f"{at}/returns", MAIL).status_code == 201
    case = stand.get(f"/cases/{number}").json
    assert (case["outcome"], case["stage"], case["waits_for_enclosures"]) == (how, "concluded", False)  # type: ignore[index]
    step = stand.database["cases"].find_one({"number": number})["steps"][-1]  # type: ignore[index]
    assert [e["type"] for e in step["events"]] == [
        "enclosure.settled", "message.requested", "message.requested", "case.concluded"
    ]  # fmt: skip


def test_only_the_keeper_moves_it_the_receiver_confirms_and_a_unit_gets_a_copy_alone(stand: Stand) -> None:
    number, at = confirmed(stand)
    assert code(act(stand, "ml-operator-2", f"{at}/handover", {"to": "ml-records-1"})) == (409, "not-holder")
    to_unit = act(stand, "ml-operator-1", f"{at}/handover", {"to": "ml-unit-gas-1"})
    assert code(to_unit) == (409, "original-stays")
    assert act(stand, "ml-operator-1", f"{at}/handover", {"to": "ml-records-1"}).status_code == 200
    assert code(act(stand, "ml-operator-2", f"{at}/reception")) == (409, "not-holder")
    assert stand.get(f"/cases/{number}").json["enclosures"][0]["holder"] == "ml-operator-1"  # type: ignore[index]
    taken = act(stand, "ml-records-1", f"{at}/reception").json
    assert [h["holder"] for h in taken["custody"]] == ["ml-operator-1", "ml-records-1"]  # type: ignore[index]
    assert code(act(stand, "ml-operator-1", f"{at}/returns", MAIL)) == (409, "not-holder")
    queue = stand.get("/enclosures", "leader", holder="ml-records-1").json
    assert [row["voucher"] for row in queue["enclosures"]] == ["SZ-FW-2024-000001"]  # type: ignore[index]
    assert queue["enclosures"][0]["age_days"] == 0  # type: ignore[index]


def test_mail_that_comes_back_is_kept_safe_and_goes_to_finance_after_its_time(stand: Stand) -> None:
    _, at = confirmed(stand)
    assert code(act(stand, "ml-operator-1", f"{at}/finance", {"receipt": "R-1"})) == (409, "still-returnable")
    no_number = {"way": "registered_mail"}
    assert code(act(stand, "ml-operator-1", f"{at}/returns", no_number)) == (422, "not-as-ruled")
    assert code(act(stand, "ml-operator-1", f"{at}/returns", {"way": "in_person"})) == (422, "not-as-ruled")
    act(stand, "ml-operator-1", f"{at}/returns", MAIL)
    back = {"mail": MAIL["mail"], "why": "wrong_address"}
    again = act(stand, "ml-records-1", f"{at}/returned-mail", back).json
    assert (again["outstanding"], again["holder"]) == (["l1", "l2"], "ml-records-1")  # type: ignore[index]
    assert code(act(stand, "ml-records-1", f"{at}/returned-mail", back)) == (409, "nothing-held")
    assert code(act(stand, "ml-records-1", f"{at}/finance", {"receipt": "R-1"})) == (409, "not-yet-finance")
    stand.house.base.office_clock.advance(timedelta(days=180))  # type: ignore[attr-defined]
    done = act(stand, "ml-records-1", f"{at}/finance", {"receipt": "R-1"}).json
    assert [line["state"] for line in done["lines"]] == ["finance", "finance"]  # type: ignore[index]
    assert done["finance"][0]["receipt"] == "R-1"  # type: ignore[index]


def test_an_anonymous_letters_enclosure_has_no_way_back_but_finance(stand: Stand) -> None:
    _, at = confirmed(stand, parties=[{"anonymous": True}])
    assert code(act(stand, "ml-operator-1", f"{at}/returns", MAIL)) == (409, "no-address")
    assert code(act(stand, "ml-operator-1", f"{at}/finance", {"receipt": "R-1"})) == (409, "not-yet-finance")


def test_a_danger_needs_the_police_and_what_was_lost_waits_for_the_director(stand: Stand) -> None:
    number, at = confirmed(stand)
    danger = {"kind": "dangerous", "lines": ["l1"], "account": "信封内有不明粉末"}
    assert code(act(stand, "ml-operator-1", f"{at}/incidents", danger)) == (422, "not-as-ruled")
    police = {
        "line": "110",
        "contacted_at": "2024-09-27T10:05:00+08:00",
        "reference": "J-77",
        "took_it": True,
    }
    wrong = {**danger, "police": {**police, "line": "999"}}
    assert code(act(stand, "ml-operator-1", f"{at}/incidents", wrong)) == (422, "not-as-ruled")
    gone = act(stand, "ml-operator-1", f"{at}/incidents", {**danger, "police": police}).json
    assert (gone["incidents"][0]["police"]["reference"], gone["outstanding"]) == ("J-77", ["l2"])  # type: ignore[index]
    stand.post(f"/cases/{number}/withdrawal", json={"reason": "不再要求处理"})
    lost = {"kind": "lost", "lines": ["l2"], "account": f"{NAME}的身份证未找到"}
    assert act(stand, "ml-operator-1", f"{at}/incidents", lost).status_code == 201
    assert stand.get(f"/cases/{number}").json["outcome"] is None, "lost is not returned"  # type: ignore[index]
    told = [e for e in events(stand, number) if e.get("template") == "enclosure_incident"]
    assert [(e["addressee_kind"], e["addressee"], e["urgent"]) for e in told] == [
        ("role", "leader", True)
    ] * 2
    decision = {"outcome": "compensated", "note": "补办并赔偿"}
    done = act(stand, "ml-leader-1", f"{at}/incidents/i2/outcome", decision).json
    assert done["outstanding"] == []  # type: ignore[index]
    assert stand.get(f"/cases/{number}").json["outcome"] == "withdrawn"  # type: ignore[index]
    assert NAME not in stand.kept()


def events(stand: Stand, number: str) -> list[dict[str, Any]]:
    steps = stand.database["cases"].find_one({"number": number})["steps"]  # type: ignore[index]
    return [event["data"] for step in steps for event in step["events"]]


def test_a_gift_is_reported_to_the_director_at_once_and_a_slip_is_printed(stand: Stand) -> None:
    number = stand.register({**FORM, "parties": LETTER["parties"] and [{**FORM["parties"][0]}]}).json[
        "number"
    ]  # type: ignore[index]
    gift = {"origin": "visit", "gift": True, "lines": LETTER["enclosed"]["lines"]}
    one = stand.post(f"/cases/{number}/enclosures", json=gift, key="one-gift-one-voucher")
    again = stand.post(f"/cases/{number}/enclosures", json=gift, key="one-gift-one-voucher")
    assert (one.status_code, one.json) == (201, again.json)
    told = [e for e in events(stand, number) if e.get("template") == "enclosure_gift"]
    assert [(e["addressee"], e["urgent"]) for e in told] == [("leader", True)]
    slip = stand.get(f"/cases/{number}/enclosures/n1/receipt", "operator")
    assert "人民币 123.50 元" in slip.text
    assert f"{NAME}的身份证原件" in slip.text
    assert stand.database["audit"].count_documents({"what": "enclosure.receipt", "case": number}) == 1
