"""Recall and precision of the redactor on identities whose words are not its own (E-79).

The rules were mended on one half of the sentences and names; what is asserted is measured on the other.
"""

from pathlib import Path
from types import ModuleType

import pytest

from tests.redaction import identities, sentences, spelling
from tests.redaction.identities import KINDS
from tests.redaction.measuring import HELD_OUT, Figures, measure, plant

NUMBERS = [kind for kind in KINDS if kind != "name"]


@pytest.fixture(scope="module")
def figures() -> Figures:
    return measure(plant(*HELD_OUT, rounds=100))


@pytest.mark.parametrize("kind", NUMBERS)
def test_of_numbers_accounts_and_addresses_at_least_98_in_100_are_found(kind: str, figures: Figures) -> None:
    assert figures.recall([kind]) >= 0.98, [m for m in figures.missed if m.startswith(kind)]


def test_of_names_after_the_usual_words_at_least_90_in_100_are_found(figures: Figures) -> None:
    assert figures.recall(["name"]) >= 0.90


def test_of_the_marks_at_least_95_in_100_stand_on_what_was_planted(figures: Figures) -> None:
    assert figures.precision >= 0.95, figures.wrong


@pytest.mark.parametrize("room", [identities, sentences, spelling])
def test_who_plants_has_no_word_of_who_looks(room: ModuleType) -> None:
    assert "services" not in Path(str(room.__file__)).read_text(encoding="utf-8")
