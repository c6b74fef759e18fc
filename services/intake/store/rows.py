"""Rows of several cases, apart by case."""

from collections.abc import Iterable, Sequence

from huiyin.chassis.mongo import Doc


def by_number(rows: Iterable[Doc], field: str, numbers: Sequence[str]) -> dict[str, list[Doc]]:
    """The rows of each of these cases, none for a case that has none."""
    found: dict[str, list[Doc]] = {number: [] for number in numbers}
    for row in rows:
        found[row[field]].append(row)
    return found
