"""What a cell says: texts, moments, dates, yes or no, and counts; nothing is guessed."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from huiyin.rows.table import Cell

Value = str | datetime | date | bool | int

_DATE: Final = r"(?P<y>\d{4})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?"
_TIME: Final = r"(?:[ T]+(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:\.\d+)?)?)?"
_MOMENT: Final = re.compile(_DATE + _TIME)
_TRUE: Final = frozenset({"true", "yes", "y", "1", "是"})
_FALSE: Final = frozenset({"false", "no", "n", "0", "否"})


def text(cell: Cell, _zone: ZoneInfo) -> Value:
    """The cell as a text."""
    return cell if isinstance(cell, str) else cell.isoformat()


def moment(cell: Cell, zone: ZoneInfo) -> Value:
    """A time, aware; one that says no offset is the zone's, a date is its first instant."""
    if isinstance(cell, datetime):
        return cell if cell.tzinfo else cell.replace(tzinfo=zone)
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day, tzinfo=zone)
    parsed = _local(cell) or _iso(cell)
    if parsed is None:
        raise ValueError(f"“{cell}”不是时间，写作 2024-09-23 09:00 (not a time)")
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)


def day(cell: Cell, zone: ZoneInfo) -> Value:
    """A date, in the zone."""
    try:
        found = moment(cell, zone)
    except ValueError:
        raise ValueError(f"“{cell}”不是日期，写作 2024-09-23 (not a date)") from None
    assert isinstance(found, datetime)
    return found.astimezone(zone).date()


def truth(cell: Cell, _zone: ZoneInfo) -> Value:
    """Yes or no."""
    word = str(cell).lower()
    if word not in _TRUE | _FALSE:
        raise ValueError(f"“{cell}”不是“是”或“否” (neither yes nor no; put it under values)")
    return word in _TRUE


def count(cell: Cell, _zone: ZoneInfo) -> Value:
    """A whole number from 0."""
    if not re.fullmatch(r"[0-9]{1,4}", str(cell)):
        raise ValueError(f"“{cell}”不是次数 (not a whole number)")
    return int(str(cell))


def _local(written: str) -> datetime | None:
    found = _MOMENT.fullmatch(written)
    if found is None:
        return None
    try:
        return datetime(*(int(found[part] or 0) for part in "ymdHMS"))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None


def _iso(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None


#: How each field that is no plain text is read.
READERS: Final[dict[str, Callable[[Cell, ZoneInfo], Value]]] = {
    "received_at": moment,
    "replied_at": moment,
    "deadline": day,
    "truth_stated": truth,
    "warned": truth,
    "anonymous": truth,
    "urged": count,
}
