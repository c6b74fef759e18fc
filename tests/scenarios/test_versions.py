"""A rulebook changes while cases are open: each case keeps the version of its acceptance (E-122)."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest

from deploy.local.platform import Kind, Platform, Site
from huiyin.chassis.trust import NO_CA
from huiyin.contracts.services import Service
from tests.scenarios.driver import Driver
from tests.scenarios.special import wrong_fields

pytestmark = pytest.mark.long

Process = tuple[Service, Kind]
INTAKE: Process = ("intake", "web")
OTHERS: Sequence[Process] = tuple((s, "worker") for s in ("dispatch", "supervision", "feedback", "notify"))


def begin_again(platform: Platform, offices: Path, *processes: Process) -> None:
    """Start these processes anew with the offices of a folder, which they keep at their later starts."""
    platform.stop_processes(processes)
    platform.start_processes(processes, {"HUIYIN_OFFICES_DIR": str(offices)})


@pytest.fixture
def changed(tmp_path: Path, platform: Platform, site: Site) -> Iterator[Path]:
    """The offices with one rule of the city hotline changed; put back at the end."""
    offices = Path(shutil.copytree(site.offices, tmp_path / "offices"))
    book = offices / "city-hotline" / "rulebook.yaml"
    text = book.read_text(encoding="utf-8")
    assert "low: {amount: 15, unit: day}" in text
    book.write_text(text.replace("low: {amount: 15, unit: day}", "low: {amount: 3, unit: wd}"), "utf-8")
    yield offices
    begin_again(platform, site.offices, INTAKE, *OTHERS)


def due(driver: Driver, number: str, nth: int = 0) -> str:
    """When the nth order of the case is due, once its unit has it."""
    order = driver.until(lambda: driver.handling(number)["orders"][nth])
    return str(driver.until(lambda: driver.order(number, order["id"])["due_on"]))


@pytest.mark.clause("E-122")
def test_open_cases_keep_the_version_of_their_acceptance_and_new_ones_get_the_new(
    city_hotline: Driver, platform: Platform, changed: Path
) -> None:
    before = city_hotline.registered(priority="low", priority_why="班长核定")
    by_the_old = due(city_hotline, before)
    begin_again(platform, changed, INTAKE)
    after = city_hotline.registered(priority="low", priority_why="班长核定")
    problem = city_hotline.until(lambda: not_ready(platform, "supervision-worker"))
    assert problem.startswith("rulebooks missing: "), "it waits, and says for what"
    begin_again(platform, changed, *OTHERS)
    by_the_new = city_hotline.working_days_from_now(3).isoformat()
    assert due(city_hotline, after) == by_the_new != by_the_old
    assert not_ready(platform, "supervision-worker") is None
    city_hotline.give_back(before, city_hotline.handling(before)["orders"][0])
    assert due(city_hotline, before, 1) == by_the_old, "still by its own version"


@pytest.fixture
def all_signs(tmp_path: Path, platform: Platform, site: Site) -> Iterator[Path]:
    """The offices with the centre's third class needing all its signs; put back at the end."""
    offices = Path(shutil.copytree(site.offices, tmp_path / "offices"))
    book = offices / "community-centre" / "rulebook.yaml"
    text = book.read_text(encoding="utf-8")
    assert text.count("  match: any") == 1
    book.write_text(text.replace("  match: any", "  match: all"), "utf-8")
    yield offices
    begin_again(platform, site.offices, INTAKE)


@pytest.mark.clause("XI-06")
def test_where_the_office_has_it_so_the_third_class_needs_all_its_signs(
    community_centre: Driver, platform: Platform, all_signs: Path
) -> None:
    begin_again(platform, all_signs, INTAKE)
    signs = ["legacy", "very_difficult", "several_units"]
    for missing in signs:
        less = [sign for sign in signs if sign != missing]
        wrong = wrong_fields(community_centre, difficulty="legacy", signs=less)
        assert "同时具备" in str(wrong["signs"])
    elsewhere = {"difficulty": "legacy", "matter": {"area": "1234"}}
    assert wrong_fields(community_centre, **elsewhere, signs=less).keys() == {"signs", "matters.0.area"}
    assert wrong_fields(community_centre, **elsewhere, signs=signs).keys() == {"matters.0.area"}


def not_ready(platform: Platform, process: str) -> str | None:
    """What a process says of its rulebooks."""
    checks = httpx.get(f"{platform.probes[process]}/readyz", verify=NO_CA).json()["checks"]
    found: str | None = checks["rulebooks"]
    return found
