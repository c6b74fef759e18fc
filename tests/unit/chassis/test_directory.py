"""The directory: who is in office at a moment, who stands in whose place; it is read while it lives."""

import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from huiyin.chassis.errors import WrongSetting
from huiyin.chassis.rulebook import LivingOffices, OfficeFolder, load_offices
from tests.unit.offices import OFFICES

OFFICE = "mayors-line"
SHANGHAI = ZoneInfo("Asia/Shanghai")
EVE = datetime(2024, 9, 29, 23, 59, tzinfo=SHANGHAI)
DAY = datetime(2024, 9, 30, 0, 0, tzinfo=SHANGHAI)

Edit = Callable[[str, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(OFFICES, tmp_path / "offices"))


@pytest.fixture
def edit(folder: Path) -> Edit:
    """Replaces a file as an operator does: another file under the same name."""

    def change(name: str, old: str, new: str) -> None:
        path = folder / OFFICE / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        fresh = path.with_suffix(".new")
        fresh.write_text(text.replace(old, new, 1), encoding="utf-8")
        os.replace(fresh, path)

    return change


def _office(folder: Path) -> OfficeFolder:
    return load_offices(folder)[OFFICE]


@pytest.mark.clause("E-84")
def test_who_leaves_is_in_office_until_the_day_before(folder: Path, edit: Edit) -> None:
    edit(
        "people.yaml", "unit: duty_room}", "unit: duty_room, left_on: 2024-09-30, successor: ml-supervisor-2}"
    )
    office = _office(folder)
    assert office.member("ml-supervisor-1", EVE) is not None
    assert office.member("ml-supervisor-1", DAY) is None
    heads = [office.head_of("duty_room", at) for at in (EVE, DAY)]
    assert [head.subject if head else "" for head in heads] == ["ml-supervisor-1", "ml-supervisor-2"]
    assert office.head_of("nowhere", DAY) is None
    edit("people.yaml", ", successor: ml-supervisor-2}", ", successor: ml-unit-bus-1}")
    assert _office(folder).head_of("duty_room", DAY) is None, "nobody of another unit leads it"
    edit("people.yaml", ", successor: ml-unit-bus-1}", "}")
    assert _office(folder).head_of("duty_room", DAY) is None, "what accuses goes on to the next above"
    assert [p.subject for p in office.holders("supervisor")] == ["ml-supervisor-2"], (
        "nothing new for a leaver"
    )


def test_a_merged_units_orders_are_its_successors_from_the_day_named(folder: Path, edit: Edit) -> None:
    assert _office(folder).unit_at("parks", EVE).id == "urban_management"
    assert _office(folder).unit_at("police", EVE).id == "police"
    edit("units.yaml", "successor: urban_management", "successor: urban_management, abolished_on: 2024-09-30")
    office = _office(folder)
    assert (office.unit_at("parks", EVE).id, office.unit_at("parks", DAY).id) == ("parks", "urban_management")


def test_the_units_above_are_told_nearest_first(folder: Path) -> None:
    office = _office(folder)
    assert office.above("chenzhong_street") == ("zhonggu", "city_government")
    assert office.above("city_government") == office.above("nowhere") == ()


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("people.yaml", "unit: duty_room}", "unit: duty_room, successor: ml-admin-1}", "left_on"),
        (
            "people.yaml",
            "unit: duty_room}",
            "unit: duty_room, left_on: 2024-09-30, successor: nobody}",
            "ml-supervisor-1.successor: nobody is nobody",
        ),
        (
            "people.yaml",
            "roles: [custodian], unit: duty_room}",
            "roles: [custodian], unit: duty_room, left_on: 2030-01-01}",
            "Nobody holds this mandatory role",
        ),
        ("people.yaml", "unit: duty_room}", "unit: duty_room, left_on: soon}", "people.2.left_on"),
        (
            "units.yaml",
            'areas: ["990102"]',
            'areas: ["990102"], abolished_on: 2024-09-30',
            "tingtao.successor",
        ),
    ],
)
def test_a_directory_that_contradicts_itself_is_refused(
    folder: Path, edit: Edit, name: str, old: str, new: str, says: str
) -> None:
    edit(name, old, new)
    with pytest.raises(WrongSetting, match=says):
        load_offices(folder)


def test_a_changed_directory_is_read_while_the_process_runs(folder: Path, edit: Edit) -> None:
    offices = LivingOffices(folder)
    assert offices[OFFICE] is offices[OFFICE]
    edit("people.yaml", "unit: duty_room}", "unit: duty_room, left_on: 2024-09-30}")
    assert offices[OFFICE].member("ml-supervisor-1", DAY) is None
    assert offices[OFFICE].rulebook is offices[OFFICE].rulebook


def test_a_changed_directory_that_is_wrong_changes_nothing_and_is_told_once(
    folder: Path, edit: Edit, caplog: pytest.LogCaptureFixture
) -> None:
    offices = LivingOffices(folder)
    edit("people.yaml", "unit: duty_room}", "unit: mars}")
    for _ in range(3):
        assert offices[OFFICE].people["ml-supervisor-1"].unit == "duty_room"
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    edit("people.yaml", "unit: mars}", "unit: police}")
    assert offices[OFFICE].people["ml-supervisor-1"].unit == "police"
