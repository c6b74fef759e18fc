"""What holds for every command: it can be listed without being imported, and it ends as it says."""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.core import TyperGroup
from typer.main import get_command

from deploy.local.keys import ensure_keys
from huiyin.chassis.errors import WrongSetting
from huiyin.cli import failures
from huiyin.cli.lazy import LazyCommand, Place
from huiyin.cli.main import COMMANDS, app
from huiyin.client.line import Refused
from tests.unit.cli.conftest import Huiyin

FIVE = {
    name: f"http://127.0.0.1:9/{name}" for name in ("intake", "dispatch", "supervision", "feedback", "notify")
}


def commands() -> Iterator[tuple[str, Any]]:
    """Every command that can be run, by its words."""
    for name, place in COMMANDS.items():
        real = LazyCommand(name, place).real()
        if isinstance(real, TyperGroup):
            yield from ((f"{name} {below}", one) for below, one in real.commands.items())
        else:
            yield name, real


def test_help_imports_no_command_and_nothing_slow() -> None:
    probe = (
        "import sys; sys.argv = ['huiyin', '--help']\n"
        "from huiyin.cli.main import app\n"
        "try: app()\n"
        "except SystemExit: pass\n"
        "slow = {'httpx', 'marshmallow', 'pymongo', 'yaml', 'joserfc'} & sys.modules.keys()\n"
        "own = [name for name in sys.modules if name.startswith('huiyin.')]\n"
        "print(sorted(slow), sorted(own), file=sys.stderr)"
    )
    told = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert told.stderr.strip() == "[] ['huiyin.cli', 'huiyin.cli.lazy', 'huiyin.cli.main']"


def test_help_names_every_command_and_the_exit_codes(huiyin: Huiyin) -> None:
    told = huiyin("--help").stdout
    assert all(name in told for name in COMMANDS)
    assert all(f"{code}: " in told for code in range(4))


@pytest.mark.parametrize("place", COMMANDS.values(), ids=COMMANDS)
def test_the_line_in_help_is_the_commands_own(place: Place) -> None:
    module, _, name = place.at.partition(":")
    help_ = get_command(getattr(importlib.import_module(module), name)).help or ""
    assert place.help == help_.splitlines()[0]


@pytest.mark.parametrize(
    ("words", "command"), list(commands()), ids=lambda of: of if isinstance(of, str) else ""
)
def test_every_command_has_json_and_says_what_it_does(words: str, command: Any) -> None:
    assert "--json" in [option for parameter in command.params for option in parameter.opts]
    assert command.help


def test_an_unknown_command_is_wrong_use_and_the_nearest_is_named(huiyin: Huiyin) -> None:
    told = huiyin("clok", "show")
    assert told.exit_code == 2
    assert "'clock'" in told.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("clock", "show"),
        ("waiting", "list"),
        ("token", "--role", "operator"),
        ("case", "show", "SZ-D-20240923-000001-42"),
        ("history", "resend"),
    ],
    ids=" ".join,
)
def test_without_a_platform_it_says_so(huiyin: Huiyin, tmp_path: Path, words: tuple[str, ...]) -> None:
    told = huiyin(*words, "--local", tmp_path)
    assert (told.exit_code, told.stdout) == (3, "")
    assert "make run" in told.stderr


def test_a_platform_that_is_named_and_silent_is_not_reachable(
    huiyin: Huiyin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = tmp_path / "services.json"
    services.write_text(json.dumps(FIVE))
    monkeypatch.setenv("HUIYIN_SERVICES", str(services))
    monkeypatch.setenv("HUIYIN_TOKEN", "a-token-of-my-own")
    told = huiyin("cases", "--local", tmp_path / "nothing-here")
    assert (told.exit_code, told.stdout) == (3, "")
    assert "http://127.0.0.1:9 没有应答" in told.stderr


@pytest.mark.parametrize("content", ['{"intake": "http://127.0.0.1:9"}', "nothing", "[1]"])
def test_a_list_of_services_that_is_none_is_wrong_use(
    huiyin: Huiyin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    (tmp_path / "services.json").write_text(content)
    monkeypatch.setenv("HUIYIN_SERVICES", str(tmp_path / "services.json"))
    monkeypatch.setenv("HUIYIN_TOKEN", "a-token-of-my-own")
    assert huiyin("cases").exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("token", "--role", "king"),
        ("token", "--role", "unit", "--unit", "nobody"),
        ("token", "--role", "operator", "--office", "nowhere"),
        ("case", "show", "QQ-D-1"),
        ("case", "show", "SZ-D-1", "--identity", "  "),
        ("cases", "--since", "soon"),
        ("register", "--received-at", "soon"),
        ("clock", "set", "soon"),
        ("rulebook", "show", "nowhere"),
        ("calendar", "import", "nowhere.csv"),
        ("waiting", "park", "intake", "some-message"),
    ],
    ids=" ".join,
)
def test_wrong_use_is_told_with_nothing_on_stdout(
    huiyin: Huiyin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("HUIYIN_LOCAL", str(tmp_path))
    ensure_keys(tmp_path / "keys")
    (tmp_path / "services.json").write_text(json.dumps(FIVE))
    (tmp_path / "office-clock.json").write_text('{"now": "2024-09-23T01:00:00+00:00"}')
    told = huiyin(*words, "--json")
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr


def test_a_refusal_is_told_field_by_field(capsys: pytest.CaptureFixture[str]) -> None:
    request = httpx.Request("POST", "http://127.0.0.1:9/cases")
    problem = {"code": "invalid", "detail": "see errors", "errors": {"matters.0.area": ["区域目录里没有 x"]}}
    headers = {"content-type": "application/problem+json"}
    answer = httpx.Response(422, json=problem, request=request, headers=headers)
    assert failures.refusal(Refused(answer)) == "422 invalid: see errors\n  matters.0.area: 区域目录里没有 x"
    denied = httpx.Response(403, json={"code": "forbidden", "detail": "no"}, request=request)
    assert "HUIYIN_TOKEN" in failures.refusal(Refused(denied))


def test_a_wrong_setting_ends_with_its_key_and_1(huiyin: Huiyin, own_offices: Path) -> None:
    (own_offices / "mayors-line" / "rulebook.yaml").write_text("office: {}\n")
    told = huiyin("rulebook", "check", "--offices", own_offices)
    assert told.exit_code == 1
    assert "mayors-line/rulebook.yaml: office.id" in told.stderr


def test_what_is_not_known_is_left_to_be_raised() -> None:
    assert failures.tell(ZeroDivisionError()) is None  # type: ignore[func-returns-value]
    with pytest.raises(Exception, match="1"):
        failures.tell(WrongSetting("x"))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("huiyin rulebook show m", "mayors-line"),
        ("huiyin parked show s", "supervision"),
        ("huiyin token --role o", "operator"),
        ("huiyin hist", "history"),
        ("huiyin history res", "resend"),
    ],
)
def test_offices_services_roles_and_commands_are_completed(
    line: str, expected: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_HUIYIN_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(line.split()) - 1))
    with pytest.raises(SystemExit):
        app(prog_name="huiyin")
    assert capsys.readouterr().out.split() == [expected]
