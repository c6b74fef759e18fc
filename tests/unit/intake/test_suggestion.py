"""Suggestions: from names alone, from decisions, in any order of learning, and never from guarded matters."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest

from huiyin.contracts.circle import Circle, MatterCircle
from services.intake.domain.suggestion import MOST, Learnt, Lesson, asked, change, lesson_of, suggest
from tests.unit.intake.cases import case

CASE = case()

NAMES = {
    "noise": "夜间施工噪声",
    "fumes": "油烟异味",
    "water": "供水",
    "bus": "公交线路",
    "lift": "电梯安全",
    "tax": "税费",
}
NOTHING = Learnt(words={}, sizes={}, decisions={})
TAUGHT = [
    ("fumes", "楼下烧烤店排烟呛人"),
    ("fumes", "烧烤摊熏得睡不着"),
    ("water", "家里没水两天了"),
    ("bus", "等车一小时"),
]


def learnt(lessons: Iterable[tuple[str, str]], *, without: Iterable[tuple[str, str]] = ()) -> Learnt:
    words: dict[str, Counter[str]] = {}
    sizes: Counter[str] = Counter()
    decisions: Counter[str] = Counter()
    for taught, by in [(lesson, 1) for lesson in lessons] + [(lesson, -1) for lesson in without]:
        lesson = Lesson(category=taught[0], grams=asked(taught[1]))
        for gram, category, n in change(None, lesson):
            words.setdefault(gram, Counter())[category] += n * by
            sizes[category] += n * by
        decisions[taught[0]] += by
    return Learnt(words=words, sizes=sizes, decisions=decisions)


def test_on_the_first_day_the_catalogues_words_speak() -> None:
    first = suggest("工地半夜施工噪声很大", NOTHING, NAMES)[0]
    assert (first.category, first.catalogue_words) == ("noise", ("施工噪声",))
    assert (first.decisions, first.words) == (0, ())


def test_earlier_decisions_of_the_office_speak_where_the_catalogue_does_not() -> None:
    assert suggest("烧烤味道太大", NOTHING, NAMES) == []
    first = suggest("烧烤味道太大", learnt(TAUGHT), NAMES)[0]
    assert (first.category, first.decisions, first.words) == ("fumes", 2, ("烧烤",))


def test_at_most_five_are_proposed_with_shares_that_add_up() -> None:
    found = suggest("施工噪声 油烟 供水 公交 电梯 税费", NOTHING, NAMES)
    assert len(found) == MOST < len(NAMES)
    assert 0 < sum(one.score for one in found) <= 1.01
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_the_order_of_learning_changes_nothing_and_what_is_unlearnt_leaves_nothing() -> None:
    forth, back = learnt(TAUGHT), learnt(reversed(TAUGHT))
    assert suggest("烧烤 没水", forth, NAMES) == suggest("烧烤 没水", back, NAMES)
    unlearnt = learnt(TAUGHT, without=TAUGHT)
    assert suggest("烧烤 没水", unlearnt, NAMES) == []


def test_a_corrected_category_moves_what_was_learnt() -> None:
    before, after = (Lesson(category=c, grams=asked("烧烤")) for c in ("fumes", "noise"))
    assert sorted(change(before, after)) == [("烧烤", "fumes", -1), ("烧烤", "noise", 1)]
    assert list(change(after, after)) == []


@pytest.mark.parametrize("wall", ["accusing", "confidential", "accused", "recused"])
def test_nothing_is_learnt_of_a_matter_with_any_wall(wall: str) -> None:
    matter = CASE.matters[0]
    open_case = replace(CASE, circle=Circle())
    assert lesson_of(open_case, matter) is not None
    shut = {wall: True} if wall in ("accusing", "confidential") else {wall: ("somebody",)}
    walled = replace(CASE, circle=Circle(matters=(MatterCircle(matter=matter.id, **shut),)))
    assert lesson_of(walled, matter) is None


def test_a_category_that_left_the_catalogue_is_not_proposed() -> None:
    assert all(one.category != "fumes" for one in suggest("烧烤", learnt(TAUGHT), {"noise": "噪声"}))


def test_what_the_redactor_wrote_is_no_word() -> None:
    matter = replace(CASE.matters[0], text="【电话】漏水【已隐去】")
    lesson = lesson_of(replace(CASE, circle=Circle()), matter)
    assert lesson is not None
    assert lesson.grams == {"漏水"}
