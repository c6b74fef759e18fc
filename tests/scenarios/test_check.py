"""The checker is checked: a fault planted in a store is named, that one and nothing else."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from pymongo import MongoClient
from typer.testing import CliRunner

from deploy.local.desks import desks_of
from deploy.local.platform import OFFICES, Platform, Site
from deploy.local.servers import Servers
from huiyin.books import Act, Finding, Report, audit, read_acts
from huiyin.cli.main import app
from huiyin.client.line import Line, Person
from tests.scenarios.culprit import FAULTS, Doc, Fault, Stores, altered_head
from tests.scenarios.driver import Driver

pytestmark = pytest.mark.reads_all_cases

_AGAIN_S: Final = 0.3
#: While cases move, a message may be on its way as long as this on a busy machine.
_ON_ITS_WAY_S: Final = 2.0
#: By then whatever other scenarios began has been heard.
_ARRIVED_S: Final = 10.0


@pytest.fixture(scope="module")
def stores(servers: Servers) -> Iterator[Stores]:
    with MongoClient[Doc](servers.addresses.mongo_url, tz_aware=True) as client:
        yield Stores(client)


@pytest.fixture(scope="module")
def line(platform: Platform, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """A line of this module's own, which keeps a client's ledger."""
    made = Line(platform.urls, site.keys.tokens_private, ledger=tmp_path_factory.mktemp("acts") / "acts")
    yield made
    made.close()


@pytest.fixture(scope="module")
def driver(line: Line, drivers: dict[str, Driver]) -> Driver:
    made = Driver(desks_of(line, OFFICES)["mayors-line"], drivers["mayors-line"].clock)
    made.begin_the_day()
    return made


@pytest.fixture(scope="module")
def archived(driver: Driver) -> str:
    """A case with everything: two orders, messages, an evaluation, a sealed volume."""
    number, _ = driver.replied(matter={"category": "housing/lift"})
    first, second = (order["id"] for order in driver.handling(number)["orders"])
    driver.review(number, first, 1)
    driver.review(number, second, 1)
    driver.until_echo(number, "open", "told")
    driver.attempt(number, "call", reached=True)
    driver.tell(number, "call")
    driver.evaluate(number, "m1", solved=True, satisfied=True)
    driver.until_stage(number, "archived")
    return number


@pytest.fixture(scope="module")
def running(driver: Driver) -> str:
    """A case whose clock runs."""
    return driver.accepted()[0]


@pytest.fixture(scope="module")
def found(
    line: Line, driver: Driver, stores: Stores, archived: str, running: str
) -> Callable[[], list[Finding]]:
    """What the audit finds, on a platform that is sound to begin with."""

    def look() -> list[Finding]:
        return list(_audit(line).findings)

    for number in (archived, running):
        driver.until(lambda number=number: _rests(stores, number, look))  # type: ignore[misc]
    return look


def _rests(stores: Stores, number: str, look: Callable[[], list[Finding]]) -> bool:
    """Whether all of the case was said, heard, and said again: only then may it be put back later."""
    return stores.all_is_said(number) and not look() and stores.all_is_said(number)


def _audit(line: Line, again_after_s: float = _AGAIN_S) -> Report:
    return audit(_auditor(line), quiet_s=0, again_after_s=again_after_s)


def _auditor(line: Line) -> Person:
    return Person(line, "ml-auditor-1", "auditor", "mayors-line")


def _settled(found: Callable[[], list[Finding]], how_many: int) -> list[Finding]:
    """What is found, once it is so many: messages of other cases may be on their way; else the last."""
    end = time.monotonic() + _ARRIVED_S
    while len(told := found()) != how_many and time.monotonic() < end:
        pass  # each look takes its time
    return told


# -- faults ------------------------------------------------------------------------------


@pytest.mark.clause("E-124")
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_planted_fault_is_named_and_nothing_else(
    fault: Fault, stores: Stores, archived: str, found: Callable[[], list[Finding]]
) -> None:
    with stores.restored(archived):
        fault.plant(stores, archived)
        told = _settled(found, 1)
    assert [(f.kind, f.number, f.service) for f in told] == [(fault.kind, archived, fault.service)], told
    assert fault.which in {"", told[0].which}


def test_a_clock_that_supervision_cannot_find_when_it_falls_due_is_skipped(
    stores: Stores, driver: Driver, found: Callable[[], list[Finding]]
) -> None:
    number, order = driver.accepted()
    driver.until(lambda: _rests(stores, number, found))
    with stores.restored(number):
        stores.change("supervision", number, lambda d: d.update(next_at=None))
        assert [(f.kind, f.which) for f in _settled(found, 1)] == [("misfiled", "next_at")]
        driver.advance_to(driver.working_days_from_now(8))
        told = driver.until(lambda: _alone(found(), number))
    assert {f.kind for f in told} == {"clock-skipped"}
    assert f"{order['id']} overdue" in {f.which for f in told}
    driver.until(lambda: not found())


def _alone(findings: list[Finding], number: str) -> list[Finding]:
    """The findings, once they speak of nothing else: the other clocks are done meanwhile."""
    return findings if {finding.number for finding in findings} == {number} else []


def test_a_clock_marked_as_done_that_no_step_did_is_skipped(
    stores: Stores, running: str, found: Callable[[], list[Finding]]
) -> None:
    with stores.restored(running):
        stores.change(
            "supervision", running, lambda d: d["state"]["clocks"][0]["limits"][-1].update(expired=True)
        )
        told = _settled(found, 1)
    assert [(f.kind, f.number, f.which) for f in told] == [("clock-skipped", running, "m1-1 overdue")]


def test_a_number_that_was_never_leased_is_named(
    stores: Stores, archived: str, found: Callable[[], list[Finding]]
) -> None:
    blocks = stores.of("intake", "number_blocks")
    row = blocks.find_one({"_id": f"mayors-line:{archived.split('-')[2]}"})
    blocks.update_one({"_id": row["_id"]}, {"$set": {"next": 0}})
    told = _settled(found, 1)
    blocks.replace_one({"_id": row["_id"]}, row)
    assert [f.kind for f in told] == ["number-not-leased"]


# -- a sound platform --------------------------------------------------------------------


def test_a_sound_platform_is_proved_also_while_its_cases_move(
    line: Line, driver: Driver, found: Callable[[], list[Finding]]
) -> None:
    ending = threading.Event()

    def work() -> None:
        while not ending.is_set():
            with suppress(TimeoutError):
                driver.accepted()

    staff = [threading.Thread(target=work) for _ in range(2)]
    for one in staff:
        one.start()
    reports = [_audit(line, _ON_ITS_WAY_S) for _ in range(3)]
    ending.set()
    for one in staff:
        one.join()
    assert [report.findings for report in reports] == [()] * 3
    assert reports[-1].counts.cases > reports[0].counts.cases
    driver.until(lambda: not found())


def test_the_books_hold_of_an_order_that_was_urged_at_its_expiry(
    drivers: dict[str, Driver], found: Callable[[], list[Finding]]
) -> None:
    office = drivers["city-hotline"]
    number, order = office.accepted()
    office.advance_past(date.fromisoformat(order["due_on"]))
    office.until_said(number, "order.urged")
    office.until(lambda: not found())


# -- a client's own list -----------------------------------------------------------------


def test_a_clients_ledger_is_compared_act_by_act(
    line: Line, archived: str, found: Callable[[], list[Finding]]
) -> None:
    assert _settled(found, 0) == []
    assert line.ledger is not None
    acts = list(read_acts(line.ledger))
    own = [act for act in acts if act.number == archived]
    assert len(own) == 10
    assert _settled(lambda: list(_compared(line, acts).findings), 0) == []
    assert _compared(line, acts).counts.acts == len(acts)
    unknown = [replace(own[0], cause="never"), replace(own[1], number="ML-C-20240923-009999-00")]
    told = _settled(lambda: list(_compared(line, unknown).findings), 2)
    assert [(f.kind, f.number, f.which) for f in told] == [
        ("act-missing", archived, "never"),
        ("number-without-case", "ML-C-20240923-009999-00", ""),
    ]


def _compared(line: Line, acts: list[Act]) -> Report:
    return audit(_auditor(line), quiet_s=0, again_after_s=_AGAIN_S, acts=acts)


# -- the command -------------------------------------------------------------------------


def _command(site: Site, *arguments: str) -> Any:
    return CliRunner().invoke(app, ["check", "--quiet", "0", "--local", str(site.folder), *arguments])


def test_the_command_ends_with_0_when_the_books_hold(
    site: Site, line: Line, found: Callable[[], list[Finding]]
) -> None:
    shown, told = _command(site, "--ledger", str(line.ledger)), _command(site, "--json")
    assert (shown.exit_code, told.exit_code) == (0, 0), shown.output
    assert "账目相符" in shown.output
    assert json.loads(told.output)["holds"] is True


def test_the_command_ends_with_1_and_the_offending_number(
    site: Site, stores: Stores, archived: str, found: Callable[[], list[Finding]]
) -> None:
    with stores.restored(archived):
        altered_head(stores, archived)
        result = _command(site)
    assert result.exit_code == 1
    assert f"{archived}  intake" in result.output


def test_the_command_ends_with_3_when_a_service_does_not_answer(site: Site, tmp_path: Path) -> None:
    urls = json.loads((site.folder / "services.json").read_text())
    (tmp_path / "keys").symlink_to(site.keys.folder)
    (tmp_path / "services.json").write_text(json.dumps({**urls, "notify": "http://127.0.0.1:9"}))
    result = CliRunner().invoke(app, ["check", "--local", str(tmp_path)])
    assert result.exit_code == 3
    assert "notify" in result.output
