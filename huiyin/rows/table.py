"""What a file of rows is, whatever its format: a header and lines with numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

Cell = str | datetime | date


class WrongFile(Exception):
    """The file cannot be read as a whole; the message says why and what to do."""


@dataclass(frozen=True)
class Line:
    """One row: the number of its first line in the file, its cells, and why it cannot be used."""

    number: int
    cells: tuple[Cell, ...]
    why: str = ""


@dataclass(frozen=True)
class Table:
    """The header, and every row below it once; `encoding` is the text's, "" for a workbook."""

    header: tuple[str, ...]
    lines: Iterator[Line]
    encoding: str = ""


def header_of(path: Path, cells: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns; a name that stands twice is refused."""
    names = tuple(cell.strip() for cell in cells)
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise WrongFile(f"{path.name}：表头里“{twice[0]}”出现了两次 (a column's name stands twice)")
    if not any(names):
        raise WrongFile(f"{path.name}：第 1 行没有表头 (line 1 holds no column names)")
    return names


def misfit(header: Sequence[str], cells: Sequence[Cell]) -> str:
    """Why a row does not fit under the header, if it does not."""
    if len(cells) == len(header):
        return ""
    return f"有 {len(cells)} 格，表头有 {len(header)} 格 (number of cells differs from the header)"


EMPTY: Final = "文件是空的，第 1 行应为表头 (the file is empty; line 1 should hold the column names)"
