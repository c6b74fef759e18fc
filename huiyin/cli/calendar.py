"""`huiyin calendar`: the published years, and the import of a new one each November."""

import tempfile
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from huiyin.chassis.calendar import Year, load_calendar
from huiyin.cli.calendar_file import year_text
from huiyin.cli.ends import fail
from huiyin.cli.options import OFFICES, AsJson, OfficesFolder, group
from huiyin.cli.saying import say, table

app = group("The published working years; import a new one.")
_YEARS: Final = {"year": "年 year", "holidays": "工作日放假 weekdays off", "workdays": "调休上班 made up"}
_DAYS: Final = {"date": "日期 date", "weekday": "星期 weekday", "kind": "种类 kind"}
_WEEKDAYS: Final = "一二三四五六日"
_RESTART: Final = (
    "请重启 supervision 和 feedback 的 web 与 worker：未结案件的暂定期限随后一分钟内重算，旧期限留在流水里\n"
    "(restart supervision's and feedback's web and worker; within a minute provisional deadlines of open\n"
    "cases are then recomputed, and the old dates stay in the journal)"
)


@app.command()
def show(
    year: Annotated[
        int | None, typer.Argument(help="One year's days; without it, which years there are.")
    ] = None,
    as_json: AsJson = False,
    offices: OfficesFolder = OFFICES,
) -> None:
    """The years that are published here, or one year's holidays and make-up working days."""
    years = load_calendar(offices / "calendars").years
    if year is None:
        rows = [_counts(one, of) for one, of in sorted(years.items())]
        say(rows, as_json, table(_YEARS, rows))
    elif year in years:
        days = _days(years[year])
        say(_data(year, years[year]), as_json, table(_DAYS, days))
    else:
        fail(f"{year} 年尚未公布或导入；已有 {min(years)}–{max(years)} (not published, or not imported)")


@app.command("import")
def import_(
    file: Annotated[
        Path,
        typer.Argument(help="YAML {holidays: […], workdays: […]}, or CSV date,kind[,name].", exists=True),
    ],
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite a year that says otherwise.")] = False,
    as_json: AsJson = False,
    offices: OfficesFolder = OFFICES,
) -> None:
    """Import a year's holidays and make-up working days, as the State Council published them.

    Weekends need no line. In CSV, kind is `holiday` (休) or `workday` (班).
    """
    year, text = year_text(file)
    new = _checked(year, text)
    target = offices / "calendars" / f"{year}.yaml"
    old = load_calendar(target.parent).years.get(year)
    if old == new:
        say({**_data(year, new), "written": False}, as_json, f"{year}: 没有变化 (nothing changes)")
        return
    if old is not None and not replace:
        fail(_difference(year, old, new) + "\n如确认更改，请加 --replace (to change it, add --replace)")
    _write(target, text)
    say({**_data(year, new), "written": True}, as_json, f"{target}: 已写入 (written)", _RESTART)


def _checked(year: int, text: str) -> Year:
    """The year as the platform will read it; WrongSetting names the key of what is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        alone = Path(folder) / "calendars"
        alone.mkdir()
        (alone / f"{year}.yaml").write_text(text, encoding="utf-8")
        return load_calendar(alone).years[year]


def _write(target: Path, text: str) -> None:
    """Replace the file in one move; the draft's name is no calendar's."""
    draft = target.with_name(f".{target.stem}.draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(target)


def _difference(year: int, old: Year, new: Year) -> str:
    lines = [f"{year} 年已有，内容不同 (this year is here, and says otherwise):"]
    for kind, before, after in (
        ("放假 off", old.holidays, new.holidays),
        ("上班 worked", old.workdays, new.workdays),
    ):
        lines += [f"  - {day} {kind}" for day in sorted(before - after)]
        lines += [f"  + {day} {kind}" for day in sorted(after - before)]
    return "\n".join(lines)


def _counts(year: int, of: Year) -> dict[str, int]:
    return {"year": year, "holidays": len(of.holidays), "workdays": len(of.workdays)}


def _data(year: int, of: Year) -> dict[str, Any]:
    return {"year": year, "holidays": _iso(of.holidays), "workdays": _iso(of.workdays)}


def _iso(days: frozenset[date]) -> list[str]:
    return [day.isoformat() for day in sorted(days)]


def _days(of: Year) -> list[dict[str, str]]:
    return [
        {
            "date": day.isoformat(),
            "weekday": f"周{_WEEKDAYS[day.weekday()]}",
            "kind": "放假 off" if day in of.holidays else "上班 worked",
        }
        for day in sorted(of.holidays | of.workdays)
    ]
