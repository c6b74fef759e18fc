"""Intake's own settings: a call centre has an address and a strong secret, over https in production."""

from typing import Any

import pytest

from services.intake.settings import IntakeSettings

GOOD = {"call_centre_url": "https://calls.example", "call_centre_secret": "x" * 32}


def problems(**given: Any) -> list[str]:
    return [name for name, _ in IntakeSettings.conflicts(given) if name.startswith("call_centre")]


def test_neither_or_both_are_given() -> None:
    assert problems() == problems(**GOOD) == []
    assert problems(call_centre_url="https://calls.example") == ["call_centre_url"]
    assert problems(call_centre_secret="x" * 32) == ["call_centre_url"]


@pytest.mark.parametrize(("environment", "wrong"), [("production", ["call_centre_url"]), ("local", [])])
def test_numbers_travel_over_https_only(environment: str, wrong: list[str]) -> None:
    plain = {**GOOD, "call_centre_url": "http://127.0.0.1:9", "environment": environment}
    assert problems(**plain, anchor_dir="/anchor") == wrong


def test_a_weak_secret_is_refused_and_never_shown() -> None:
    assert problems(**{**GOOD, "call_centre_secret": "x" * 31}) == ["call_centre_secret"]
    assert "call_centre_secret" not in {f for f in IntakeSettings.__dataclass_fields__.values() if f.repr}  # type: ignore[comparison-overlap]
