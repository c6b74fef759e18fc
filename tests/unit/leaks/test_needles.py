"""What was planted is found however it is spelled and wrapped, and nothing else is."""

import pytest
from stdnum.iso7064 import mod_11_2

from deploy.local.leaks.controls import TEXTUAL, WRAPPINGS, Controls
from deploy.local.leaks.needles import Hit, Needles, numbers_spelled
from deploy.local.leaks.people import people
from deploy.local.leaks.planting import introduced, told_by

PEOPLE = people(40, seed=7)


@pytest.fixture(scope="module")
def needles() -> Needles:
    return Needles(PEOPLE)


def test_no_two_people_share_a_value_and_a_seed_repeats_them() -> None:
    for field in (
        "name",
        "mobile",
        "landline",
        "id_card",
        "door",
        "email",
        "wechat",
        "work_unit",
        "occupation",
    ):
        assert len({getattr(person, field) for person in PEOPLE}) == len(PEOPLE), field
    assert people(40, seed=7) == PEOPLE
    assert not {p.name for p in PEOPLE} & {p.name for p in people(40, seed=8)}
    assert all(mod_11_2.is_valid(person.id_card) for person in PEOPLE)


@pytest.mark.parametrize("way", WRAPPINGS)
def test_a_name_is_found_in_every_wrapping(needles: Needles, way: str) -> None:
    person = PEOPLE[3]
    wrapped = WRAPPINGS[way](f"{person.name}，{person.mobile}")
    assert Hit(4, "name") in needles.look(b"\x00before " + wrapped + b" after\xff")


def test_a_text_of_all_wrappings_names_each_control(needles: Needles) -> None:
    controls = Controls(PEOPLE[: len(WRAPPINGS)])
    found = {controls.numbers[hit.person] for hit in needles.look(controls.textual().encode())}
    assert found == set(TEXTUAL)


@pytest.mark.parametrize("number", range(len(PEOPLE)))
def test_whoever_introduces_themselves_in_any_spelling_is_found(needles: Needles, number: int) -> None:
    person = PEOPLE[number]
    assert {hit.person for hit in needles.look(introduced(person).encode())} == {person.number}
    told = {hit.field for hit in needles.look(told_by(person).encode())}
    assert told == {"name", "work_unit", "occupation", "address", "mobile", "email"}


def test_a_number_is_spelled_in_groups_full_width_and_chinese_numerals() -> None:
    spelled = numbers_spelled("13912345678")
    assert {"139 1234 5678", "139-1234-5678", "１３９１２３４５６７８", "一三九一二三四五六七八"} <= spelled
    assert "0991 6123456" in numbers_spelled("0991-6123456")


def test_what_names_nobody_gives_nothing(needles: Needles) -> None:
    words = "门前积水多日，请尽快处理。电话请打办公室 000-60000001。".encode()
    assert needles.look(words * 100 + bytes(range(256)) * 100) == set()
