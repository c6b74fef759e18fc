"""A person found again by name and address: one form for many spellings, never two people for one."""

import pytest

from huiyin.chassis.lookup import Lookup, normal_words

LOOKUP = Lookup(b"k" * 32)
NAME, ADDRESS = "柏守拙", "回音市钟鼓区白帆街道石桥弄1-2号301室"


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("柏 守 拙", " 回音市 钟鼓区 白帆街道 石桥弄1-2号301室。"),
        ("柏守拙", "回音市钟鼓区白帆街道石桥弄１－２号３０１室"),
        ("柏守拙\u3000", "回音市，钟鼓区，白帆街道（石桥弄）1—2号301室"),
        ("柏·守拙", "回音市钟鼓区白帆街道石桥弄1 - 2号 301 室"),
        ("柏守拙", "回音市钟鼓区白帆街道石桥弄1–2号301室\n"),
    ],
)
def test_one_person_in_any_spelling_has_one_look_up(name: str, address: str) -> None:
    assert LOOKUP.of_person(name, address) == LOOKUP.of_person(NAME, ADDRESS)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("柏守捉", ADDRESS),
        (NAME, "钟鼓区白帆街道石桥弄1-2号301室"),
        (NAME, "回音市钟鼓区白帆街道石桥弄12号301室"),
        (NAME, "回音市钟鼓区白帆街道石桥弄1-23号01室"),
        (NAME, "回音市钟鼓区白帆街道石桥弄1-2号302室"),
        (NAME, "回音市钟楼区白帆街道石桥弄1-2号301室"),
    ],
)
def test_another_name_or_address_looks_different(name: str, address: str) -> None:
    assert LOOKUP.of_person(name, address) != LOOKUP.of_person(NAME, ADDRESS)


def test_what_belongs_to_the_name_does_not_pass_for_the_address() -> None:
    assert LOOKUP.of_person("柏", "守拙里1号") != LOOKUP.of_person("柏守拙", "里1号")


@pytest.mark.parametrize(("name", "address"), [("", ADDRESS), (NAME, ""), ("--", ADDRESS), (NAME, "。。")])
def test_neither_alone_nor_mere_marks_tell_a_person(name: str, address: str) -> None:
    assert LOOKUP.of_person(name, address) is None


def test_it_is_keyed_and_tells_nothing() -> None:
    found = LOOKUP.of_person(NAME, ADDRESS)
    assert found is not None
    assert len(found) == 64
    assert found != Lookup(b"j" * 32).of_person(NAME, ADDRESS)
    assert found != LOOKUP.of_text(normal_words(NAME + ADDRESS))


def test_foreign_names_fold_case_and_keep_their_marks() -> None:
    assert normal_words("José  ALVAREZ") == normal_words("José Alvarez") == "joséalvarez"
    assert normal_words("买买提·吐尔逊") == normal_words("买买提•吐尔逊")
    assert normal_words("Straße 5") != normal_words("Strae 5")
