"""Data keys behind a KMIP server: what goes over the wire, who is refused, and what the vault holds."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import bson
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from pymongo.database import Database

from huiyin.chassis.errors import Unavailable, WrongSetting
from huiyin.chassis.masters import Keyring
from huiyin.chassis.sealing import KEY_VAULT, Sealer
from tests.chassis.kmip import ACTIVATE, GET, REGISTER, Kmip, serving
from tests.chassis.kms import make_certificate

Store = Database[dict[str, Any]]

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """A folder of master keys with one file."""
    folder = tmp_path / "keys"
    folder.mkdir()
    (folder / "master.key").write_bytes(secrets.token_bytes(96))
    return folder


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """The certificate, with its key, that the server knows its clients by."""
    return _client(tmp_path / "client")


@pytest.fixture
def kmip(tmp_path: Path, client: Path) -> Iterator[Kmip]:
    """A look-alike of a KMIP server."""
    with serving(tmp_path, client) as started:
        yield started


def _client(folder: Path) -> Path:
    folder.mkdir()
    certificate, key = make_certificate(folder, "127.0.0.1")
    both = folder / "client.pem"
    both.write_bytes(certificate.read_bytes() + key.read_bytes())
    return both


def _behind(database: Store, keys: Path, kmip: Kmip, client: Path | None) -> Sealer:
    keyring = Keyring(keys, f"kmip:{kmip.endpoint}", ca_file=kmip.ca_file, certificate_file=client)
    return Sealer(database.client, database.name, keyring)


def _of_files(database: Store, keys: Path) -> Sealer:
    return Sealer(database.client, database.name, Keyring(keys))


def test_what_one_process_seals_behind_a_kmip_server_another_opens(
    database: Store, keys: Path, kmip: Kmip, client: Path
) -> None:
    (keys / "master.key").unlink()
    sealed = _behind(database, keys, kmip, client).seal("12345", "2026-11", "text")
    assert kmip.asked == [REGISTER, ACTIVATE, GET, GET], "made, then opened to seal with it"
    assert kmip.active == set(kmip.secrets) == {"secret-1"}
    another = _behind(database, keys, kmip, client)
    another.check()
    assert another.open(sealed) == "text"
    assert another.open(another.seal("12345", "2026-12", {"name": "张三"})) == {"name": "张三"}
    assert another.wrapped() == {f"kmip:{kmip.endpoint}": 2}
    assert len(kmip.secrets) == 2, "one of its own for each data key"


def test_the_vault_holds_a_data_key_only_as_the_servers_secret_opens_it(
    database: Store, keys: Path, kmip: Kmip, client: Path
) -> None:
    sealed = _behind(database, keys, kmip, client).seal("12345", "2026-11", "张三的来信")
    (row,) = database[KEY_VAULT].find()
    assert row["masterKey"] == {"provider": "kmip", "endpoint": kmip.endpoint, "keyId": "secret-1"}
    secret = kmip.secrets["secret-1"]
    data_key = _decrypted(secret, row["keyMaterial"])
    assert "张三的来信".encode() in _decrypted(data_key, sealed[18:]), "it is the data key indeed"
    stored = bson.encode(row)
    for plain in (secret, data_key):
        assert not [part for part in (plain[:32], plain[32:64], plain[64:]) if part in stored]


def _decrypted(key: bytes, sealed: bytes) -> bytes:
    """What AEAD_AES_256_CBC_HMAC_SHA_512 sealed: after 32 bytes for the MAC, the key has 32 of AES."""
    box = Cipher(algorithms.AES(key[32:64]), modes.CBC(sealed[:16])).decryptor()
    padding = PKCS7(128).unpadder()
    return padding.update(box.update(sealed[16:-32])) + padding.finalize()


def test_keys_go_from_a_file_to_a_kmip_server_and_back(
    database: Store, keys: Path, kmip: Kmip, client: Path
) -> None:
    values = [_of_files(database, keys).seal("12345", "2026-10", "old")]
    desk = _behind(database, keys, kmip, client)
    values.append(desk.seal("12345", "2026-11", "new"))
    assert desk.wrapped() == {"file": 1, f"kmip:{kmip.endpoint}": 1}
    assert desk.rewrap() == 1
    assert desk.wrapped() == {f"kmip:{kmip.endpoint}": 2}
    (keys / "master.key").rename(keys / "away")
    assert [_behind(database, keys, kmip, client).open(value) for value in values] == ["old", "new"]
    (keys / "away").rename(keys / "master.key")
    back = _behind(database, keys, kmip, client)
    back.rotate("file", NOW)
    assert back.rewrap() == 2
    assert back.wrapped() == {"file": 2}
    kmip.secrets.clear()
    without_kmip = _of_files(database, keys)
    without_kmip.check()
    assert [without_kmip.open(value) for value in values] == ["old", "new"]


def test_another_kmip_server_takes_over_and_each_is_asked_for_its_own(
    database: Store, keys: Path, kmip: Kmip, client: Path, tmp_path: Path
) -> None:
    (tmp_path / "next").mkdir()
    with serving(tmp_path / "next", client) as new:
        both = tmp_path / "both.pem"
        both.write_bytes(kmip.ca_file.read_bytes() + new.ca_file.read_bytes())

        def process() -> Sealer:
            keyring = Keyring(keys, f"kmip:{kmip.endpoint}", ca_file=both, certificate_file=client)
            return Sealer(database.client, database.name, keyring)

        old = process().seal("12345", "2026-10", "old")
        (keys / "master-2026.kms").write_text(f"kmip:{new.endpoint}\n")
        desk = process()
        desk.rotate(f"kmip:{new.endpoint}", NOW)
        fresh = desk.seal("12345", "2026-11", "new")
        assert (len(kmip.secrets), len(new.secrets)) == (1, 1)
        assert [process().open(value) for value in (old, fresh)] == ["old", "new"]
        assert desk.rewrap() == 1
        assert desk.wrapped() == {f"kmip:{new.endpoint}": 2}
        kmip.secrets.clear()
        assert [process().open(value) for value in (old, fresh)] == ["old", "new"]


def test_a_kmip_server_with_the_certificate_of_another_host_is_asked_nothing(
    database: Store, keys: Path, client: Path, tmp_path: Path
) -> None:
    with (
        serving(tmp_path, client, host="192.0.2.1") as elsewhere,
        pytest.raises(Unavailable, match=f"kmip:{elsewhere.endpoint}") as refused,
    ):
        _behind(database, keys, elsewhere, client).seal("12345", "2026-11", "text")
    assert "not valid for '127.0.0.1'" in str(refused.value.__cause__)
    assert not elsewhere.asked


@pytest.mark.parametrize("who", ["nobody", "a stranger"])
def test_a_client_that_the_kmip_server_does_not_know_opens_nothing(
    database: Store, keys: Path, kmip: Kmip, client: Path, tmp_path: Path, who: str
) -> None:
    sealed = _behind(database, keys, kmip, client).seal("12345", "2026-11", "text")
    asked = list(kmip.asked)
    unknown = _behind(database, keys, kmip, None if who == "nobody" else _client(tmp_path / "stranger"))
    for act in (lambda: unknown.open(sealed), lambda: unknown.seal("12345", "2026-12", "text")):
        with pytest.raises(Unavailable, match=f"kmip:{kmip.endpoint}"):
            act()
    with pytest.raises(WrongSetting, match=f"kmip:{kmip.endpoint}: it does not open this database's keys"):
        unknown.check()
    assert kmip.asked == asked
    assert _behind(database, keys, kmip, client).open(sealed) == "text"


def test_keys_whose_secret_the_kmip_server_lost_are_not_wrapped_anew_and_the_server_is_named(
    database: Store, keys: Path, kmip: Kmip, client: Path
) -> None:
    sealed = _behind(database, keys, kmip, client).seal("12345", "2026-11", "text")
    lost = dict(kmip.secrets)
    kmip.secrets.clear()
    desk = _behind(database, keys, kmip, client)
    desk.rotate("file", NOW)
    for act in (desk.rewrap, lambda: desk.open(sealed)):
        with pytest.raises(Unavailable, match=f"kmip:{kmip.endpoint}") as told:
            act()
        assert "Item Not Found" in str(told.value.__cause__)
    assert desk.wrapped() == {f"kmip:{kmip.endpoint}": 1}
    kmip.secrets.update(lost)
    assert desk.rewrap() == 1
    assert desk.open(sealed) == "text"


def test_a_kmip_server_that_is_away_takes_over_no_key_and_is_named(
    database: Store, keys: Path, client: Path, tmp_path: Path
) -> None:
    sealed = _of_files(database, keys).seal("12345", "2026-11", "text")
    with serving(tmp_path, client) as gone:
        pass
    desk = _behind(database, keys, gone, client)
    with pytest.raises(Unavailable, match=f"kmip:{gone.endpoint}"):
        desk.rewrap()
    assert desk.wrapped() == {"file": 1}
    assert desk.open(sealed) == "text"
