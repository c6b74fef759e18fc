"""Sealing against a real database, by threads, by processes' races and under eventlet."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from bson.binary import Binary
from pymongo.database import Database
from pymongo.errors import EncryptionError

from huiyin.chassis.errors import KeyDestroyed, WrongSetting
from huiyin.chassis.masters import Keyring
from huiyin.chassis.sealing import KEY_VAULT, Sealer

MASTER = bytes(range(96))
IDENTITY = {"name": "张三", "phones": ["13812345678"], "at": datetime(2026, 11, 2, tzinfo=UTC), "age": 61}

Store = Database[dict[str, Any]]


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """A folder of master keys."""
    (tmp_path / "master.key").write_bytes(MASTER)
    return tmp_path


def _sealer(database: Store, keys: Path) -> Sealer:
    return Sealer(database.client, database.name, Keyring(keys))


def test_what_is_sealed_opens_as_it_was(database: Store, keys: Path) -> None:
    sealer = _sealer(database, keys)
    for value in (IDENTITY, "某小区门口的路灯坏了", {}, ""):
        sealed = sealer.seal("12345", "2026-11", value)
        assert isinstance(sealed, Binary)
        assert sealed.subtype == 6
        assert sealer.open(sealed) == value


def test_sealed_bytes_neither_show_nor_repeat_the_value(database: Store, keys: Path) -> None:
    sealer = _sealer(database, keys)
    one, two = (sealer.seal("12345", "2026-11", "13812345678") for _ in range(2))
    assert one != two
    assert b"13812345678" not in bytes(one)


def test_another_process_opens_what_the_store_kept(database: Store, keys: Path) -> None:
    database.cases.insert_one(
        {"_id": 1, "identity": _sealer(database, keys).seal("12345", "2026-11", IDENTITY)}
    )
    row = database.cases.find_one({"_id": 1})
    assert row is not None
    assert _sealer(database, keys).open(row["identity"]) == IDENTITY


def test_each_office_and_month_has_one_key(database: Store, keys: Path) -> None:
    sealer = _sealer(database, keys)
    made = {sealer.ensure_key(o, m) for o in ("12345", "xinfang") for m in ("2026-11", "2026-12")}
    assert len(made) == 4
    assert sealer.ensure_key("12345", "2026-11") in made
    assert database[KEY_VAULT].count_documents({}) == 4


def test_processes_that_race_make_one_key(database: Store, keys: Path) -> None:
    sealers = [_sealer(database, keys) for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        made = set(threads.map(lambda s: s.ensure_key("12345", "2026-11"), sealers))
    assert len(made) == 1
    assert database[KEY_VAULT].count_documents({}) == 1


def test_threads_share_one_sealer(database: Store, keys: Path) -> None:
    sealer = _sealer(database, keys)

    def turn(n: int) -> bool:
        return bool(sealer.open(sealer.seal("12345", f"2026-{n % 3 + 1:02}", f"case {n}")) == f"case {n}")

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(turn, range(300)))


def test_a_destroyed_key_opens_nothing_any_more_and_says_so(database: Store, keys: Path) -> None:
    sealed = _sealer(database, keys).seal("12345", "2026-11", "text")
    other = _sealer(database, keys).seal("12345", "2026-12", "text")
    assert _sealer(database, keys).destroy("12345", "2026-11")
    with pytest.raises(KeyDestroyed):
        _sealer(database, keys).open(sealed)
    assert _sealer(database, keys).open(other) == "text"
    assert not _sealer(database, keys).destroy("12345", "2026-11")


def test_a_wrong_master_key_stops_the_start_and_names_the_file(database: Store, keys: Path) -> None:
    _sealer(database, keys).check()
    sealed = _sealer(database, keys).seal("12345", "2026-11", "text")
    _sealer(database, keys).check()
    (keys / "master.key").write_bytes(bytes(96))
    other = _sealer(database, keys)
    with pytest.raises(WrongSetting, match=r"/master\.key: another master key"):
        other.check()
    with pytest.raises(EncryptionError):
        other.open(sealed)


def test_a_short_master_key_stops_the_start_and_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "master.key").write_bytes(b"x" * 95)
    with pytest.raises(WrongSetting, match=r"master\.key: .*96 raw bytes, not 95"):
        Keyring(tmp_path)
    with pytest.raises(WrongSetting, match=r"none/master\.key: the key cannot be read"):
        Keyring(tmp_path / "none")


@pytest.mark.parametrize(("office", "month"), [("", "2026-11"), ("a:b", "2026-11"), ("12345", "2026-13")])
def test_a_key_needs_an_office_and_a_month(database: Store, keys: Path, office: str, month: str) -> None:
    with pytest.raises(ValueError, match="named by an office and a month"):
        _sealer(database, keys).ensure_key(office, month)


UNDER_EVENTLET = """
import eventlet
eventlet.monkey_patch()
import sys
from pathlib import Path
from pymongo import MongoClient
from huiyin.chassis.masters import Keyring
from huiyin.chassis.sealing import Sealer
ticks = []
def tick():
    while True:
        ticks.append(1)
        eventlet.sleep(0.001)
eventlet.spawn(tick)
client = MongoClient(sys.argv[1], tz_aware=True)
sealer = Sealer(client, sys.argv[2], Keyring(Path(sys.argv[3])))
def turn(n):
    return sealer.open(sealer.seal("12345", f"2026-{n % 12 + 1:02}", {"n": n, "text": "路灯"}))["n"] == n
pool = eventlet.GreenPool(50)
assert all(pool.imap(turn, range(600)))
assert client[sys.argv[2]].key_vault.count_documents({}) == 12
sealer.close()
client.close()
print("ticks", len(ticks))
"""


def test_green_threads_share_one_sealer_under_eventlet(database: Store, keys: Path, mongo_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", UNDER_EVENTLET, mongo_url, database.name, str(keys)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[1]) > 5  # other green threads went on meanwhile
