"""`huiyin import` on the running platform: every row once, running cases whose clocks go on."""

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from deploy.local.platform import OFFICES, Site
from huiyin.cli.main import app
from huiyin.client.line import Json, Refused
from tests.scenarios.driver import RESULT, Driver

ROOT = Path(__file__).parents[2]
KILLED_AFTER = 10
PRAISE = """
columns: {id: 编号, received_at: 时间, text: 内容, name: 姓名, phone: 电话}
defaults: {channel: call, kind: praise, category: transport/bus, area: "990101001", work_unit: 无}
"""  # praise is over at once, so that hundreds of cases burden no other scenario
HEADER = ("编号", "时间", "内容", "姓名", "电话")
SCOPED = """
columns: {id: 编号, received_at: 时间, text: 内容, name: 姓名, phone: 电话, classes.scope: 受理范围}
values: {classes.scope: {民生: livelihood}}
defaults: {channel: call, kind: criticism, category: roads, area: "990105001", address: 云笛县牧歌镇石桥弄1号,
           occupation: 职员, work_unit: 晨钟印刷厂, object: 县公路站, truth_stated: true, warned: true}
"""
RUNNING = """
columns: {number: 原编号, received_at: 时间, text: 内容, name: 姓名, phone: 电话, unit: 单位, deadline: 期限,
          urged: 催办}
defaults: {channel: call, kind: complaint, category: CATEGORY, area: "AREA", work_unit: 无, occupation: 无,
           address: 白帆街道石桥弄1号}
"""
RUNNING_HEADER = ("原编号", "时间", "内容", "姓名", "电话", "单位", "期限", "催办")


class Importer:
    """Files and mappings in a folder, and the command on them."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.folder, self._local = folder, site.folder

    def csv(self, name: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
        with (self.folder / name).open("w", encoding="gb18030", newline="") as file:
            csv.writer(file).writerows([header, *rows])
        return self.folder / name

    def xlsx(self, name: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
        book = Workbook()
        for row in [header, *rows]:
            book.worksheets[0].append(list(row))
        book.save(self.folder / name)
        return self.folder / name

    def arguments(self, file: Path, map_: str, *options: str) -> list[str]:
        (self.folder / "map.yaml").write_text(map_, encoding="utf-8")
        folders = ["--local", str(self._local), "--offices", str(OFFICES)]
        return ["import", str(file), "--map", str(self.folder / "map.yaml"), *folders, "--json", *options]

    def run(self, file: Path, map_: str, *options: str) -> tuple[int, Json]:
        """The exit code and the report."""
        result = CliRunner().invoke(app, self.arguments(file, map_, *options))
        assert result.stdout, result.output
        return result.exit_code, json.loads(result.stdout)

    def journal(self, file: Path) -> list[Json]:
        lines = file.with_name(file.name + ".huiyin-import.jsonl").read_text(encoding="utf-8").split("\n")
        return [json.loads(line) for line in lines if line]


@pytest.fixture
def importer(tmp_path: Path, site: Site) -> Importer:
    return Importer(tmp_path, site)


def praises(driver: Driver, count: int, first: int = 1) -> list[list[str]]:
    at = (driver.now() - timedelta(days=40)).strftime("%Y-%m-%d %H:%M:%S")
    tag = f"{driver.now():%m%d%H%M%S}"
    return [
        [f"{tag}-{n}", at, f"表扬第{n}路司机。", "柏守拙", "19900000001"] for n in range(first, first + count)
    ]


def cases(driver: Driver) -> int:
    return sum(driver.stages().values())


def test_every_row_is_registered_once_at_its_own_time_however_often_it_is_sent(
    mayors_line: Driver, importer: Importer
) -> None:
    before, rows = cases(mayors_line), praises(mayors_line, 30)
    file = importer.csv("rows.csv", HEADER, rows)
    assert importer.run(file, PRAISE)[0] == 0
    numbers = {entry["number"] for entry in importer.journal(file)}
    assert (len(numbers), cases(mayors_line) - before) == (30, 30)
    assert mayors_line.case(next(iter(numbers)))["received_at"].startswith(rows[0][1][:10])
    assert importer.run(file, PRAISE)[1]["earlier"] == 30
    other = importer.csv("same-rows-elsewhere.csv", HEADER, rows)
    assert importer.run(other, PRAISE)[1]["registered"] == 30
    assert {entry["number"] for entry in importer.journal(other)} == numbers
    assert cases(mayors_line) - before == 30


def test_a_kill_in_the_middle_doubles_nothing_and_loses_nothing(
    mayors_line: Driver, importer: Importer
) -> None:
    before = cases(mayors_line)
    file = importer.csv("rows.csv", HEADER, praises(mayors_line, 80, first=1000))
    command = [sys.executable, "-m", "huiyin.cli.main", *importer.arguments(file, PRAISE, "--at-once", "4")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    journal = file.with_name(file.name + ".huiyin-import.jsonl")
    mayors_line.until(lambda: journal.exists() and journal.read_text().count("\n") > KILLED_AFTER, within=60)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    done = len(importer.journal(file)[:-1])
    assert KILLED_AFTER <= done < 80, "killed in the middle"
    code, report = importer.run(file, PRAISE)
    assert (code, report["earlier"] + report["registered"]) == (0, 80)
    assert report["earlier"] >= done
    assert cases(mayors_line) - before == 80
    assert len({entry["number"] for entry in importer.journal(file)}) == 80


def test_an_office_that_sorts_by_a_scheme_takes_rows_that_name_the_class(
    county_hotline: Driver, importer: Importer
) -> None:
    rows = [[*row, scope] for row, scope in zip(praises(county_hotline, 2), ("民生", ""), strict=True)]
    file = importer.csv("rows.csv", (*HEADER, "受理范围"), rows)
    code, report = importer.run(file, SCOPED, "--office", "county-hotline")
    (bad,) = report["bad_rows"]
    assert (code, report["registered"], bad["line"]) == (2, 1, 3)
    assert [why.partition("：")[0] for why in bad["why"]] == ["受理范围"]
    case = county_hotline.case(importer.journal(file)[0]["number"])
    assert (case["matters"][0]["classes"], case["truth_stated"]) == ({"scope": "livelihood"}, True)


def test_bad_rows_are_mended_in_their_own_file_and_the_good_ones_kept(
    mayors_line: Driver, importer: Importer
) -> None:
    before, rows = cases(mayors_line), praises(mayors_line, 6, first=2000)
    phone, future = rows[1][4], rows[2][1]
    rows[1][4], rows[2][1] = "", "2099-01-01"
    file = importer.xlsx("rows.xlsx", HEADER, rows)
    code, report = importer.run(file, PRAISE)
    assert (code, report["registered"], [bad["line"] for bad in report["bad_rows"]]) == (2, 4, [3, 4])
    assert [bad["why"][0].partition("：")[0] for bad in report["bad_rows"]] == ["电话", "时间"]
    assert cases(mayors_line) - before == 4
    bad_file = Path(report["bad_file"])
    _mend(bad_file, {"G2": phone, "D3": future})
    code, report = importer.run(bad_file, PRAISE)
    assert (code, report["registered"], report["bad"]) == (0, 2, 0)
    assert cases(mayors_line) - before == 6
    assert importer.run(file, PRAISE)[1]["bad"] == 2, "the old file still has its two bad rows"
    assert cases(mayors_line) - before == 6


def test_a_journal_of_another_platform_is_not_believed(mayors_line: Driver, importer: Importer) -> None:
    file = importer.csv("rows.csv", HEADER, praises(mayors_line, 2, first=3000))
    journal = file.with_name(file.name + ".huiyin-import.jsonl")
    journal.write_text('{"line": 2, "key": "k", "number": "SZ-D-20200101-000001-01"}\n', encoding="utf-8")
    assert importer.run(file, PRAISE)[1]["registered"] == 2
    assert len(importer.journal(file)) == 2


# -- running cases ----------------------------------------------------------------------


def running(driver: Driver, category: str, area: str, *rows: Sequence[object]) -> tuple[str, list[list[Any]]]:
    received = (driver.now() - timedelta(days=30)).strftime("%Y-%m-%d %H:%M")
    said = [received, "窗口排队太久，无人解释。", "柏守拙", "19900000001"]
    mapping = RUNNING.replace("CATEGORY", category).replace("AREA", area)
    return mapping, [[number, *said, *rest] for number, *rest in rows]


def test_a_running_case_goes_on_urged_supervised_replied_echoed_and_archived(
    community_centre: Driver, importer: Importer
) -> None:
    centre, old = community_centre, f"信{community_centre.now():%m%d%H%M}第31号"
    due = centre.working_days_from_now(12)
    mapping, rows = running(centre, "window/queue", "990102002001", [old, "relief", due, 2])
    file = importer.xlsx("running.xlsx", RUNNING_HEADER, rows)
    assert importer.run(file, mapping, "--open", "--office", centre.office)[0] == 0
    (receipt,) = importer.journal(file)
    number = receipt["number"]
    order = _taken_over(centre, number, old, due)
    _found_by_its_old_number(centre, number, old, receipt["query_code"])
    urging = centre.calendar.working_day_on_or_before(due - timedelta(days=3))
    centre.advance_to(urging, "08:30")
    assert centre.said(number, "order.urged") == []
    centre.advance_to(urging, "09:30")
    urged = centre.until_said(number, "order.urged")[0]["data"]
    assert (urged["ordinal"], urged["slip"], urged["due_on"]) == (3, "urge-3", due.isoformat())
    centre.advance_to(due, "23:30")
    assert centre.said(number, "supervision.issued") == []
    centre.advance(hours=1)
    assert centre.until_said(number, "supervision.issued")[0]["data"]["overdue_since"] == due.isoformat()
    centre.begin_the_day()
    _to_the_archive(centre, number, order)
    assert centre.supervision(number)["clocks"][0]["replies"][0]["on_time"] is False
    assert len(centre.said(number, "order.urged")) == len(centre.said(number, "supervision.issued")) == 1


def test_what_expired_in_the_older_system_is_supervised_once_and_counts_on(
    mayors_line: Driver, importer: Importer
) -> None:
    past = mayors_line.now().date() - timedelta(days=5)
    old = f"热线{mayors_line.now():%m%d%H%M}"
    mapping, rows = running(mayors_line, "transport/bus", "990101001", [old, "water_group", past, 2])
    rows += [[f"{old}-{n}", *rows[0][1:5], *rest] for n, rest in enumerate(_BAD)]
    file = importer.csv("running.csv", RUNNING_HEADER, rows)
    unit = next(iter(mayors_line.folder.units))
    mapping = mapping + f"values: {{unit: {{water_group: {unit}, 轮渡公司: ferry}}}}\n"
    code, report = importer.run(file, mapping, "--open")
    assert (code, report["registered"]) == (2, 1)
    assert [bad["why"][0].partition("：")[0] for bad in report["bad_rows"]] == ["单位", "期限", "催办"]
    number = importer.journal(file)[0]["number"]
    issued = mayors_line.until_said(number, "supervision.issued")[0]["data"]
    assert (issued["ordinal"], issued["overdue_since"]) == (3, past.isoformat())
    assert issued["due_on"] == mayors_line.working_days_from_now(3).isoformat()
    mayors_line.advance(hours=2)
    mayors_line.until(lambda: mayors_line.supervision(number))
    assert len(mayors_line.said(number, "supervision.issued")) == 1


_BAD = (
    ("轮渡公司", "2025-06-01", 0),
    ("water_group", "2020-01-01", 0),
    ("water_group", "2025-06-01", "两次"),
)


def test_a_case_is_taken_over_once_whichever_file_it_stands_in(
    mayors_line: Driver, importer: Importer
) -> None:
    unit, old = next(iter(mayors_line.folder.units)), f"另{mayors_line.now():%m%d%H%M%S}"
    due = mayors_line.working_days_from_now(5)
    mapping, rows = running(mayors_line, "transport/bus", "990101001", [old, unit, due, 0])
    assert importer.run(importer.csv("a.csv", RUNNING_HEADER, rows), mapping, "--open")[1]["registered"] == 1
    before = cases(mayors_line)
    rows[0][2] = "同一件，换了说法。"
    code, report = importer.run(
        importer.csv("b.csv", RUNNING_HEADER, rows), mapping + "source: b\n", "--open"
    )
    assert (code, report["earlier"], report["registered"]) == (0, 1, 0)
    assert cases(mayors_line) == before
    with pytest.raises(Refused, match="403"):
        mayors_line.role("operator").post("intake", "/takeovers", {})


def _mend(file: Path, cells: dict[str, str]) -> None:
    book = load_workbook(file)
    for place, value in cells.items():
        book.worksheets[0][place] = value
    book.save(file)


def _taken_over(driver: Driver, number: str, old: str, due: date) -> Json:
    """The order lies with the unit at once, by the older system's date, and nobody was told again."""
    driver.until(lambda: driver.handling(number)["orders"][0]["due_on"])
    handling = driver.handling(number)
    order: Json = handling["orders"][0]
    assert (order["unit"], order["ground"], order["due_on"]) == ("relief", "taken_over", due.isoformat())
    assert (handling["gate"], handling["origin_number"]) == ("none", old)
    registered = driver.until_said(number, "case.registered")[0]["data"]["taken_over"]
    assert registered == {"number": old, "unit": "relief", "due_on": due.isoformat(), "urged": 2}
    asked = {row["data"]["template"] for row in driver.said(number, "message.requested")}
    assert "case_registered" not in asked
    assert old in {row["origin_number"] for row in driver.orders("relief", "dispatched")}
    return order


def _found_by_its_old_number(driver: Driver, number: str, old: str, code: str) -> None:
    assert driver.case(old)["number"] == number
    (listed,) = driver.role("operator").all("intake", "/cases", "cases", number=old)
    assert listed["number"] == number
    assert driver.progress(old, code)["number"] == driver.progress(number, code)["number"] == number
    with pytest.raises(Refused, match="404"):
        driver.progress(old, f"{(int(code) + 1) % 1_000_000:06d}")


def _to_the_archive(driver: Driver, number: str, order: Json) -> None:
    driver.accept(number, order)
    driver.reply(number, order, RESULT)
    driver.until(lambda: number in {row["number"] for row in driver.reviews()})
    driver.review(number, order["id"], 1)
    driver.until_stage(number, "calling_back")
    driver.attempt(number, "call", reached=True)
    driver.tell(number, "call")
    driver.evaluate(number, "m1", solved=True, satisfied=True)
    assert driver.until(lambda: _archived(driver, number))["outcome"] == "echoed"


def _archived(driver: Driver, number: str) -> Json | None:
    """The case in the archive; the calls that keep it out are made."""
    for task in driver.tasks("call"):
        if task["number"] == number:
            driver.finish_task(number, task["id"], "delivered")
    case = driver.case(number)
    return case if case["stage"] == "archived" else None
