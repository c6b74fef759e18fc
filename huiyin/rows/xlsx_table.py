"""XLSX workbooks: the first sheet, read as it is asked for; numbers as text, dates as dates."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from huiyin.rows.table import EMPTY, Cell, Line, Table, WrongFile, header_of, misfit

_BROKEN: Final = (BadZipFile, InvalidFileException, KeyError, ValueError, OSError)
_HALF_A_SECOND: Final = timedelta(milliseconds=500)


@contextmanager
def open_xlsx(path: Path) -> Iterator[Table]:
    """The table on a workbook's first sheet."""
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except _BROKEN as broken:
        raise WrongFile(f"{path.name}：不是可读的 XLSX 工作簿 (no readable workbook: {broken})") from broken
    try:
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its own size is often wrong
        rows = enumerate(sheet.iter_rows(), start=1)
        _, first = next(rows, (1, ()))
        cells = _without_tail([_cell(cell) for cell in first])
        if not cells:
            raise WrongFile(f"{path.name}：{EMPTY}")
        header = header_of(path, [str(cell) for cell in cells])
        yield Table(header, _lines(rows, header))
    finally:
        book.close()


def _lines(rows: Iterator[tuple[int, Sequence[Any]]], header: tuple[str, ...]) -> Iterator[Line]:
    for number, row in rows:
        cells = _without_tail([_cell(cell) for cell in row])
        if cells:
            padded = (*cells, *[""] * (len(header) - len(cells)))
            yield Line(number, padded, _error(row) or misfit(header, padded))


def _error(row: Sequence[Any]) -> str:
    errors = [str(cell.value) for cell in row if getattr(cell, "data_type", "") == "e"]
    return f"单元格里是错误值 {errors[0]} (a cell holds an error)" if errors else ""


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime):  # Excel counts in parts of days, so seconds come out crooked
        return (value + _HALF_A_SECOND).replace(microsecond=0)
    if isinstance(value, date):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _without_tail(cells: list[Cell]) -> tuple[Cell, ...]:
    while cells and cells[-1] == "":
        cells.pop()
    return tuple(cells)
