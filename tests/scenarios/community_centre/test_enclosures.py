"""Cash and original certificates in letters: counted, kept, returned, and no letter closed before (S2)."""

from typing import Any

import pytest

from tests.scenarios.desk_of_enclosures import (
    CARD,
    CASH,
    COUNTED,
    MAIL,
    enclosed,
    letter,
    people,
    refusal,
    upload,
)
from tests.scenarios.driver import Driver

ME = {"account": "开柜清点时发现"}


def messages(office: Driver, number: str, template: str) -> list[dict[str, Any]]:
    said = (row["data"] for row in office.said(number, "message.requested"))
    return [data for data in said if data["template"] == template]


@pytest.mark.clause("S2-60", "E-85")
def test_each_sum_and_certificate_is_a_line_that_two_people_count_under_a_voucher(
    community_centre: Driver,
) -> None:
    first, second, _ = people(community_centre)
    receipt = community_centre.register(community_centre.form(channel="letter", enclosed=enclosed()))
    (held,) = receipt["enclosures"]
    number, at = receipt["number"], f"/cases/{receipt['number']}/enclosures/n1"
    other = first.post("intake", f"/cases/{number}/enclosures", enclosed(CARD))
    assert held["voucher"] != other["voucher"]
    assert held["voucher"].startswith("BF-FW-")
    lines = community_centre.case(number)["enclosures"][0]["lines"]
    assert [(one["kind"], one["currency"], one["amount"], one["certificate"]) for one in lines] == [
        ("money", "CNY", 12_350, None),
        ("certificate", None, None, "身份证"),
    ]
    assert "柏守拙" not in str(lines), "who sent it is sealed"
    own = refusal(lambda: first.post("intake", f"{at}/confirmation", {"lines": COUNTED}))
    short = [{**COUNTED[0], "amount": 12_300}, COUNTED[1]]
    differs = refusal(lambda: second.post("intake", f"{at}/confirmation", {"lines": short}))
    early = refusal(lambda: first.post("intake", f"{at}/returns", MAIL))
    assert (own, differs, early) == ("same-person", "count-differs", "not-confirmed")
    done = second.post("intake", f"{at}/confirmation", {"lines": COUNTED})
    assert (done["counted_by"], done["confirmed_by"]) == (first.subject, second.subject)
    community_centre.until_said(number, "enclosure.registered", times=2)


@pytest.mark.clause("S2-61")
def test_custody_is_tracked_from_hand_to_hand_and_shown_with_its_age(community_centre: Driver) -> None:
    number, at = letter(community_centre)
    first, second, records = people(community_centre)
    assert refusal(lambda: second.post("intake", f"{at}/handover", {"to": records.subject})) == "not-holder"
    first.post("intake", f"{at}/handover", {"to": records.subject})
    assert community_centre.case(number)["enclosures"][0]["holder"] == first.subject, "not yet received"
    community_centre.advance(days=1)
    taken = records.post("intake", f"{at}/reception", {})
    assert [held["holder"] for held in taken["custody"]] == [first.subject, records.subject]
    listed = records.all("intake", "/enclosures", "enclosures", holder=records.subject)
    assert [row["age_days"] for row in listed if row["number"] == number] == [1]
    assert refusal(lambda: first.post("intake", f"{at}/returns", MAIL)) == "not-holder"


@pytest.mark.clause("S2-61", "E-90")
def test_loss_damage_and_danger_are_on_record_and_danger_needs_the_police(community_centre: Driver) -> None:
    number, at = letter(community_centre)
    first, *_ = people(community_centre)
    first.post("intake", f"{at}/incidents", {"kind": "damaged", "lines": ["l2"], **ME})
    first.post("intake", f"{at}/incidents", {"kind": "lost", "lines": ["l1"], **ME})
    danger = {"kind": "dangerous", "lines": ["l2"], **ME}
    assert refusal(lambda: first.post("intake", f"{at}/incidents", danger)) == "not-as-ruled"
    now = community_centre.now().isoformat()
    police = {"line": "110", "contacted_at": now, "reference": "接警 0077", "took_it": True}
    held = first.post("intake", f"{at}/incidents", {**danger, "police": police})
    assert [incident["kind"] for incident in held["incidents"]] == ["damaged", "lost", "dangerous"]
    assert held["incidents"][2]["police"]["reference"] == "接警 0077"
    assert [line["state"] for line in held["lines"]] == ["lost", "police"]
    community_centre.until(lambda: len(messages(community_centre, number, "enclosure_incident")) == 3)
    word = {"outcome": "compensated", "note": "由本机构赔偿"}
    done = community_centre.role("leader").post("intake", f"{at}/incidents/i2/outcome", word)
    assert done["outstanding"] == []


@pytest.mark.clause("S2-62", "S2-62+notify", "E-86")
def test_a_letter_ends_in_the_step_that_returns_its_last_enclosure_by_registered_mail(
    community_centre: Driver,
) -> None:
    first, second, _ = people(community_centre)
    number, _ = community_centre.approved(channel="letter", enclosed=enclosed())
    at = f"/cases/{number}/enclosures/n1"
    second.post("intake", f"{at}/confirmation", {"lines": COUNTED})
    community_centre.attempt(number, "call", reached=True)
    community_centre.tell(number, "call")
    community_centre.evaluate(number, "m1", solved=True, satisfied=True)
    community_centre.until_said(number, "echo.completed")
    community_centre.until(lambda: community_centre.case(number)["waits_for_enclosures"])
    bare = refusal(lambda: first.post("intake", f"{at}/returns", {"way": "registered_mail"}))
    by_hand = refusal(lambda: first.post("intake", f"{at}/returns", {"way": "in_person"}))
    assert (bare, by_hand) == ("not-as-ruled", "not-as-ruled")
    first.post("intake", f"{at}/returns", {**MAIL, "lines": ["l1"]})
    assert community_centre.case(number)["outcome"] is None, "one of two is still here"
    first.post("intake", f"{at}/returns", {"way": "registered_mail", "mail": "XA000000002"})
    assert community_centre.case(number)["outcome"] == "echoed"
    returned = community_centre.case(number)["enclosures"][0]["returns"]
    assert [one["mail"] for one in returned] == [MAIL["mail"], "XA000000002"]
    community_centre.until_said(number, "case.concluded")
    told = [message["params"]["mail"] for message in messages(community_centre, number, "enclosure_returned")]
    assert told == [MAIL["mail"], "XA000000002"]
    community_centre.until(lambda: len(_at_notify(community_centre, number)) == 2)


def _at_notify(office: Driver, number: str) -> list[dict[str, Any]]:
    found = office.role("callback").get("notify", f"/messages/{number}")["messages"]
    return [message for message in found if message["template"] == "enclosure_returned"]


@pytest.mark.clause("E-86")
def test_neither_a_withdrawal_nor_an_answer_on_the_spot_closes_a_letter_before(
    community_centre: Driver,
) -> None:
    first, *_ = people(community_centre)
    number, at = letter(community_centre)
    community_centre.withdraw(number, "不再要求处理")
    assert community_centre.case(number)["outcome"] is None
    assert refusal(lambda: community_centre.withdraw(number, "再次撤回")) == "already-concluded"
    first.post("intake", f"{at}/returns", MAIL)
    assert community_centre.case(number)["outcome"] == "withdrawn"


@pytest.mark.clause("E-88")
def test_a_gift_is_registered_told_to_the_director_at_once_and_returned(community_centre: Driver) -> None:
    first, second, _ = people(community_centre)
    gift = enclosed(CASH, origin="visit", gift=True)
    number = community_centre.registered(channel="visit", enclosed=gift)
    at = f"/cases/{number}/enclosures/n1"
    told = community_centre.until(lambda: messages(community_centre, number, "enclosure_gift"))
    assert [(one["addressee_kind"], one["addressee"], one["urgent"]) for one in told] == [
        ("role", "leader", True)
    ]
    second.post("intake", f"{at}/confirmation", {"lines": COUNTED[:1]})
    assert first.post("intake", f"{at}/returns", MAIL)["outstanding"] == []


@pytest.mark.clause("E-89")
def test_a_unit_that_needs_the_original_gets_a_certified_copy_and_the_original_stays(
    community_centre: Driver,
) -> None:
    first, second, _ = people(community_centre)
    number, order = community_centre.dispatched(channel="letter", enclosed=enclosed())
    at = f"/cases/{number}/enclosures/n1"
    second.post("intake", f"{at}/confirmation", {"lines": COUNTED})
    unit = community_centre.holds(order)
    why = {"reason": "办理须核对证件"}
    ask = f"{at}/lines/l2/copy-requests"
    asked = community_centre.until(lambda: unit.post("intake", ask, why, f"ask-a-copy-{number}"))
    assert asked["lines"][1]["certified_copy"] is None
    out = refusal(lambda: first.post("intake", f"{at}/handover", {"to": unit.subject}))
    assert out == "original-stays"
    file = upload(first, number, "copy.txt", "身份证复印件，与原件一致".encode())["id"]
    copy = {"file": file}
    assert refusal(lambda: first.post("intake", f"{at}/lines/l2/certified-copy", copy)) == "original-stays"
    first.line.ask(
        "POST",
        "intake",
        f"/cases/{number}/files/{file}/release",
        files={"file": ("copy.txt", "身份证复印件".encode())},
        headers={**first.headers(), "Idempotency-Key": f"release-{number}"},
    )
    other = refusal(lambda: second.post("intake", f"{at}/lines/l2/certified-copy", copy))
    assert other == "not-holder", "only who holds the original compares with it"
    first.post("intake", f"{at}/lines/l2/certified-copy", copy)
    seen = unit.get("intake", f"/cases/{number}")
    assert [line["certified_copy"] for line in seen["enclosures"][0]["lines"]] == [None, file]
    assert community_centre.case(number)["enclosures"][0]["holder"] == first.subject


@pytest.mark.clause("E-91")
def test_what_a_visitor_brings_gets_a_receipt_and_the_same_rules(community_centre: Driver) -> None:
    first, second, _ = people(community_centre)
    number = community_centre.registered(channel="visit", enclosed=enclosed(origin="visit"))
    at = f"/cases/{number}/enclosures/n1"
    slip = first.line.send("GET", "intake", f"{at}/receipt", headers=first.headers()).text
    voucher = community_centre.case(number)["enclosures"][0]["voucher"]
    for words in ("附物收据", voucher, "人民币 123.50 元", "身份证"):
        assert words in slip
    own = refusal(lambda: first.post("intake", f"{at}/confirmation", {"lines": COUNTED}))
    early = refusal(lambda: first.post("intake", f"{at}/returns", MAIL))
    second.post("intake", f"{at}/confirmation", {"lines": COUNTED})
    by_hand = refusal(lambda: first.post("intake", f"{at}/returns", {"way": "in_person"}))
    assert (own, early, by_hand) == ("same-person", "not-confirmed", "not-as-ruled")
