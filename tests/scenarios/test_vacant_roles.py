"""Where a mandatory role is vacant an office is refused: by the check, at the start, while it runs."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner, Result

from deploy.local.platform import OFFICES, Platform
from huiyin.cli.main import app
from huiyin.contracts.services import SERVICES
from tests.scenarios.conftest import Directory
from tests.scenarios.driver import Driver

MANDATORY: Final = (
    "operator",
    "dispatcher",
    "leader",
    "supervisor",
    "callback",
    "records",
    "custodian",
    "rulebook",
    "auditor",
    "admin",
)
_SETTINGS: Final = (
    *("MONGO_URL", "MONGO_DATABASE", "AMQP_URL", "ANCHOR_DIR", "KEYS_DIR", "TOKEN_JWKS"),
    *("ENVIRONMENT", "OFFICE_CLOCK", "HTTP_PORT", "PROBE_PORT"),
)
_OF_NOTIFY: Final = ("SMTP_HOST", "SMTP_PORT", "SMTP_SENDER", "SMTP_SECURITY", "SMS_URL", "SMS_SECRET")
Lone = Callable[[str], Path]


@pytest.fixture
def lone(tmp_path: Path) -> Lone:
    """A folder with one office alone."""

    def copied(office: str) -> Path:
        shutil.copytree(OFFICES / office, tmp_path / office / office)
        shutil.copytree(OFFICES / "calendars", tmp_path / office / "calendars")
        return tmp_path / office

    return copied


def check(offices: Path) -> Result:
    """What `huiyin rulebook check` says of a folder."""
    return CliRunner().invoke(app, ["rulebook", "check", "--offices", str(offices)])


def vacate(people: Path, role: str) -> None:
    """Nobody holds the role any more."""

    def without(found: re.Match[str]) -> str:
        left = [name for name in found[1].split(", ") if name != role]
        return f"roles: [{', '.join(left) or 'unit'}]"

    text = people.read_text(encoding="utf-8")
    people.write_text(re.sub(r"roles: \[([^]]*)\]", without, text), encoding="utf-8")


def test_the_check_finds_each_office_as_shipped_good(drivers: dict[str, Driver], lone: Lone) -> None:
    for office in drivers:
        assert check(lone(office)).exit_code == 0


@pytest.mark.clause("E-126")
@pytest.mark.parametrize("role", MANDATORY)
def test_the_check_refuses_each_office_without_it_and_names_the_role(
    drivers: dict[str, Driver], lone: Lone, role: str
) -> None:
    for office, driver in drivers.items():
        assert role in driver.folder.rulebook.roles.mandatory
        offices = lone(office)
        vacate(offices / office / "people.yaml", role)
        refused = check(offices)
        assert refused.exit_code != 0
        assert f"{office}/people.yaml: " in refused.stderr
        assert f"roles.{role}: Nobody holds this mandatory role" in refused.stderr


@pytest.mark.clause("E-126")
@pytest.mark.parametrize(
    ("office", "file", "old", "new", "says"),
    [
        ("community-centre", "people.yaml", ", posts: [in_charge]", "", "in_charge: Held by nobody"),
        (
            "community-centre",
            "people.yaml",
            "roles: [leader], unit: street_office",
            "roles: [leader], unit: street_office, posts: [in_charge]",
            "in_charge: Held by cc-leader-1, cc-leader-2",
        ),
        ("city-hotline", "units.yaml", ', coordinates: "980102"', "", "980102: Held by nobody"),
        (
            "city-hotline",
            "units.yaml",
            'coordinates: "980102"',
            'coordinates: "980101"',
            "980101: Held by songtao_urban, zhuyu_urban",
        ),
    ],
    ids=["nobody in charge", "two in charge", "a district without", "a district with two"],
)
def test_one_person_is_in_charge_of_complaints_and_one_unit_coordinates_each_district(
    lone: Lone, office: str, file: str, old: str, new: str, says: str
) -> None:
    """S2-85, S3-10."""
    offices = lone(office)
    path = offices / office / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    refused = check(offices)
    assert refused.exit_code != 0
    assert says in refused.stderr


@pytest.mark.clause("E-126")
def test_no_service_starts_with_it_and_each_names_the_role(platform: Platform, lone: Lone) -> None:
    offices = lone("county-hotline")
    vacate(offices / "county-hotline" / "people.yaml", "custodian")
    started = {}
    sends = {f"HUIYIN_{name}": platform.setting("notify", f"HUIYIN_{name}") for name in _OF_NOTIFY}
    for service in SERVICES:
        told = {f"HUIYIN_{name}": platform.setting(service, f"HUIYIN_{name}") for name in _SETTINGS}
        env = {
            **os.environ,
            **sends,
            **told,
            "HUIYIN_OFFICES_DIR": str(offices),
            "EVENTLET_NO_GREENDNS": "yes",
        }
        command = [sys.executable, "-m", f"services.{service}", "worker"]
        started[service] = subprocess.Popen(
            command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
    for service, process in started.items():
        try:
            told_of, _ = process.communicate(timeout=120)
        finally:
            process.kill()
        assert process.returncode, service
        assert "county-hotline/people.yaml: roles.custodian: Nobody holds this mandatory role" in told_of


@pytest.mark.clause("E-126")
def test_while_it_runs_the_last_good_directory_holds(
    petition_office: Driver, platform: Platform, directory: Directory
) -> None:
    auditor = petition_office.role("auditor")
    number = petition_office.registered()
    directory("petition-office", "roles: [auditor]", "roles: [unit]")
    assert auditor.get("intake", f"/cases/{number}/circle")["matters"]
    log = (platform.logs / "intake-web.log").read_text(encoding="utf-8")
    assert "petition-office/people.yaml: roles.auditor: Nobody holds this mandatory role" in log
