"""Sorting at the desk on a real store: special classes, priority, reasons; what is kept of them."""

from typing import Any

import pytest

from services.intake.domain.case import SEALED
from tests.integration.test_intake import FORM, Stand, stand

__all__ = ["stand"]

MATTER = FORM["matters"][0]


def form(matter: dict[str, Any] | None = None, **case: Any) -> dict[str, Any]:
    return {**FORM, **case, "matters": [{**MATTER, **(matter or {})}]}


def case_of(stand: Stand, told: dict[str, Any]) -> dict[str, Any]:
    answer = stand.register(told)
    assert answer.status_code == 201, answer.json
    shown = stand.get(f"/cases/{answer.json['number']}")  # type: ignore[index]
    assert shown.status_code == 200
    return dict(shown.json)  # type: ignore[arg-type]


def refused(stand: Stand, told: dict[str, Any]) -> dict[str, str]:
    answer = stand.register(told)
    assert answer.status_code == 422, answer.json
    return dict(answer.json["errors"])  # type: ignore[index]


def test_the_content_gives_the_priority_and_says_why(stand: Stand) -> None:
    case = case_of(stand, form({"text": "楼道里燃气泄漏，老人出不来"}))
    assert case["priority"] == "urgent"
    assert [one["seen"] for one in case["weighing"]["because"]] == ["词语“燃气泄漏”", "词语“老人”"]


def test_an_officer_who_finds_another_priority_says_why(stand: Stand) -> None:
    assert "priority_why" in refused(stand, form(priority="urgent"))
    case = case_of(stand, form(priority="urgent", priority_why="现场有人受困"))
    assert (case["priority"], case["weighing"]["priority"]) == ("urgent", "normal")
    assert case["weighing"]["overridden_why"] == "现场有人受困"


def test_a_state_secret_is_sealed_and_no_word_of_it_is_in_the_clear(stand: Stand) -> None:
    secret = {"class": "secret", "which": "state_secret", "said": {"explanation": ""}}
    case = case_of(stand, form({"text": "某基地的布防图在我手里", "place": "北山基地", "special": secret}))
    matter = case["matters"][0]
    assert (matter["text"], matter["place"]) == (SEALED, "")
    assert (case["disposal"], case["stage"], case["outcome"]) == ("told", "concluded", "told")
    kept = stand.kept()
    assert "布防图" not in kept
    assert "北山基地" not in kept


@pytest.mark.parametrize(
    ("special", "field"),
    [
        ({"class": "unlawful", "said": {"persuasion": ""}}, "special.said.rules"),
        (
            {"class": "unlawful", "said": {"persuasion": "", "rules": "", "consequences": "拘留"}},
            "special.said.rules",
        ),
        ({"class": "legal_channel", "which": "moon", "said": {"channel": ""}}, "special.which"),
        ({"class": "not_accepted", "said": {}}, "special.class"),
        ({"class": "out_of_scope", "said": {}}, "special.said.authority"),
        ({"class": "unlawful", "said": {"song": "x"}}, "special.said.song"),
    ],
)
def test_what_was_not_said_is_named(stand: Stand, special: dict[str, Any], field: str) -> None:
    assert f"matters.0.{field}" in refused(stand, form({"special": special}))


def again(stand: Stand, number: str, role: str = "operator", **body: Any) -> tuple[int, dict[str, Any]]:
    sent = {"reason": "核实后更正", **body}
    answer = stand.post(f"/cases/{number}/classification", role, json=sent)
    return answer.status_code, dict(answer.json)  # type: ignore[arg-type]


def events_of(stand: Stand, number: str) -> list[dict[str, Any]]:
    found = stand.database["cases"].find_one({"number": number})
    assert found is not None
    return [event for step in found["steps"] for event in step["events"]]


def test_a_consultation_that_becomes_a_complaint_goes_on_and_keeps_its_first_time_e46(stand: Stand) -> None:
    first = case_of(stand, form({"kind": "consultation"}, answer="已告知线路。"))
    assert (first["outcome"], first["stage"]) == ("answered", "concluded")
    status, after = again(stand, first["number"], kind="complaint")
    assert (status, after["outcome"], after["stage"], after["round"]) == (200, None, "registered", 2)
    assert (after["accepted_at"], after["received_at"]) == (first["accepted_at"], first["received_at"])
    (change,) = after["reclassified"]
    assert (change["before"], change["after"]) == ({"m1.kind": "consultation"}, {"m1.kind": "complaint"})
    assert (change["why"], change["by"]) == ("核实后更正", "ml-operator-1")
    said = [event["type"] for event in events_of(stand, first["number"])]
    assert said[-2:] == ["case.reclassified", "case.reopened"]


def test_an_answer_stands_for_a_kind_that_allows_one(stand: Stand) -> None:
    first = case_of(stand, form({"kind": "consultation"}, answer="已告知线路。"))
    status, refusal = again(stand, first["number"], kind="help")
    assert (status, refusal["code"]) == (409, "already-concluded")


def test_what_is_sorted_so_already_changes_nothing(stand: Stand) -> None:
    case = case_of(stand, form())
    status, refusal = again(stand, case["number"], kind="complaint")
    assert (status, refusal["code"]) == (409, "nothing-changed")


def test_a_secret_found_later_is_sealed_then_and_its_case_ends(stand: Stand) -> None:
    case = case_of(stand, form({"text": "附件里有某厂未公开的配方数据"}))
    secret = {"class": "secret", "which": "state_secret", "said": {"explanation": ""}}
    status, after = again(stand, case["number"], special=secret)
    assert (status, after["disposal"], after["outcome"]) == (200, "told", "told")
    assert "配方" not in stand.kept()


def test_a_matter_that_becomes_a_report_raises_its_walls_before_it_is_routed(stand: Stand) -> None:
    case = case_of(stand, form())
    assert again(stand, case["number"], kind="report")[0] == 200
    said = events_of(stand, case["number"])[-2:]
    assert [event["type"] for event in said] == ["circle.changed", "case.reclassified"]
    assert said[1]["data"]["circle"] == said[0]["data"]["circle"]["version"] == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "song"}, "kind"),
        ({"category": "moon"}, "category"),
        ({"difficulty": "legendary"}, "difficulty"),
        ({"flags": ["spicy"]}, "flags"),
        ({"flags": ["hot"]}, "why.hot"),
        ({"special": {"class": "unlawful", "said": {}}}, "special.said.persuasion"),
        ({"classes": {"moon": "full"}}, "classes.moon"),
    ],
)
def test_what_the_office_does_not_sort_by_is_refused_by_name(
    stand: Stand, body: dict[str, Any], field: str
) -> None:
    case = case_of(stand, form())
    status, refusal = again(stand, case["number"], **body)
    assert status == 422
    assert field in refusal["errors"]


def test_the_work_queue_goes_by_weight_then_by_age_and_leaves_out_what_is_over(stand: Stand) -> None:
    light = case_of(stand, form())["number"]
    over = case_of(stand, form({"kind": "praise"}))["number"]
    heavy = case_of(stand, form({"text": "地下室燃气泄漏"}))["number"]
    middle = case_of(stand, form({"text": "整栋楼停水三天"}))["number"]
    listed = stand.get("/cases", order="priority").json
    assert listed is not None
    assert [case["number"] for case in listed["cases"]] == [heavy, middle, light]
    assert over not in str(listed)
