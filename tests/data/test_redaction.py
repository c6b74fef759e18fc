"""The redactor on real texts with planted identities."""

import pytest

from services.intake.domain.redaction import find
from tests.redaction.__main__ import carriers, real_texts
from tests.redaction.identities import KINDS
from tests.redaction.measuring import HELD_OUT, measure, plant

pytestmark = pytest.mark.data


def test_identities_planted_into_real_texts_are_found_and_little_else_is_marked() -> None:
    figures = measure(plant(*HELD_OUT, carriers=carriers(real_texts()), rounds=60), unplanted=find)
    numbers = [kind for kind in KINDS if kind != "name"]
    assert figures.recall(numbers) >= 0.98, figures.missed
    assert figures.recall(["name"]) >= 0.90, figures.missed
    assert figures.precision >= 0.95, figures.wrong


def test_few_marks_are_made_in_real_texts_as_they_are() -> None:
    """Names and numbers were replaced by the publishers: what is left is staff and offices' telephones."""
    texts = real_texts()[::10]
    marks = sum(len(find(text)) for text in texts)
    assert marks / len(texts) < 0.5
