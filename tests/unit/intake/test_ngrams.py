"""The pairs by which words are found: never fewer texts than reading each of them would find."""

import random

import pytest

from services.intake.domain.ngrams import grams, holds, plain, terms, wanted

ALPHABET = "油烟噪声扰民水电a1，。 "


def found_by_index(text: str, asked: str) -> bool:
    """What an index of grams finds, before the texts are compared."""
    pairs, singles = wanted(asked)
    kept = grams(text)
    return pairs <= kept and all(any(gram.startswith(one) for gram in kept) for one in singles)


def test_any_two_neighbouring_characters_are_found_wherever_they_stand() -> None:
    text = "楼下烧烤店油烟直排，夜间噪声扰民。"
    run = "楼下烧烤店油烟直排"
    for at in range(len(run) - 1):
        assert found_by_index(text, run[at : at + 2])
    assert not found_by_index(text, "排夜"), "a comma stands between them"


def test_the_index_never_misses_what_reading_would_find() -> None:
    chance = random.Random(7)
    for _ in range(2_000):
        text = "".join(chance.choices(ALPHABET, k=chance.randint(1, 20)))
        asked = "".join(chance.choices(ALPHABET, k=chance.randint(1, 4)))
        assert found_by_index(text, asked) or not holds(text, asked)
        if len(asked) == 2 and len(terms(asked)) == 1:
            assert found_by_index(text, asked) == holds(text, asked), "for two characters it is the same"


@pytest.mark.parametrize(
    ("asked", "there"),
    [("ＰＭ２.５", True), ("pm2", True), ("声", True), ("油烟 噪声", True), ("油烟 供水", False), ("", True)],
    ids=["full width", "other case", "one character", "both words", "one is missing", "nothing asked"],
)
def test_width_case_and_several_words(asked: str, there: bool) -> None:
    text = "PM2.5 超标，油烟与噪声"
    assert holds(text, asked) is there
    assert found_by_index(text, asked) is there


def test_a_text_is_compared_without_its_marks() -> None:
    assert plain("《条例》第５条：Ａ_b") == "条例 第5条 a b"
