"""The whole platform backed up while it works, and put back by the command that people use."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from deploy.local.stack import Stack
from huiyin.books import audit
from huiyin.cli.main import app
from huiyin.client.line import Refused
from tests.scenarios.driver import Driver

OFFICE = "petition-office"
LETTER = "外墙渗水已两年，去年十月报修后至今未修。"


def huiyin(stack: Stack, *words: object) -> Result:
    return CliRunner().invoke(app, [*map(str, words)], env={"HUIYIN_LOCAL": str(stack.folder)})


class Writer:
    """An operator who takes complaints down without a pause, and keeps the receipts."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write)
        self.numbers: list[str] = []

    def _write(self) -> None:
        while not self._stop.is_set():
            self.numbers.append(self._driver.registered())

    def __enter__(self) -> "Writer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "local"


def started(folder: Path) -> Stack:
    stack = Stack(folder)
    stack.start(lambda _: None)
    return stack


def driver_of(stack: Stack) -> Driver:
    return Driver(stack.desks[OFFICE], stack.clock)


@pytest.fixture
def stacks(folder: Path) -> Iterator[list[Stack]]:
    """Those that a test started; the last is stopped here."""
    made: list[Stack] = []
    yield made
    for stack in made:
        stack.stop()


def serial(number: str) -> int:
    return int(number.split("-")[3])


@pytest.mark.own_platform
@pytest.mark.clause("S0-05", "S0-08")
def test_a_platform_is_put_back_and_its_books_hold(folder: Path, stacks: list[Stack], tmp_path: Path) -> None:
    stacks.append(first := started(folder))
    driver = driver_of(first)
    restricted, handled = driver.registered(), driver.accepted()[0]
    letter = driver.registered(channel="letter", matter={"text": LETTER})
    driver.until_said(letter, "order.dispatched")
    data, keys = tmp_path / "backup", tmp_path / "keys"
    with Writer(driver) as writer:
        driver.until(lambda: len(writer.numbers) >= 3)
        taken = huiyin(first, "backup", data, "--keys", keys, "--json")
        enough = len(writer.numbers) + 3
        driver.until(lambda: len(writer.numbers) > enough)
    assert taken.exit_code == 0, taken.output
    assert huiyin(first, "case", "restrict", restricted, "--why", "本人申请").exit_code == 0
    refused = huiyin(first, "restore", data, "--keys", keys, "--replace", "--yes")
    assert (refused.exit_code, "already run" in refused.output) == (1, True)
    first.stop()

    restored = huiyin(first, "restore", data, "--keys", keys, "--replace", "--yes", "--json")
    assert restored.exit_code == 0, restored.output
    told: dict[str, Any] = json.loads(restored.stdout)
    stacks.append(second := started(folder))
    after = driver_of(second)
    there = {case["number"] for case in after.cases()}
    lost = [number for number in writer.numbers if number not in there]
    assert lost, "registered after the backup"
    assert {restricted, handled, letter, writer.numbers[0]} <= there
    kept = after.case(letter)
    assert (kept["channel"], kept["matters"][0]["text"]) == ("letter", LETTER)
    spans = [range(gap["first"], gap["last"] + 1) for gap in told["gaps"]]
    assert all(any(serial(number) in span for span in spans) for number in lost), "each lost one is told"
    assert told["restricted"] == [restricted]
    _goes_on(after, handled, writer.numbers, restricted)
    _holds(second)


def _goes_on(driver: Driver, handled: str, given: list[str], restricted: str) -> None:
    """New numbers are new, what was shut is shut, and a case that was open goes its way."""
    assert serial(driver.registered()) > max(map(serial, given))
    with pytest.raises(Refused, match="view-restricted"):
        driver.role("custodian").post("intake", f"/cases/{restricted}/identity", {"reason": "核实"})
    orders = driver.handling(handled)["orders"]
    for order in orders:
        if order["state"] == "dispatched":
            driver.accept(handled, order)
        driver.reply(handled, order, "已修复。")
    driver.until(lambda: len([row for row in driver.reviews() if row["number"] == handled]) == len(orders))
    for order in orders:
        driver.review(handled, order["id"], 1)
    driver.until_echo(handled, "open", "told")


def _holds(stack: Stack) -> None:
    def at_rest() -> bool:
        report = audit(stack.desks[OFFICE].role("auditor"), quiet_s=2, again_after_s=1)
        found.append(report)
        return report.holds and not report.counts.moving

    found: list[Any] = []
    driver = driver_of(stack)
    driver.until(at_rest, within=90)
    assert found[-1].findings == ()
