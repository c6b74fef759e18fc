"""Writes rows that could not be used into a file like the one they came from, to be mended.

Two columns go before the file's own: `line`, where the row stood, and `why`. A mapping knows
columns by name, so the mended file is read by the same mapping.
"""

import csv
import filecmp
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final, Protocol, TextIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from huiyin.rows.csv_table import UNREADABLE
from huiyin.rows.table import Cell, Table

ADDED: Final = ("line", "why")


class Mending(Protocol):
    """The file of rows to be mended."""

    def write(self, line: int, why: str, cells: Sequence[Cell]) -> None:
        """Add a row."""

    def close(self) -> Path | None:
        """Finish the file: where it is, or nothing when no row was added."""


@contextmanager
def mending(source: Path, table: Table) -> Iterator[Mending]:
    """A file beside the source, `NAME.bad.csv` or `NAME.bad.xlsx`; there is none until it is closed."""
    unfinished = source.with_name(f".{source.name}.bad.part")
    try:
        if table.encoding:
            with unfinished.open("w", encoding=table.encoding, errors=UNREADABLE, newline="") as file:
                yield _Csv(source, table, unfinished, file)
        else:
            yield _Xlsx(source, table, unfinished)
    finally:
        unfinished.unlink(missing_ok=True)


class _Beside:
    """What both formats share: the columns, and a name of its own."""

    def __init__(self, source: Path, table: Table, unfinished: Path) -> None:
        self._source, self._unfinished = source, unfinished
        self._added = {n for n, name in enumerate(table.header) if name in ADDED}
        self._header = [*ADDED, *self._own(table.header)]
        self._rows = 0

    def _row(self, line: int, why: str, cells: Sequence[Cell]) -> list[Cell]:
        self._rows += 1
        return [str(line), why, *self._own(cells)]

    def _own(self, cells: Sequence[Cell]) -> list[Cell]:
        return [cell for n, cell in enumerate(cells) if n not in self._added]

    def _place(self) -> Path | None:
        """Give the file its name; another of that name may be mended already and stays."""
        if not self._rows:
            return None
        for place in self._names():
            if not place.exists() or filecmp.cmp(place, self._unfinished, shallow=False):
                return self._unfinished.replace(place)
        raise AssertionError("there is always a further name")

    def _names(self) -> Iterator[Path]:
        stem, suffix = self._source.stem, self._source.suffix.lower()
        yield self._source.with_name(f"{stem}.bad{suffix}")
        yield from (self._source.with_name(f"{stem}.bad-{n}{suffix}") for n in count(2))


class _Csv(_Beside):
    def __init__(self, source: Path, table: Table, unfinished: Path, file: TextIO) -> None:
        super().__init__(source, table, unfinished)
        self._file, self._writer = file, csv.writer(file)
        self._writer.writerow(self._header)

    def write(self, line: int, why: str, cells: Sequence[Cell]) -> None:
        self._writer.writerow(self._row(line, why, cells))

    def close(self) -> Path | None:
        self._file.close()
        return self._place()


class _Xlsx(_Beside):
    def __init__(self, source: Path, table: Table, unfinished: Path) -> None:
        super().__init__(source, table, unfinished)
        self._book = Workbook(write_only=True)
        self._sheet: Any = self._book.create_sheet()
        self._sheet.append(self._header)

    def write(self, line: int, why: str, cells: Sequence[Cell]) -> None:
        self._sheet.append([self._cell(value) for value in self._row(line, why, cells)])

    def close(self) -> Path | None:
        self._book.save(self._unfinished)
        return self._place()

    def _cell(self, value: Cell) -> Any:
        if not isinstance(value, str):
            return value
        cell = WriteOnlyCell(self._sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
        cell.data_type = "s"  # a text that begins with = is no formula
        return cell
