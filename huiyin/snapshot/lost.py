"""What the anchor knows and a restored store does not: numbers given since, keys gone, views restricted."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from pymongo.database import Database

from huiyin.chassis.anchor import Line, What
from huiyin.chassis.mongo import Doc
from huiyin.chassis.sealing import key_name

_NUMBER: Final = re.compile(r"-(\d{8})-(\d{6,})-\d{2}\Z")


@dataclass(frozen=True)
class Gap:
    """Serials of an office's day that may have been given, and have no case here."""

    office: str
    day: str
    first: int
    last: int


def advance_numbers(intake: Database[Doc], lines: Sequence[Line]) -> None:
    """Move each day's serial past every block that was ever leased, so that none is given twice (E-43).

    The same for vouchers and volume numbers, which come one by one.
    """
    for series, last in _leased(lines, "series").items():
        intake["series"].update_one({"_id": series}, {"$max": {"last": last}}, upsert=True)
    for block, last in _leased(lines).items():
        intake["number_blocks"].update_one({"_id": block}, {"$max": {"next": last}}, upsert=True)


def gaps(intake: Database[Doc], lines: Sequence[Line], known_days: Mapping[str, str]) -> list[Gap]:
    """The serials of the days from the snapshot's on; before them every process had let its block go."""
    found = []
    for block, last in sorted(_leased(lines).items()):
        office, _, day = block.partition(":")
        if day < known_days.get(office, ""):
            continue
        missing = sorted(set(range(1, last + 1)) - _serials(intake, office, day))
        found += [Gap(office, day, first, last) for first, last in _ranges(missing)]
    return found


def last_days(lines: Sequence[Line], before: Any) -> dict[str, str]:
    """The last day of each office for which numbers were leased by the moment."""
    days: dict[str, str] = {}
    for line in lines:
        if line.what == "numbers" and line.at <= before:
            office, _, day = line.facts["block"].partition(":")
            days[office] = max(day, days.get(office, ""))
    return days


def destroyed(lines: Sequence[Line]) -> set[str]:
    """The names of the data keys that were destroyed."""
    return {
        key_name(line.facts["office"], line.facts["month"]) for line in lines if line.what == "key-destroyed"
    }


def restrictions(lines: Sequence[Line]) -> list[Mapping[str, Any]]:
    """The facts of every restriction, in order."""
    return [line.facts for line in lines if line.what == "view-restricted"]


def _leased(lines: Sequence[Line], of: What = "numbers") -> dict[str, int]:
    last: dict[str, int] = {}
    for line in lines:
        if line.what == of:
            block = line.facts["block"]
            last[block] = max(line.facts["last"], last.get(block, 0))
    return last


def _serials(intake: Database[Doc], office: str, day: str) -> set[int]:
    numbers = intake["cases"].find({"office": office, "number": {"$regex": f"-{day}-"}}, {"number": 1})
    matches = (_NUMBER.search(row["number"]) for row in numbers)
    return {int(match[2]) for match in matches if match}


def _ranges(serials: Sequence[int]) -> Iterator[tuple[int, int]]:
    for _, run in groupby(enumerate(serials), lambda pair: pair[1] - pair[0]):
        numbers = [serial for _, serial in run]
        yield numbers[0], numbers[-1]
