"""What is imported as a year: YAML in the calendars' own form, or CSV with a day a line."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Final

from huiyin.chassis.yamlfile import read_yaml
from huiyin.cli.ends import WRONG_USE, fail

_KINDS: Final = {"holiday": "holidays", "休": "holidays", "workday": "workdays", "班": "workdays"}
_MEANS: Final = {"holidays": "weekdays off", "workdays": "weekend days worked instead"}

Days = dict[str, list[tuple[date, str]]]


def year_text(file: Path) -> tuple[int, str]:
    """The year of a file, and its content as a calendar's YAML."""
    if file.suffix.lower() == ".csv":
        days = _from_csv(file)
        return _year(file, [day for of in days.values() for day, _ in of]), _yaml(file, days)
    content = read_yaml(file)
    lists = content.values() if isinstance(content, dict) else ()
    days_of = [day for of in lists if isinstance(of, list) for day in of if isinstance(day, date)]
    return _year(file, days_of), file.read_text(encoding="utf-8")


def _year(file: Path, days: list[date]) -> int:
    if not days:
        fail(f"{file}: 没有任何日期；请见 docs/cli.md (holds no date; see docs/cli.md)", WRONG_USE)
    return min(days).year


def _from_csv(file: Path) -> Days:
    days: Days = {"holidays": [], "workdays": []}
    rows = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig")))
    for row in rows:
        kind, day = _KINDS.get((row.get("kind") or "").strip()), _date((row.get("date") or "").strip())
        if kind is None or day is None:
            wrong = f"{file}: 第 {rows.line_num} 行须为 date,kind，如 2027-01-01,holiday"
            fail(f"{wrong} (line {rows.line_num}: date,kind with kind holiday or workday)", WRONG_USE)
        days[kind].append((day, (row.get("name") or "").strip()))
    return days


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _yaml(file: Path, days: Days) -> str:
    lines = [f"# Working calendar, imported from {file.name}. Weekends need no line here."]
    for key, of in days.items():
        lines.append(f"{key}: # {_MEANS[key]}" if of else f"{key}: []")
        lines += [f"  - {day}" + (f" # {name}" if name else "") for day, name in sorted(of)]
    return "\n".join(lines) + "\n"
