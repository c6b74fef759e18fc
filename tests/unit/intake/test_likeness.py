"""Which texts are alike, by rules alone: weights, windows, places, persons."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.likeness import Known, Rarity, Words, likeness, near, pairs, propose, shared_words
from services.intake.domain.ngrams import grams
from tests.unit.intake.cases import AT, MAYORS

WATER = "澜汀苑昨晚停水，水龙头一滴水都没有"
AGAIN = "我住澜汀苑，停水一整夜了"
RARITY = Rarity(cases=4000, common=dict.fromkeys(pairs(grams("请有关部门尽快处理")), 1500))


def known(text: str, number: str = "new", days: float = 0, area: str = "990101001", **who: str) -> Known:
    words = Words(matter="m1", category="municipal/water", area=area, grams=pairs(grams(text)))
    at = AT - timedelta(days=days)
    return Known(number=number, received_at=at, matters=(words,), persons=frozenset(who.values()))


def kinds(sought: Known, *others: Known) -> list[tuple[str, str]]:
    return [(one.kind, one.other) for one in propose(sought, others, RARITY, MAYORS)]


texts = st.text(alphabet="停水断电梧桐里小区公交abc12，。", max_size=60).map(lambda text: pairs(grams(text)))


@given(texts, texts)
def test_likeness_is_the_same_both_ways_between_nothing_and_all(
    one: frozenset[str], other: frozenset[str]
) -> None:
    found = likeness(one, other, RARITY)
    assert found == likeness(other, one, RARITY)
    assert 0 <= found <= 1 + 1e-9
    assert not one or abs(likeness(one, one, RARITY) - 1) < 1e-9


def test_strangers_words_of_one_place_soon_after_one_another_are_one_incident() -> None:
    assert kinds(known(AGAIN, phone="a"), known(WATER, "old", phone="b")) == [("incident", "old")]


def test_what_everybody_says_makes_nothing_alike() -> None:
    mine, theirs = "路灯坏了，请有关部门尽快处理", "公交绕行，请有关部门尽快处理"
    assert kinds(known(mine), known(theirs, "old")) == []


def test_an_incident_is_not_proposed_beyond_its_window_or_far_away() -> None:
    """E-37: the mayor's line says 14 days; areas are near when one holds both below the city."""
    assert kinds(known(AGAIN), known(WATER, "old", days=13)) == [("incident", "old")]
    assert kinds(known(AGAIN), known(WATER, "old", days=15)) == []
    assert near("990101001", "990101002", MAYORS) != near("990101001", "990102001", MAYORS)
    assert kinds(known(AGAIN), known(WATER, "old", area="990102001")) == []


LIFT = "筠苑大厦电梯坏了五天，孕妇不敢乘，老人下不了楼"


def test_another_place_of_the_kind_is_another_incident() -> None:
    """E-37: two texts that name each a building, and neither the other's, tell of two broken lifts."""
    other = "锦榭大厦两部电梯全停，孕妇不敢乘，没人来修"
    assert kinds(known("筠苑大厦两部电梯全停，没人来修"), known(LIFT, "old")) == [("incident", "old")]
    assert kinds(known(other), known(LIFT, "old")) == []


def test_a_name_that_somebody_says_with_its_kind_is_a_name_also_without() -> None:
    """E-37: 筠苑 is a building once somebody among the candidates calls it 筠苑大厦."""
    short, other = "我住筠苑，电梯坏了五天，孕妇不敢乘", "锦榭大厦两部电梯全停，物业说没钱，孕妇不敢乘"
    assert kinds(known(other), known(short, "old")) == [("incident", "old")]
    assert ("incident", "old") not in kinds(known(other), known(short, "old"), known(LIFT, "told"))


def test_much_alike_words_are_one_incident_at_several_places() -> None:
    """E-37: what happened to two estates at once, told in nearly the same words."""
    one, other = "梧桐小区昨晚停水，水龙头一滴水都没有", "杏林小区昨晚停水，水龙头一滴水都没有"
    assert kinds(known(one), known(other, "old")) == [("incident", "old")]


def test_what_many_cases_hold_is_no_places_name() -> None:
    """E-37: half the city lives by a park; 公园小区 tells no estate from another."""
    common = dict.fromkeys(("公园", "花园", "园小", "小区"), 1500)
    mine = known("公园小区停水一整夜了，孩子没法洗澡，物业不接电话")
    theirs = known("花园小区也停水一整天，老人提不动水，物业说不知道", "old")
    (found,) = propose(mine, [theirs], Rarity(cases=4000, common=common), MAYORS)
    assert found.score < 0.4
    assert propose(mine, [theirs], Rarity(cases=4000), MAYORS) == ()


@pytest.mark.parametrize("pointing", ["我们", "你们", "这个", "我的", "昨晚本", "住在咱", "请看该"])
def test_what_points_at_a_place_is_no_name_of_it_also_in_an_office_without_cases(pointing: str) -> None:
    """E-37: nothing is counted yet, and 我们小区 is not an estate named 我们."""
    mine = known(f"{pointing}小区停水一整夜了，孩子没法洗澡，物业不接电话")
    theirs = known("澜汀小区停水一整夜，老人提不动水，物业说不知道", "old")
    other = known("梧桐小区停水一整夜了，孩子没法洗澡，物业没人接", "other")
    (found,) = propose(mine, [theirs], Rarity(), MAYORS)
    assert found.score < 0.4
    assert propose(other, [theirs], Rarity(), MAYORS) == (), "two names tell two estates apart"


def test_what_only_begins_like_a_kind_of_place_is_no_places_name() -> None:
    """E-37: 筠苑大厦 is a building, 锦榭大门口 is not."""
    mine, theirs = known("锦榭大门口两部电梯全停，孕妇不敢乘，没人来修"), known(LIFT, "old")
    (found,) = propose(mine, [theirs], RARITY, MAYORS)
    assert found.score < 0.4


def test_one_persons_same_matter_is_a_repeat_within_the_offices_window() -> None:
    """E-36, X-10: the mayor's line says 90 days; by class even where the words differ."""
    mine = known("还是那件事，没人管", phone="a")
    assert kinds(mine, known(WATER, "old", days=80, phone="a")) == [("repeat", "old")]
    assert kinds(mine, known(WATER, "old", days=91, phone="a")) == []
    assert kinds(mine, known(WATER, "old", days=80, area="990102001", phone="a")) == []


def test_repeats_come_first_and_at_most_ten_are_proposed() -> None:
    others = [known(WATER, f"n{n:02d}", phone=f"p{n}") for n in range(20)]
    found = kinds(known(WATER, phone="p7"), *others)
    assert (len(found), found[0]) == (10, ("repeat", "n07"))


def test_the_reason_shows_the_longest_runs_both_share() -> None:
    assert shared_words("我住澜汀苑 停水一整夜了", pairs(grams(WATER))) == ["澜汀苑", "停水"]
