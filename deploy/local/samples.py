"""The bundled sample complaints, and when the operators type them in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import yaml

from deploy.local.files import read_json, write_json
from huiyin.chassis.calendar import WorkingCalendar

FOLDER: Final = Path(__file__).parent / "samples"
_NOT_SENT: Final = {"id", "office", "text", "wish"}
#: This share waits on the desk on the first morning and is typed in at once; the rest comes by and by.
_AT_ONCE: Final = 0.2
_DAYS: Final = 6
_SLOTS: Final = (9, 11, 14, 16)


@dataclass(frozen=True)
class Sample:
    """One complaint to be typed in, and when."""

    id: str
    office: str
    at: datetime
    form: Mapping[str, Any]


def load_samples(beginning: datetime, calendar: WorkingCalendar) -> list[Sample]:
    """All samples of all offices, in the order in which they are typed in."""
    found = [
        sample
        for file in sorted(FOLDER.glob("*.yaml"))
        for sample in _scheduled(yaml.safe_load(file.read_text(encoding="utf-8")), beginning, calendar)
    ]
    return sorted(found, key=lambda sample: (sample.at, sample.id))


class Receipts:
    """Which sample got which number, on file, so that the next start goes on."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._numbers: dict[str, str] = read_json(file)

    def __contains__(self, sample: str) -> bool:
        return sample in self._numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def of(self, office: str, samples: list[Sample]) -> list[str]:
        """The numbers of an office's samples."""
        return [self._numbers[s.id] for s in samples if s.office == office and s.id in self._numbers]

    def keep(self, numbers: Mapping[str, str]) -> None:
        """Keep what was numbered."""
        self._numbers |= numbers
        write_json(self._file, self._numbers)


def _scheduled(rows: list[dict[str, Any]], beginning: datetime, calendar: WorkingCalendar) -> list[Sample]:
    at_once = int(len(rows) * _AT_ONCE)
    slots = _slots(beginning, calendar)
    samples = []
    for n, row in enumerate(rows):
        early = n < at_once
        at = beginning if early else slots[(n - at_once) * len(slots) // (len(rows) - at_once)]
        form = _form(row)
        if early:
            form["received_at"] = (beginning - timedelta(minutes=10 + n)).isoformat()
        samples.append(Sample(row["id"], row["office"], at, form))
    return samples


def _slots(beginning: datetime, calendar: WorkingCalendar) -> list[datetime]:
    day = beginning.date()
    days: list[date] = []
    while len(days) < _DAYS:
        days.append(day)
        day = calendar.add_working_days(day, 1).on
    return [beginning.replace(year=d.year, month=d.month, day=d.day, hour=h) for d in days for h in _SLOTS][
        1:
    ]


def _form(row: Mapping[str, Any]) -> dict[str, Any]:
    words = {"text": row["text"], "wish": row["wish"]}
    kept = {name: value for name, value in row.items() if name not in _NOT_SENT}
    return {**kept, "matters": [{**matter, **words} for matter in row["matters"]]}
