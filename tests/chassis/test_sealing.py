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
from huiyin.chassis.sealing import KEY_VAULT, Sealer

MASTER = bytes(range(96))
IDENTITY = {"name": "张三", "phones": ["13812345678"], "at": datetime(2026, 11, 2, tzinfo=UTC), "age": 61}

Store = Database[dict[str, Any]]


def _sealer(database: Store, master: bytes = MASTER) -> Sealer:
    return Sealer(database.client, database.name, master, "/keys/master.key")


def test_what_is_sealed_opens_as_it_was(database: Store) -> None:
    sealer = _sealer(database)
    for value in (IDENTITY, "某小区门口的路灯坏了", {}, ""):
        sealed = sealer.seal("12345", "2026-11", value)
        assert isinstance(sealed, Binary)
        assert sealed.subtype == 6
        assert sealer.open(sealed) == value


def test_sealed_bytes_neither_show_nor_repeat_the_value(database: Store) -> None:
    sealer = _sealer(database)
    one, two = (sealer.seal("12345", "2026-11", "13812345678") for _ in range(2))
    assert one != two
    assert b"13812345678" not in bytes(one)


def test_another_process_opens_what_the_store_kept(database: Store) -> None:
    database.cases.insert_one({"_id": 1, "identity": _sealer(database).seal("12345", "2026-11", IDENTITY)})
    row = database.cases.find_one({"_id": 1})
    assert row is not None
    assert _sealer(database).open(row["identity"]) == IDENTITY


def test_each_office_and_month_has_one_key(database: Store) -> None:
    sealer = _sealer(database)
    keys = {sealer.ensure_key(o, m) for o in ("12345", "xinfang") for m in ("2026-11", "2026-12")}
    assert len(keys) == 4
    assert sealer.ensure_key("12345", "2026-11") in keys
    assert database[KEY_VAULT].count_documents({}) == 4


def test_processes_that_race_make_one_key(database: Store) -> None:
    sealers = [_sealer(database) for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda s: s.ensure_key("12345", "2026-11"), sealers))
    assert len(keys) == 1
    assert database[KEY_VAULT].count_documents({}) == 1


def test_threads_share_one_sealer(database: Store) -> None:
    sealer = _sealer(database)

    def turn(n: int) -> bool:
        return bool(sealer.open(sealer.seal("12345", f"2026-{n % 3 + 1:02}", f"case {n}")) == f"case {n}")

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(turn, range(300)))


def test_a_destroyed_key_opens_nothing_any_more_and_says_so(database: Store) -> None:
    sealed = _sealer(database).seal("12345", "2026-11", "text")
    other = _sealer(database).seal("12345", "2026-12", "text")
    assert _sealer(database).destroy("12345", "2026-11")
    with pytest.raises(KeyDestroyed):
        _sealer(database).open(sealed)
    assert _sealer(database).open(other) == "text"
    assert not _sealer(database).destroy("12345", "2026-11")


def test_a_wrong_master_key_stops_the_start_and_names_the_file(database: Store) -> None:
    _sealer(database).check()
    sealed = _sealer(database).seal("12345", "2026-11", "text")
    _sealer(database).check()
    other = _sealer(database, bytes(96))
    with pytest.raises(WrongSetting, match=r"/keys/master\.key"):
        other.check()
    with pytest.raises(EncryptionError):
        other.open(sealed)


def test_a_short_master_key_stops_the_start_and_names_the_file(database: Store, tmp_path: Path) -> None:
    file = tmp_path / "master.key"
    file.write_bytes(b"x" * 95)
    with pytest.raises(WrongSetting, match=r"master\.key: .*96 raw bytes, not 95"):
        Sealer.from_file(database.client, database.name, file)
    with pytest.raises(WrongSetting):
        _sealer(database, b"short")


@pytest.mark.parametrize(("office", "month"), [("", "2026-11"), ("a:b", "2026-11"), ("12345", "2026-13")])
def test_a_key_needs_an_office_and_a_month(database: Store, office: str, month: str) -> None:
    with pytest.raises(ValueError, match="named by an office and a month"):
        _sealer(database).ensure_key(office, month)


UNDER_EVENTLET = """
import eventlet
eventlet.monkey_patch()
import sys
from pymongo import MongoClient
from huiyin.chassis.sealing import Sealer
ticks = []
def tick():
    while True:
        ticks.append(1)
        eventlet.sleep(0.001)
eventlet.spawn(tick)
client = MongoClient(sys.argv[1], tz_aware=True)
sealer = Sealer(client, sys.argv[2], bytes(range(96)))
def turn(n):
    return sealer.open(sealer.seal("12345", f"2026-{n % 12 + 1:02}", {"n": n, "text": "路灯"}))["n"] == n
pool = eventlet.GreenPool(50)
assert all(pool.imap(turn, range(600)))
assert client[sys.argv[2]].key_vault.count_documents({}) == 12
sealer.close()
client.close()
print("ticks", len(ticks))
"""


def test_green_threads_share_one_sealer_under_eventlet(database: Store, mongo_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", UNDER_EVENTLET, mongo_url, database.name],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[1]) > 5  # other green threads went on meanwhile
