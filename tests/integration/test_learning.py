"""Learning from what an office decided: once a matter, undone when it becomes guarded, made anew."""

# ruff: noqa: F811 - a fixture of another module is named by who asks for it

from typing import Any

from services.intake.use_cases import learning
from tests.integration.test_intake import FORM, Stand, stand  # noqa: F401  the fixture

MATTER = {**FORM["matters"][0], "text": "烧烤摊熏得睡不着"}


def teach(stand: Stand, category: str, **more: Any) -> str:
    form = {**FORM, "matters": [{**MATTER, "category": category, **more}]}
    number = str(stand.register(form).json["number"])  # type: ignore[index]
    stand.house.learning.note({number}, stand.house.now())
    return number


def suggested(stand: Stand, text: str = "烧烤味道太大") -> dict[str, Any]:
    found = stand.post("/suggestions/category", json={"text": text}).json
    return {one["category"]: one["why"] for one in found["suggestions"]}  # type: ignore[index]


def counts(stand: Stand) -> dict[str, Any]:
    found = stand.database["words"].find({}, {"batch": 0})
    return {row.pop("_id"): {k: v for k, v in row.items() if v} for row in found}


def test_a_decision_is_learnt_once_however_often_it_is_looked_at(stand: Stand) -> None:
    assert suggested(stand) == {}
    number = teach(stand, "environment/fumes")
    learning.learn(stand.house)
    why = suggested(stand)["environment/fumes"]
    assert (why["decisions"], why["words"]) == (1, ["烧烤"])
    before = counts(stand)
    stand.house.learning.note({number}, stand.house.now())
    learning.learn(stand.house)
    assert counts(stand) == before


def test_a_crash_between_writing_down_and_applying_counts_once(stand: Stand) -> None:
    teach(stand, "environment/fumes")
    learning.learn(stand.house)
    once = counts(stand)
    plan = stand.database["learning"].find_one({"_id": "plan"})
    assert plan is not None
    changes = {("mayors-line", gram): {"n.environment/fumes": 1} for gram in ("烧烤", "炭火")}
    stand.house.learning.plan(changes, {}, [])
    kept = stand.database["learning"].find_one({"_id": "plan"})
    stand.house.learning.apply()
    stand.database["learning"].replace_one({"_id": "plan"}, kept)  # type: ignore[arg-type]
    stand.house.learning.apply()
    assert counts(stand)["mayors-line|烧烤"]["all"] == once["mayors-line|烧烤"]["all"] + 1
    assert counts(stand)["mayors-line|炭火"] == {"n": {"environment/fumes": 1}, "all": 1}


def test_what_becomes_guarded_is_unlearnt_and_what_was_guarded_is_never_learnt(stand: Stand) -> None:
    number = teach(stand, "environment/fumes")
    teach(stand, "environment/fumes", text="老板行贿城管队长", accusing=True)
    learning.learn(stand.house)
    assert "environment/fumes" in suggested(stand)
    assert not any("行贿" in key for key in counts(stand))
    stand.post(f"/cases/{number}/circle/confidentiality", json={"matter": "m1"})
    stand.house.learning.note({number}, stand.house.now())
    learning.learn(stand.house)
    assert suggested(stand) == {}
    assert not any("烧烤" in key for key in counts(stand)), "not even with a count of nothing"


def test_what_was_learnt_is_made_anew_from_the_store(stand: Stand) -> None:
    for category in ("environment/fumes", "environment/fumes", "city_order/stalls"):
        teach(stand, category)
    learning.learn(stand.house)
    before = counts(stand)
    for name in ("words", "lessons", "learning", "to_learn"):
        stand.database[name].drop()
    learning.learn(stand.house)
    assert counts(stand) == before


def test_an_office_learns_nothing_from_another(stand: Stand) -> None:
    teach(stand, "environment/fumes")
    learning.learn(stand.house)
    found = stand.post("/suggestions/category", office="community-centre", json={"text": "烧烤"}).json
    assert found == {"suggestions": []}
