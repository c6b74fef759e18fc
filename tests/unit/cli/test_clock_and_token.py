"""`huiyin clock`, `huiyin token` and `huiyin session` on the files of a local platform."""

import json
from pathlib import Path

import pytest

from deploy.local.keys import ensure_keys
from huiyin.chassis.clocks import SystemMachineClock
from huiyin.chassis.errors import SessionRevoked
from huiyin.chassis.revocations import Revocations
from huiyin.chassis.tokens import Tokens
from tests.unit.cli.conftest import Huiyin


@pytest.fixture
def local(tmp_path: Path) -> Path:
    ensure_keys(tmp_path / "keys")
    (tmp_path / "office-clock.json").write_text('{"now": "2024-09-23T01:00:00+00:00"}')
    return tmp_path


def test_the_clock_is_shown_set_and_advanced(huiyin: Huiyin, local: Path) -> None:
    assert huiyin("clock", "show", "--local", local).stdout == "2024-09-23 09:00:00\n"
    assert (
        huiyin("clock", "advance", "--days", 1, "--hours", 2, "--local", local).stdout
        == "2024-09-24 11:00:00\n"
    )
    assert huiyin("clock", "set", "2024-09-30T16:00", "--local", local).stdout == "2024-09-30 16:00:00\n"
    told = huiyin("clock", "set", "2024-09-30T16:00Z", "--json", "--local", local)
    assert json.loads(told.stdout) == {"now": "2024-10-01T00:00:00+08:00"}


def test_an_advance_by_nothing_is_wrong_use(huiyin: Huiyin, local: Path) -> None:
    told = huiyin("clock", "advance", "--local", local)
    assert (told.exit_code, told.stdout) == (2, "")
    assert huiyin("clock", "advance", "--hours=-1", "--local", local).exit_code == 2


def test_a_token_is_that_of_the_first_who_holds_the_role(huiyin: Huiyin, local: Path) -> None:
    told = huiyin("token", "--role", "unit", "--unit", "water_affairs", "--json", "--local", local)
    data = json.loads(told.stdout)
    keys = ensure_keys(local / "keys")
    actor = Tokens(str(keys.tokens_public), "huiyin", "huiyin", SystemMachineClock()).verify(data["token"])
    assert (actor.role, actor.office, actor.unit) == ("unit", "mayors-line", "water_affairs")
    assert actor.subject == data["subject"]
    plain = huiyin("token", "--role", "operator", "--subject", "op-9", "--local", local).stdout.strip()
    assert (
        Tokens(str(keys.tokens_public), "huiyin", "huiyin", SystemMachineClock()).verify(plain).subject
        == "op-9"
    )


def test_a_revoked_session_stands_on_the_list_with_its_reason(huiyin: Huiyin, local: Path) -> None:
    told = huiyin("session", "revoke", "ml-operator-1", "--why", "手机遗失", "--local", local)
    assert (told.exit_code, told.stdout.partition("（")[0]) == (0, "已收回 revoked: ml-operator-1")
    token_id = "0f" * 16
    made = json.loads(
        huiyin("session", "revoke", token_id, "--why", "泄露", "--json", "--local", local).stdout
    )
    assert (made["jti"], made["why"]) == (token_id, "泄露")
    revoked = json.loads(huiyin("session", "list", "--json", "--local", local).stdout)["revoked"]
    assert [row.get("subject") or row["jti"] for row in revoked] == ["ml-operator-1", token_id]
    revocations = Revocations(ensure_keys(local / "keys").revocations)
    for claims in ({"sub": "ml-operator-1", "iat": 0}, {"sub": "other", "jti": token_id}):
        with pytest.raises(SessionRevoked):
            revocations.check(claims)


def test_a_revocation_without_a_reason_or_a_list_is_refused(huiyin: Huiyin, tmp_path: Path) -> None:
    assert huiyin("session", "revoke", "ml-operator-1", "--why", " ", "--local", tmp_path).exit_code == 2
    told = huiyin("session", "revoke", "ml-operator-1", "--why", "遗失", "--local", tmp_path)
    assert (told.exit_code, told.stdout) == (3, "")
