"""Words are found: any term of two characters, never behind a wall, never of a restricted case."""

from datetime import timedelta
from typing import Any

import pytest

from services.intake.use_cases import words
from tests.integration.test_intake import FORM, PHONE, Stand, stand

__all__ = ["stand"]


def form(text: str, **changes: Any) -> dict[str, Any]:
    return {**FORM, "matters": [{**FORM["matters"][0], "text": text, **changes}]}


def number_of(stand: Stand, text: str, **changes: Any) -> str:
    answer = stand.register(form(text, **changes))
    assert answer.status_code == 201, answer.json
    return str(answer.json["number"])  # type: ignore[index]


def found(stand: Stand, q: str, **query: Any) -> list[str]:
    answer = stand.get("/cases", q=q, **query)
    assert answer.status_code == 200, answer.json
    listed = [case["number"] for case in answer.json["cases"]]  # type: ignore[index]
    assert answer.json["total"] == len(listed)  # type: ignore[index]
    return listed


def test_a_term_is_found_as_it_stands_whatever_its_width_or_case(stand: Stand) -> None:
    number = number_of(stand, "梧桐里小区昨晚停水，WiFi信号塔也断了，乘３０２路要等1小时。")
    number_of(stand, "停车场的水管坏了，桐梧小路边。")
    for term in (
        "停水",
        "梧桐里",
        "小区昨晚停水",
        "wifi",
        "ＷＩＦＩ",
        "302",
        "水，W",
        "302路要等",
        "等 停水",
    ):
        assert found(stand, term) == [number], term
    for term in ("水停", "桐里停", "wifi塔", "303", "停水 煤气"):
        assert found(stand, term) == [], term


def test_place_and_wish_are_searched_and_no_term_runs_from_one_into_the_other(stand: Stand) -> None:
    number = number_of(stand, "路灯不亮", place="和声路口", wish="尽快修复")
    assert found(stand, "声路") == found(stand, "修复") == [number]
    assert found(stand, "不亮尽快") == []


def test_a_question_without_a_word_is_refused_and_says_why(stand: Stand) -> None:
    answer = stand.get("/cases", q=" ，。")
    assert (answer.status_code, answer.json["code"]) == (422, "nothing-looked-for")  # type: ignore[index]
    assert "字词" in answer.json["errors"]["q"][0]  # type: ignore[index]


def test_what_was_redacted_is_not_found(stand: Stand) -> None:
    number_of(stand, f"请回电{PHONE}")
    assert found(stand, PHONE) == found(stand, PHONE[:4]) == []


def test_terms_narrow_the_list_beside_its_other_questions_and_in_pages(stand: Stand) -> None:
    numbers = [number_of(stand, f"第{n}次停水") for n in range(5)]
    pages = [stand.get("/cases", q="停水", skip=skip, limit=2).json for skip in (0, 2, 4)]
    assert [page["total"] for page in pages] == [5, 5, 5]  # type: ignore[index]
    listed = [case["number"] for page in pages for case in page["cases"]]  # type: ignore[index]
    assert listed == sorted(numbers, reverse=True)
    assert found(stand, "停水", channel="letter") == []


@pytest.mark.parametrize("shut", ["accused", "recusals"])
def test_nobody_finds_a_word_behind_their_wall_nor_counts_it(stand: Stand, shut: str) -> None:
    """The other matter of the case is open: it is found by its own words, not by the walled one's."""
    two = form("科长收了红包")
    two["matters"].append({**two["matters"][0], "text": "窗口排队太久"})
    number = str(stand.register(two).json["number"])  # type: ignore[index]
    accused = {"matter": "m1", "people": ["ml-records-1"]}
    body = accused if shut == "accused" else {"people": ["ml-records-1"]}
    assert stand.post(f"/cases/{number}/circle/{shut}", "supervisor", json=body).status_code == 200
    assert found(stand, "红包") == []
    assert found(stand, "排队") == ([number] if shut == "accused" else [])
    seen = stand.get("/cases", "operator", q="红包").json
    assert seen["total"] == 1, "whoever may read it finds it"  # type: ignore[index]


def test_of_a_restricted_case_no_word_is_left_in_the_index(stand: Stand) -> None:
    number = number_of(stand, "楼道堆满杂物")
    assert found(stand, "杂物") == [number]
    stand.post(f"/cases/{number}/restriction", "custodian", json={"why": "本人要求"})
    assert found(stand, "杂物") == []
    assert stand.database["cases"].find_one({"number": number})["words"] == []  # type: ignore[index]


def test_the_search_stands_on_the_index_of_words(stand: Stand) -> None:
    number_of(stand, "楼道堆满杂物")
    held = {"$elemMatch": {"shut": {"$nin": []}, "grams": {"$all": ["杂物"]}}}
    plan = stand.database["cases"].find({"office": "mayors-line", "words": held}).explain()
    assert '"words"' in str(plan["queryPlanner"]["winningPlan"]).replace("'", '"')


def test_what_was_kept_before_there_was_an_index_is_found_once_the_words_are_made(stand: Stand) -> None:
    number = number_of(stand, "楼道堆满杂物")
    stand.database["cases"].update_many({}, {"$unset": {"words": ""}})
    assert found(stand, "杂物") == []
    words.keep(stand.house)
    words.count(stand.house)
    assert found(stand, "杂物") == [number]
    assert stand.database["rarities"].find_one({"_id": "mayors-line"})["cases"] == 1  # type: ignore[index]


def test_pairs_are_counted_anew_when_an_office_has_grown_and_once_a_day(stand: Stand) -> None:
    likenesses, now = stand.house.likenesses, stand.house.base.machine_clock.now()
    rows = stand.database["rarities"]
    assert not likenesses.is_outgrown("mayors-line", now), "nothing to count yet"
    number_of(stand, "楼道堆满杂物")
    assert likenesses.is_outgrown("mayors-line", now)
    words.count(stand.house)
    assert not likenesses.is_outgrown("mayors-line", now)
    assert likenesses.is_outgrown("mayors-line", now + timedelta(days=1, minutes=1))
    number_of(stand, "楼道堆满杂物")
    assert likenesses.is_outgrown("mayors-line", now), "twice as many"
    words.count(stand.house)
    assert rows.find_one({"_id": "mayors-line"})["cases"] == 2  # type: ignore[index]
    rows.update_one({"_id": "mayors-line"}, {"$unset": {"held": "", "at": ""}})
    assert likenesses.is_outgrown("mayors-line", now), "counted by an older version"


def test_no_pair_of_a_guarded_matter_stands_in_the_count(stand: Stand) -> None:
    for _ in range(4):
        number_of(stand, "窗口排队")
        number = number_of(stand, "科长收了红包")
        body = {"people": ["ml-records-1"]}
        stand.post(f"/cases/{number}/circle/recusals", "supervisor", json=body)
    words.count(stand.house)
    common = dict(stand.database["rarities"].find_one({"_id": "mayors-line"})["common"])  # type: ignore[index]
    assert "排队" in common
    assert "红包" not in common
