"""A new master key while others seal and open; and one that lies behind a KMS."""

import secrets
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database
from pymongo.encryption import ClientEncryption

from huiyin.chassis.errors import Unavailable, WrongSetting
from huiyin.chassis.masters import Keyring
from huiyin.chassis.sealing import Sealer
from huiyin.client.line import until
from tests.chassis.kms import Kms, serving

Store = Database[dict[str, Any]]

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ARN = "arn:aws:kms:eu-north-1:111122223333:key/0f1e2d3c-aaaa"
OTHER_ARN = "arn:aws:kms:eu-north-1:111122223333:key/4b5a6978-bbbb"


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """A folder of master keys."""
    folder = tmp_path / "keys"
    folder.mkdir()
    _lay(folder, "master.key")
    return folder


def _lay(folder: Path, name: str) -> None:
    (folder / name).write_bytes(secrets.token_bytes(96))


def _sealer(database: Store, keys: Path) -> Sealer:
    return Sealer(database.client, database.name, Keyring(keys))


def test_keys_go_over_to_a_new_master_key_while_processes_seal_and_open(database: Store, keys: Path) -> None:
    processes = [_sealer(database, keys) for _ in range(4)]
    first = [processes[0].seal("12345", f"2026-{m:02}", f"{m}") for m in range(1, 7)]
    done, failures, sealed = threading.Event(), list[BaseException](), list[tuple[Any, str]]()
    turns = dict.fromkeys(range(1, 5), 0)

    def work(n: int, sealer: Sealer) -> None:
        while not done.is_set():
            turn = turns[n]
            try:
                words = f"{n}-{turn}"
                value = sealer.seal("12345", f"20{26 + turn % 9}-{n:02}", words)
                assert sealer.open(value) == words
                assert sealer.open(first[turn % 6]) == str(turn % 6 + 1)
                sealed.append((value, words))
            except BaseException as wrong:  # noqa: BLE001 - told below
                failures.append(wrong)
                return
            turns[n] += 1

    def each_goes_on() -> None:
        """One that was at work meanwhile ends its turn, and does a whole one."""
        before = dict(turns)
        until(lambda: failures or all(turns[n] > before[n] + 1 for n in turns), within=120)

    with ThreadPoolExecutor(4) as pool:
        for n, sealer in enumerate(processes, start=1):
            pool.submit(work, n, sealer)
        try:
            each_goes_on()
            _lay(keys, "master-202611.key")
            desk = _sealer(database, keys)  # another process; those at work find the file by themselves
            desk.rotate("file:202611", NOW)
            assert desk.current() == "file:202611"
            rewrapped = desk.rewrap()
            each_goes_on()
        finally:
            done.set()
    assert not failures, failures[0]
    assert rewrapped >= 6
    assert desk.rewrap() == 0, "what was made since is wrapped by the new one"
    assert set(desk.wrapped()) == {"file:202611"}
    (keys / "master.key").rename(keys / "away")
    without_the_old = _sealer(database, keys)
    without_the_old.check()
    assert [without_the_old.open(value) for value in first] == ["1", "2", "3", "4", "5", "6"]
    assert all(without_the_old.open(value) == words for value, words in sealed[-50:])


def test_a_key_made_while_all_others_are_wrapped_anew_is_wrapped_by_the_new_one(
    database: Store, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, desk = _sealer(database, keys), _sealer(database, keys)
    _lay(keys, "master-202611.key")
    make = ClientEncryption.create_data_key

    def held_up(*given: Any, **named: Any) -> Any:
        """It knows by which key to wrap; before it does, an administrator goes over to another."""
        desk.rotate("file:202611", NOW)
        assert desk.rewrap() == 0, "there is none yet"
        return make(*given, **named)

    monkeypatch.setattr(ClientEncryption, "create_data_key", held_up)
    sealed = slow.seal("12345", "2026-11", "text")
    assert desk.wrapped() == {"file:202611": 1}
    (keys / "master.key").rename(keys / "away")
    assert _sealer(database, keys).open(sealed) == "text"


def test_a_process_that_lacks_the_new_master_key_says_so_until_it_comes(
    database: Store, keys: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "master.key").write_bytes((keys / "master.key").read_bytes())
    late = _sealer(database, elsewhere)
    _lay(keys, "master-2.key")
    desk = _sealer(database, keys)
    with pytest.raises(Unavailable, match=r"elsewhere/master-2\.key"):
        late.rotate("file:2", NOW)
    assert late.current() == "file", "a refused rotation changes nothing"
    desk.rotate("file:2", NOW)
    sealed = desk.seal("12345", "2026-11", "text")
    for act in (lambda: late.open(sealed), lambda: late.seal("12345", "2026-12", "text")):
        with pytest.raises(Unavailable, match=r"file:2"):
            act()
    (elsewhere / "master-2.key").write_bytes((keys / "master-2.key").read_bytes())
    assert late.open(sealed) == "text"
    assert late.open(late.seal("12345", "2026-12", "words")) == "words"


def test_a_master_key_taken_away_too_early_stops_the_start_and_is_named(database: Store, keys: Path) -> None:
    _sealer(database, keys).seal("12345", "2026-11", "text")
    _lay(keys, "master-2.key")
    (keys / "master.key").rename(keys / "away")
    with pytest.raises(WrongSetting, match=r"keys/master\.key: .* is not here"):
        _sealer(database, keys).check()


def test_a_file_of_another_key_under_an_old_name_stops_the_start(database: Store, keys: Path) -> None:
    _lay(keys, "master-2.key")
    desk = _sealer(database, keys)
    desk.seal("12345", "2026-10", "text")
    desk.rotate("file:2", NOW)
    desk.seal("12345", "2026-11", "text")
    _lay(keys, "master.key")
    with pytest.raises(WrongSetting, match=r"keys/master\.key: another master key"):
        _sealer(database, keys).check()


# -- behind a KMS -------------------------------------------------------------------------------


@pytest.fixture
def kms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kms]:
    """A look-alike of AWS KMS, and credentials as AWS's own tools find them."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIATESTTESTTEST")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    with serving(tmp_path) as started:
        yield started


def _behind(database: Store, keys: Path, kms: Kms, arn: str = ARN) -> Sealer:
    keyring = Keyring(keys, f"aws:{arn}@{kms.endpoint}", ca_file=kms.ca_file)
    return Sealer(database.client, database.name, keyring)


def test_data_keys_are_wrapped_by_aws_kms_and_taken_over_from_a_file(
    database: Store, keys: Path, kms: Kms
) -> None:
    old = _sealer(database, keys).seal("12345", "2026-10", "old")
    sealer = _behind(database, keys, kms)
    new = sealer.seal("12345", "2026-11", "new")
    assert sealer.wrapped() == {"file": 1, f"aws:{ARN}@{kms.endpoint}": 1}
    assert (sealer.open(old), sealer.open(new)) == ("old", "new")
    assert sealer.rewrap() == 1
    assert ("Encrypt", ARN, "AKIATESTTESTTEST") in kms.asked
    (keys / "master.key").rename(keys / "away")
    without_files = _behind(database, keys, kms)
    without_files.check()
    assert [without_files.open(value) for value in (old, new)] == ["old", "new"]
    assert ("Decrypt", ARN, "AKIATESTTESTTEST") in kms.asked


def test_another_key_of_the_same_kms_takes_over(database: Store, keys: Path, kms: Kms) -> None:
    sealed = _behind(database, keys, kms).seal("12345", "2026-11", "text")
    other = _behind(database, keys, kms, OTHER_ARN)
    other.check()
    assert other.rewrap() == 1
    assert other.wrapped() == {f"aws:{OTHER_ARN}@{kms.endpoint}": 1}
    kms.keys.pop(ARN)
    assert _behind(database, keys, kms, OTHER_ARN).open(sealed) == "text"


@pytest.mark.parametrize("before", ["file", ARN])
def test_processes_that_run_go_over_to_a_kms_that_a_file_names(
    database: Store, keys: Path, kms: Kms, before: str
) -> None:
    def process() -> Sealer:
        setting = "file" if before == "file" else f"aws:{ARN}@{kms.endpoint}"
        return Sealer(database.client, database.name, Keyring(keys, setting, ca_file=kms.ca_file))

    at_work, desk, new = process(), process(), f"aws:{OTHER_ARN}@{kms.endpoint}"
    old = at_work.seal("12345", "2026-10", "old")
    with pytest.raises(Unavailable, match=OTHER_ARN):
        desk.rotate(new, NOW)
    (keys / "master-2026.kms").write_text(f"{new}\n")
    desk.rotate(new, NOW)
    fresh = at_work.seal("12345", "2026-11", "new")
    assert desk.wrapped()[new] == 1, "every process of the service, and at once"
    assert desk.rewrap() == 1
    assert desk.wrapped() == {new: 2}
    (keys / "master.key").unlink()
    kms.keys.pop(ARN, None)
    later = process()
    later.check()
    assert [later.open(value) for value in (old, fresh)] == ["old", "new"]
    assert later.open(later.seal("12345", "2026-12", "words")) == "words"
    assert set(later.wrapped()) == {new}, "what was chosen holds over a restart, whatever the setting says"


def test_a_kms_that_is_away_or_not_trusted_opens_nothing_and_is_no_wrong_key(
    database: Store, keys: Path, kms: Kms
) -> None:
    sealed = _behind(database, keys, kms).seal("12345", "2026-11", "text")
    untrusted = Sealer(database.client, database.name, Keyring(keys, f"aws:{ARN}@{kms.endpoint}"))
    with pytest.raises(WrongSetting, match="CERTIFICATE_VERIFY_FAILED"):
        untrusted.check()
    for act in (lambda: untrusted.open(sealed), lambda: untrusted.seal("12345", "2026-12", "text")):
        with pytest.raises(Unavailable, match=ARN):
            act()


def test_a_kms_with_the_certificate_of_another_host_is_shown_no_data_key(
    database: Store, keys: Path, kms: Kms, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    with (
        serving(tmp_path / "elsewhere", host="192.0.2.1") as elsewhere,
        pytest.raises(Unavailable, match=ARN) as refused,
    ):
        _behind(database, keys, elsewhere).seal("12345", "2026-11", "text")
    assert "not valid for '127.0.0.1'" in str(refused.value.__cause__)
    assert not elsewhere.asked
