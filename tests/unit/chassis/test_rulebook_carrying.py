"""A kept version is read by today's shape: what was a rule then stays, what is new says what holds today."""

from copy import deepcopy
from typing import Any

import pytest

from huiyin.chassis.errors import WrongSetting
from huiyin.chassis.rulebook import carried_over, dump
from tests.unit.offices import rulebook

TODAY = {"mayors-line": rulebook("mayors-line")}


def kept(**changed: Any) -> dict[str, Any]:
    content = deepcopy(dump(TODAY["mayors-line"]))
    for section, keys in changed.items():
        content[section].update(keys)
    return content


def test_what_was_a_rule_then_stays_and_its_hash_with_it() -> None:
    book = carried_over(kept(deadline={"general": {"amount": 9, "unit": "wd"}}), "a" * 64, TODAY)
    assert book.deadline.general is not None
    assert (book.deadline.general.amount, book.hash) == (9, "a" * 64)


def test_a_section_and_a_key_that_came_later_say_what_holds_today() -> None:
    content = kept(callback={"attempts": 5})
    del content["passing"], content["callback"]["letter_after"]
    book = carried_over(content, "a" * 64, TODAY)
    assert book.passing == TODAY["mayors-line"].passing
    assert (book.callback.attempts, book.callback.letter_after) == (5, True)


def test_a_key_of_a_channel_that_came_later_is_filled_and_no_channel_is_added() -> None:
    content = kept()
    del content["intake"]["channels"]["web"], content["intake"]["channels"]["call"]["name_en"]
    channels = carried_over(content, "a" * 64, TODAY).intake.channels
    assert (channels["call"].name_en, "web" in channels) == ("Call", False)


def test_what_newer_software_does_not_know_is_left_out() -> None:
    assert carried_over(kept(urge={"trumpet": True}), "a" * 64, TODAY).urge == TODAY["mayors-line"].urge


def test_what_cannot_be_read_all_the_same_is_named() -> None:
    content = kept(callback={"attempts": "often"})
    with pytest.raises(WrongSetting, match=r"kept rulebook aaaaaaaaaaaa: callback\.attempts"):
        carried_over(content, "a" * 64, TODAY)
    del content["callback"]
    with pytest.raises(WrongSetting, match="callback: Missing"):
        carried_over(content, "a" * 64, {})
