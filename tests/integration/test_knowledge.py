"""The knowledge base on a real store: versions kept, any word found, answers that cite, what is internal."""

# ruff: noqa: F811 - a fixture of another module is named by who asks for it

from typing import Any

import pytest

from huiyin.chassis.askers import seal_for
from services.intake.errors import NotDisclosable
from services.intake.use_cases import answers, knowledge, reading_up
from tests.integration.test_intake import FORM, Stand, stand  # noqa: F401  the fixture

WATER: dict[str, Any] = {
    "title": "居民用水价格",
    "text": "居民生活用水第一阶梯每立方米二元八角，每户每月二十二立方米以内。",
    "kind": "policy",
    "audience": "public",
    "valid_from": "2024-01-01",
    "valid_until": "2024-12-31",
    "document": "回价〔2024〕1号",
    "categories": ["utilities/water"],
}
INNER = "处理水费争议时先核对抄表记录，必要时可减免当期滞纳金，由供水公司经办人员掌握。"
GUIDE: dict[str, Any] = {
    **WATER,
    "title": "水费争议内部办理口径",
    "text": INNER,
    "kind": "guidance",
    "audience": "staff_only",
    "valid_until": None,
    "document": "",
}
ASK = {**FORM, "matters": [{**FORM["matters"][0], "kind": "consultation", "category": "utilities/water"}]}
ANSWER = "第一阶梯水价为每立方米二元八角。"


def write(stand: Stand, entry: str, wording: dict[str, Any], role: str = "rulebook") -> Any:
    body = {"entry": entry, "owner": "water_company", "wording": wording}
    return stand.post("/knowledge", role, json=body)


def answer_with(stand: Stand, answer: str, *cites: tuple[str, int]) -> Any:
    named = [{"entry": entry, "version": version} for entry, version in cites]
    return stand.register({**ASK, "answer": answer, "answer_cites": named})


def test_any_two_characters_find_an_entry_and_the_title_comes_first(stand: Stand) -> None:
    assert write(stand, "water-price", WATER).status_code == 201
    assert write(stand, "water-guide", GUIDE).status_code == 201
    for term in ("居民", "民用", "用水", "阶梯", "〔2024〕1号", "米二"):
        found = stand.get("/knowledge", "operator", q=term).json
        assert found["entries"][0]["entry"] == "water-price", term  # type: ignore[index]
    both = stand.get("/knowledge", "operator", q="水费").json
    assert [row["entry"] for row in both["entries"]] == ["water-guide"]  # type: ignore[index]
    near = stand.get("/knowledge", "operator", q="居民用水一吨多少钱").json
    assert (near["near"], near["entries"][0]["entry"]) == (True, "water-price")  # type: ignore[index]
    assert stand.get("/knowledge", "operator", q="燃气").json == {"total": 0, "near": False, "entries": []}


def test_every_version_is_kept_and_two_are_compared(stand: Stand) -> None:
    write(stand, "water-price", WATER)
    dearer = {**WATER, "text": WATER["text"].replace("二元八角", "三元整"), "valid_from": "2024-09-01"}
    revised = stand.post(
        "/knowledge/water-price/versions", "rulebook", json={"wording": dearer, "why": "调价"}
    )
    assert (revised.status_code, revised.json["version"]) == (201, 2)  # type: ignore[index]
    kept = stand.get("/knowledge/water-price/versions", "unit").json["versions"]  # type: ignore[index]
    assert [one["version"] for one in kept] == [1, 2]
    assert kept[0]["text"] == WATER["text"]
    changed = stand.get("/knowledge/water-price/comparison", "operator", old=1, new=2).json
    assert changed["changed"] == {"valid_from": {"old": "2024-01-01", "new": "2024-09-01"}}  # type: ignore[index]
    assert [line[0] for line in changed["text"] if line[0] in "+-"] == ["-", "+"]  # type: ignore[index]
    same = stand.post("/knowledge/water-price/versions", "rulebook", json={"wording": dearer, "why": "再发"})
    assert (same.status_code, same.json["code"]) == (422, "nothing-to-correct")  # type: ignore[index]


def test_an_answer_at_once_is_kept_with_its_time_and_what_it_rests_on(stand: Stand) -> None:
    write(stand, "water-price", WATER)
    write(stand, "water-guide", GUIDE)
    taken = answer_with(stand, ANSWER, ("water-price", 1), ("water-guide", 1))
    assert taken.status_code == 201, taken.json
    kept = stand.get(f"/cases/{taken.json['number']}").json
    assert kept["answer"]["text"] == ANSWER  # type: ignore[index]
    assert kept["answer"]["at"] == taken.json["accepted_at"]  # type: ignore[index]
    assert kept["answer"]["in_time"] is True  # type: ignore[index]
    assert [(c["entry"], c["version"]) for c in kept["answer"]["cites"]] == [  # type: ignore[index]
        ("water-price", 1),
        ("water-guide", 1),
    ]
    told: Any = stand.app.test_client().get(taken.json["progress_link"]).json
    assert told["answer"]["sources"] == [{"title": "居民用水价格", "document": "回价〔2024〕1号"}]
    assert "内部" not in str(told)


@pytest.mark.parametrize(
    ("cites", "answer", "field", "words"),
    [
        ([("nothing", 1)], ANSWER, "answer_cites.0", "没有条目"),
        ([("water-price", 9)], ANSWER, "answer_cites.0", "没有条目"),
        ([("water-old", 1)], ANSWER, "answer_cites.0", "失效"),
        ([("water-new", 1)], ANSWER, "answer_cites.0", "尚未生效"),
        ([("water-guide", 1)], f"您好，{INNER}", "answer", "内部"),
        ([], "您好：处理水费争议时，先核对抄表记录。必要时可减免。", "answer", "内部"),
    ],
    ids=["unknown", "unknown version", "expired", "not begun", "quotes its basis", "quotes without citing"],
)
def test_a_citation_that_does_not_hold_and_a_quote_of_what_is_internal_are_refused(
    stand: Stand,
    cites: list[tuple[str, int]],
    answer: str,
    field: str,
    words: str,
) -> None:
    write(stand, "water-price", WATER)
    write(stand, "water-guide", GUIDE)
    write(stand, "water-old", {**WATER, "valid_until": "2024-03-01"})
    write(stand, "water-new", {**WATER, "valid_from": "2024-12-01"})
    refused = answer_with(stand, answer, *cites)
    assert refused.status_code == 422
    assert words in refused.json["errors"][field][0]
    assert stand.database["cases"].count_documents({}) == 0


def test_a_unit_proposes_for_its_own_and_the_keeper_decides(stand: Stand) -> None:
    write(stand, "gas-price", WATER)
    theirs = stand.post("/knowledge/gas-price/versions", "unit", json={"wording": GUIDE, "why": "更正"})
    assert (theirs.status_code, theirs.json["code"]) == (403, "not-the-owner")  # type: ignore[index]
    body = {"entry": "gas-safety", "owner": "gas_company", "wording": {**GUIDE, "title": "燃气安检口径"}}
    assert stand.post("/knowledge", "unit", json=body).json == {
        "entry": "gas-safety",
        "version": 0,
        "waiting": ["p1"],
    }
    assert stand.get("/knowledge/gas-safety", "operator").status_code == 404
    assert stand.get("/knowledge", "operator", q="燃气").json["total"] == 0  # type: ignore[index]
    listed = stand.get("/knowledge", "rulebook", proposed="true").json
    assert [row["waiting"] for row in listed["entries"]] == [["p1"]]  # type: ignore[index]
    path = "/knowledge/gas-safety/proposals/p1/decision"
    assert stand.post(path, "rulebook", json={"taken": True}).status_code == 200
    assert stand.get("/knowledge/gas-safety", "operator").json["version"] == 1  # type: ignore[index]
    assert stand.post(path, "rulebook", json={"taken": True}).status_code == 409


def test_guidance_is_said_to_its_departments_and_what_ends_is_asked_for_once(
    stand: Stand,
) -> None:
    write(stand, "water-price", WATER)
    doc = stand.database["knowledge"].find_one({})
    assert doc is not None
    said = [event["data"] for event in doc["steps"][0]["events"]]
    assert {one["addressee"] for one in said} == {"water_company", "yundi"}
    assert {one["template"] for one in said} == {"guidance_issued"}
    assert knowledge.ask_owners(stand.house) == 0
    stand.house.base.office_clock.set(stand.house.now().replace(month=12, day=15))  # type: ignore[attr-defined]
    assert (knowledge.ask_owners(stand.house), knowledge.ask_owners(stand.house)) == (1, 0)
    row = stand.get("/knowledge/water-price", "operator").json
    assert (row["standing"], row["warning"][:2]) == ("expiring", "将于")  # type: ignore[index]
    warned = answer_with(stand, ANSWER, ("water-price", 1)).json
    assert warned["warnings"] == ["《居民用水价格》将于 2024-12-31 失效，请责任单位及时修订"]


def test_the_words_for_staff_go_to_units_alone(stand: Stand) -> None:
    write(stand, "water-guide", GUIDE)
    subject = "knowledge:mayors-line:water-guide"
    assert reading_up.supplied(stand.house, subject, 1, "unit") == INNER
    with pytest.raises(NotDisclosable):
        reading_up.supplied(stand.house, subject, 1, "party")
    assert stand.get("/knowledge/water-guide", "custodian").status_code == 403


def test_a_units_reply_that_quotes_what_is_internal_is_cut_before_it_is_shown_or_sent(stand: Stand) -> None:
    write(stand, "water-guide", GUIDE)
    number = stand.register(FORM).json["number"]  # type: ignore[index]
    told = f"经核实：{INNER}特此答复。"
    sealed = seal_for(stand.house.askers, "intake", {"text": told})
    assert answers.redacted(stand.house, number=number, sealed=sealed) == "经核实：〔内部指引〕。特此答复。"


def test_another_offices_entries_are_as_if_they_were_not_there(stand: Stand) -> None:
    write(stand, "water-price", WATER)
    headers = stand.bearer("operator", "community-centre")
    for path in ("/knowledge/water-price", "/knowledge/water-price/versions"):
        assert stand.app.test_client().get(path, headers=headers).status_code == 404
    found = stand.app.test_client().get("/knowledge?q=用水", headers=headers).json
    assert found["total"] == 0  # type: ignore[index]
