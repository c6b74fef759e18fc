"""Somebody named where officers write for one another: nothing of it is kept or told in the clear (E-79)."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database
from werkzeug.test import TestResponse

from tests.integration.call_stand import CallStand, call_stand
from tests.integration.test_enclosures import LETTER, act
from tests.integration.test_intake import FORM, NAME, PHONE, Stand, stand

__all__ = ["stand"]

DOOR = "石桥弄1号2栋301室"
WORDING = {"title": "办理说明", "text": "按规定办理。", "kind": "policy", "audience": "public"}
POLICE = {"line": "110", "contacted_at": "2024-09-23T10:00:00+08:00", "took_it": False}


@pytest.fixture
def telephone(database: Database[dict[str, Any]], mongo_url: str, tmp_path: Path) -> Iterator[CallStand]:
    with call_stand(database, mongo_url, tmp_path) as made:
        yield made


def nothing_is_told(stand: Stand, answer: TestResponse, *others: str) -> None:
    """The act was taken, and names nobody in what is kept or answered."""
    assert answer.status_code in (200, 201), answer.text
    kept = stand.kept() + answer.text
    assert [secret for secret in (NAME, PHONE, *others) if secret in kept] == []


def registered(stand: Stand, **changes: Any) -> str:
    return str(stand.register({**FORM, **changes}).json["number"])  # type: ignore[index]


def test_why_a_case_is_sorted_anew_names_no_party_that_no_word_introduces(stand: Stand) -> None:
    number = registered(stand)
    why = {"hot": f"{NAME}又来电。"}
    told = {"reason": f"{NAME}说不急。", "flags": ["hot"], "why": why, "affected": 9}
    nothing_is_told(stand, stand.post(f"/cases/{number}/classification", json=told))


def test_the_name_of_a_police_station_is_a_stations(stand: Stand) -> None:
    party = {"name": NAME, "work_unit": "晨钟印刷厂", "occupation": "职员", "address": DOOR}
    form = {
        "channel": "visit",
        "parties": [party],
        "matters": [{**FORM["matters"][0], "category": "window/queue", "area": "990102002001"}],
    }
    first = stand.post("/cases", office="community-centre", json=form)
    at = f"/cases/{first.json['number']}/incidents"  # type: ignore[index]
    noted = {"kind": "disrupting_order", "words": f"{NAME}堵住窗口"}
    stand.post(at, office="community-centre", json=noted)
    told = {"station": f"城东派出所，{NAME}报案"}
    nothing_is_told(stand, stand.post(f"{at}/i1/police", office="community-centre", json=told))


def test_the_kind_of_a_certificate_and_the_polices_reference_name_nobody(stand: Stand) -> None:
    lines = [{"kind": "certificate", "certificate": f"{NAME}的身份证", "description": f"{NAME}的原件"}]
    letter = {**LETTER, "enclosed": {"origin": "letter", "lines": lines}}
    at = f"/cases/{stand.register(letter).json['number']}/enclosures/n1"  # type: ignore[index]
    nothing_is_told(stand, act(stand, "ml-operator-1", f"{at}/recount", {"lines": lines}))
    police = {**POLICE, "reference": f"接警员已联系{NAME}{PHONE}"}
    told = {"kind": "dangerous", "account": f"{NAME}寄来粉末", "police": police}
    act(stand, "ml-operator-2", f"{at}/confirmation", {"lines": [{"line": "l1", "present": True}]})
    nothing_is_told(stand, act(stand, "ml-operator-1", f"{at}/incidents", told))


def test_the_police_are_rung_on_a_line_of_the_office_whatever_happened(stand: Stand) -> None:
    at = f"/cases/{stand.register(LETTER).json['number']}/enclosures/n1"  # type: ignore[index]
    police = {**POLICE, "line": PHONE, "reference": "1"}
    told = {"kind": "damaged", "account": "信封破损", "police": police}
    found = [{"line": "l1", "currency": "CNY", "amount": 12_350}, {"line": "l2", "present": True}]
    act(stand, "ml-operator-2", f"{at}/confirmation", {"lines": found})
    refused = act(stand, "ml-operator-1", f"{at}/incidents", told)
    assert set(refused.json["errors"]) == {"police.line"}  # type: ignore[index]


def test_who_sent_a_letter_on_and_who_wrote_of_it_are_organs_and_papers(stand: Stand) -> None:
    came = {
        "forwarded_by": f"市妇联，{NAME}转交",
        "first_received_on": "2024-09-20",
        "news_outlet": f"晚报，{PHONE}爆料",
    }
    party = {"name": NAME, "address": DOOR, "phone": PHONE}
    form = {**FORM, "channel": "letter", "parties": [party], "arrival": came}
    nothing_is_told(stand, stand.post("/cases", json=form), DOOR)


@pytest.mark.parametrize("taken", [True, False])
def test_why_a_policy_is_written_proposed_and_decided_names_nobody(stand: Stand, *, taken: bool) -> None:
    entry = f"entry-{uuid.uuid4().hex[:8]}"
    wording, why = {**WORDING, "valid_from": "2024-01-01"}, f"我叫{NAME}，电话{PHONE}，来电问起。"
    told = {"entry": entry, "owner": "gas_company", "wording": wording, "why": why}
    nothing_is_told(stand, stand.post("/knowledge", "rulebook", json=told))
    revised = {"wording": {**wording, "text": "按新规定办理。"}, "why": why}
    nothing_is_told(stand, stand.post(f"/knowledge/{entry}/versions", "unit", json=revised))
    decided = {"taken": taken, "note": why}
    nothing_is_told(stand, stand.post(f"/knowledge/{entry}/proposals/p1/decision", "rulebook", json=decided))


def test_where_a_caller_is_in_danger_is_sealed_and_told_to_the_case(telephone: CallStand) -> None:
    call = telephone.centre.ring("mayors-line", PHONE)["call"]
    where = {"line": "120", "words": "有人晕倒", "place": DOOR, "area": f"河边，我叫{NAME}"}
    answer = telephone.ask("POST", f"/calls/{call}/hand-overs", where)
    assert answer.status_code == 202, answer.text
    kept = str(list(telephone.database["calls"].find()))
    assert [secret for secret in (DOOR, NAME, PHONE) if secret in kept] == []
    (case,) = telephone.house.cases.find({})
    original = telephone.house.base.sealer.open(case.state.matters[0].original)
    assert DOOR in original["place"], "who helps must find the door"


def test_the_telephone_that_a_call_was_put_through_to_is_not_kept(telephone: CallStand) -> None:
    begun = telephone.centre.ring("mayors-line", PHONE)
    other = "19900000002"
    told = telephone.centre.tell("mayors-line", begun["sender"], "transferred", to=other, outcome="taken")
    assert told.is_success, told.text
    found = telephone.ask("GET", f"/calls/{begun['call']}")
    assert found.json()["transfers"][0]["outcome"] == "taken"
    assert other not in found.text + str(list(telephone.database["calls"].find()))
