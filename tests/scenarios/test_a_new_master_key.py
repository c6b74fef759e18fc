"""A new master key takes over on the running platform, while people register and identity is opened."""

import json
import shutil
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from deploy.local.platform import OFFICES, Platform, Site
from huiyin.chassis.anchor import read_anchor
from huiyin.chassis.masters import Keyring
from huiyin.chassis.mongo import connect
from huiyin.chassis.sealing import Sealer
from huiyin.cli.main import app
from huiyin.contracts.services import SERVICES, Service
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
    huiyin: Callable[..., Result], platform: Platform, site: Site, mayors_line: Driver, tmp_path: Path
) -> None:
    done, numbers, failures = threading.Event(), [mayors_line.registered()], list[BaseException]()

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
    folder = tmp_path / "keys without the old one"
    folder.mkdir()
    shutil.copy(site.keys.folder / "master-autumn.key", folder)
    for service in SERVICES:
        _require_opens(platform, service, folder, numbers)
    shown = CliRunner().invoke(app, ["case", "show", numbers[-1], "--identity", "核对", "--json"])
    assert json.loads(shown.stdout)["identity"][0]["identity"]["name"] == "柏守拙", shown.stderr


def _require_opens(platform: Platform, service: Service, folder: Path, numbers: list[str]) -> None:
    """A process of the service would start with these master keys alone, and intake's open these cases."""
    name = platform.setting(service, "HUIYIN_MONGO_DATABASE")
    with connect(platform.setting(service, "HUIYIN_MONGO_URL")) as client:
        sealer = Sealer(client, name, Keyring(folder))
        sealer.check()
        cases = list(client[name]["cases"].find({"number": {"$in": numbers}}, {"state.parties": 1}))
        assert len(cases) == (len(numbers) if service == "intake" else 0)
        assert all(sealer.open(party["identity"]) for case in cases for party in case["state"]["parties"])
        sealer.close()


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
