"""A new master key takes over on the running platform, while people register and identity is opened."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from deploy.local.platform import OFFICES, Platform, Site
from huiyin.chassis.anchor import read_anchor
from huiyin.cli.main import app
from huiyin.contracts.services import SERVICES
from tests.scenarios.driver import Driver

WHY = ("--why", "年度更换")


@pytest.fixture
def huiyin(platform: Platform, site: Site, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs `huiyin vault …` on the scenarios' platform."""
    monkeypatch.setenv("HUIYIN_LOCAL", str(site.folder))
    monkeypatch.setenv("HUIYIN_OFFICES_DIR", str(OFFICES))
    return lambda *words: CliRunner().invoke(app, ["vault", *words])


def _told(result: Result) -> Any:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_no_registration_fails_meanwhile_and_the_old_key_is_needed_no_more(
    huiyin: Callable[..., Result], platform: Platform, site: Site, mayors_line: Driver
) -> None:
    before, _ = mayors_line.dispatched()
    done, numbers, failures = threading.Event(), [before], list[BaseException]()

    def register() -> None:
        while not done.is_set():
            try:
                numbers.append(mayors_line.registered())
            except BaseException as wrong:  # noqa: BLE001 - told below
                failures.append(wrong)
                return

    people = [threading.Thread(target=register) for _ in range(3)]
    for person in people:
        person.start()
    try:
        rotated = _told(huiyin("rotate", "autumn", *WHY, "--json"))
        rewrapped = _told(huiyin("rewrap", *WHY, "--json"))
    finally:
        done.set()
        for person in people:
            person.join()
    assert not failures, failures[0]
    assert len(numbers) > 3
    assert {rotated[s]["current"] for s in SERVICES} == {"file:autumn"}
    assert all(set(rewrapped[s]["wraps"]) <= {"file:autumn"} for s in SERVICES)
    assert rewrapped["intake"]["rewrapped"] >= 1
    told = {line.what for line in read_anchor(site.folder / "anchor")}
    assert {"master-rotated", "keys-rewrapped"} <= told
    old, away = site.keys.master, site.keys.folder / "away"
    old.rename(away)
    try:
        platform.stop_process("intake", "web")
        platform.start_process("intake", "web")
        for number in (before, numbers[-1]):
            shown = CliRunner().invoke(app, ["case", "show", number, "--identity", "核对", "--json"])
            assert json.loads(shown.stdout)["identity"][0]["identity"]["name"] == "柏守拙", shown.stderr
    finally:
        away.rename(old)


def test_what_is_due_is_told_and_a_month_whose_retention_runs_on_is_refused(
    huiyin: Callable[..., Result], mayors_line: Driver
) -> None:
    mayors_line.registered()
    month = f"{mayors_line.now():%Y-%m}"
    mayors_line.advance_to((mayors_line.now().date().replace(day=1) + timedelta(days=32)).replace(day=9))
    (row,) = [r for r in _told(huiyin("due", "mayors-line", "--json"))["months"] if r["month"] == month]
    assert (row["over"], "intake" in row["services"]) == (False, True)
    assert row["ends_on"] in huiyin("due", "mayors-line").stdout
    refused = huiyin("destroy", "mayors-line", month, "--why", "试一试", "--yes")
    assert refused.exit_code == 1
    assert "409 retention-runs" in refused.stderr
    assert month in {r["month"] for r in _told(huiyin("due", "mayors-line", "--json"))["months"]}
