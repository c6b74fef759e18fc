"""Look-ups, sealing for one asker and keys, without a database."""

import json
from pathlib import Path

import pytest
from joserfc.jwk import ECKey, KeySet, import_key

from huiyin.chassis.askers import open_sealed, read_askers, read_own_key, seal_for
from huiyin.chassis.errors import Invalid, WrongSetting
from huiyin.chassis.keyfile import read_key
from huiyin.chassis.lookup import Lookup
from tests.unit.chassis.conftest import KeyPair, make_key

LOOKUP = Lookup(b"k" * 32)


@pytest.mark.parametrize(
    "phone",
    [
        "138 1234 5678",
        "+86 138-1234-5678",
        "１３８１２３４５６７８",
        "＋８６13812345678",
        "008613812345678",
        "8613812345678",
        "86-13812345678",
        "013812345678",
    ],
)
def test_one_mobile_in_any_form_has_one_look_up(phone: str) -> None:
    assert LOOKUP.of(phone) == LOOKUP.of("13812345678")


def test_a_landline_has_one_look_up_with_and_without_the_country() -> None:
    assert LOOKUP.of("0632-8612345") == LOOKUP.of("+86 632 8612345") == LOOKUP.of("(0632) 861 2345")


def test_a_landline_that_begins_like_the_country_keeps_its_digits() -> None:
    assert LOOKUP.of("8612345") != LOOKUP.of("12345")


def test_other_phones_and_other_keys_look_different() -> None:
    assert LOOKUP.of("13812345678") != LOOKUP.of("13812345679")
    assert LOOKUP.of("13812345678") != Lookup(b"j" * 32).of("13812345678")
    assert len(LOOKUP.of("13812345678")) == 64


def test_a_phone_without_digits_is_invalid() -> None:
    with pytest.raises(Invalid):
        LOOKUP.of("无")


def test_a_short_key_is_a_wrong_setting_that_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "lookup.key"
    file.write_bytes(b"short")
    with pytest.raises(WrongSetting, match=r"lookup\.key: .*32 raw bytes, not 5"):
        Lookup.from_file(file)
    with pytest.raises(WrongSetting, match="none"):
        read_key(tmp_path / "none", 96)
    with pytest.raises(WrongSetting):
        Lookup(b"short")


def test_what_is_sealed_for_one_asker_opens_for_that_asker_only(tmp_path: Path, key: KeyPair) -> None:
    own = import_key(json.loads(key.path.read_text()))
    token = seal_for(KeySet([own]), "first", {"phone": "13812345678", "姓名": "张三"})
    assert "13812345678" not in token
    assert open_sealed(own, token) == {"phone": "13812345678", "姓名": "张三"}
    other = make_key(tmp_path, "other")
    with pytest.raises(ValueError, match="not for this key"):
        open_sealed(import_key(json.loads(other.path.read_text())), token)
    with pytest.raises(ValueError, match="not for this key"):
        open_sealed(own, token[:-3] + "AAA")


def test_an_asker_without_a_key_is_told_so() -> None:
    with pytest.raises(KeyError):
        seal_for(KeySet([ECKey.generate_key("P-256", {"kid": "a"})]), "b", {})


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"kty": "EC"}'])
def test_a_missing_or_broken_key_of_an_asker_is_a_wrong_setting_that_names_the_file(
    tmp_path: Path, content: str | None
) -> None:
    for name in ("askers.public.jwks", "sealed-feedback.private.jwk"):
        if content is not None:
            (tmp_path / name).write_text(content)
    with pytest.raises(WrongSetting, match=r"askers\.public\.jwks"):
        read_askers(tmp_path)
    with pytest.raises(WrongSetting, match=r"sealed-feedback\.private\.jwk"):
        read_own_key(tmp_path, "feedback")
