"""CSV files: UTF-8 with or without a mark, or GB 18030; what cannot be read is told by line."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from huiyin.rows.table import EMPTY, Line, Table, WrongFile, header_of, misfit

_UTF8_MARK: Final = b"\xef\xbb\xbf"
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
#: Bytes that the encoding does not know come through as these, and go out as they came.
UNREADABLE: Final = "surrogateescape"
_FIRST_ESCAPED, _LAST_ESCAPED = "\udc80", "\udcff"


@contextmanager
def open_csv(path: Path) -> Iterator[Table]:
    """The table of a CSV file, read as it is asked for."""
    encoding = _encoding(path)
    with path.open(encoding=encoding, errors=UNREADABLE, newline="") as file:
        source = _Recorded(file)
        reader = csv.reader(source, strict=True)
        try:
            first = next(reader, None)
        except csv.Error as broken:
            raise WrongFile(f"{path.name}：第 1 行不是 CSV 表头 (line 1: {broken})") from broken
        if first is None:
            raise WrongFile(f"{path.name}：{EMPTY}")
        header = header_of(path, first)
        yield Table(header, _lines(reader, source, header), encoding)


class _Recorded:
    """The file's lines, and those that the row in hand was made of."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.taken: list[str] = []
        self.count = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.taken.append(line)
        self.count += 1
        return line


def _lines(reader: Iterator[list[str]], source: _Recorded, header: tuple[str, ...]) -> Iterator[Line]:
    while True:
        source.taken.clear()
        number = source.count + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as broken:
            raw = "".join(source.taken).rstrip("\r\n")
            yield Line(number, (raw,), f"引号或格式有误 (not well-formed CSV: {broken})")
            continue
        if cells:
            yield Line(number, tuple(cells), _unreadable(cells) or misfit(header, cells))


def _unreadable(cells: list[str]) -> str:
    text = "".join(cells)
    if "\0" in text:
        return "含有 NUL 字节 (holds a NUL byte)"
    if any(_FIRST_ESCAPED <= character <= _LAST_ESCAPED for character in text):
        return "编码有误，无法读出文字 (wrong encoding)"
    return ""


def _encoding(path: Path) -> str:
    """UTF-8 when most lines beyond ASCII are UTF-8, so that a broken line does not mislead."""
    good = bad = 0
    try:
        with path.open("rb") as file:
            mark = file.read(3)
            file.seek(0)
            for line in file:
                if not line.isascii():
                    fits = _is_utf8(line)
                    good, bad = good + fits, bad + (not fits)
    except OSError as gone:
        raise WrongFile(f"{path.name}：无法打开 (cannot be opened: {gone.strerror})") from gone
    if mark.startswith(_UTF16_MARKS):
        raise WrongFile(f"{path.name}：是 UTF-16 编码，请另存为 UTF-8 CSV (save it as UTF-8)")
    if mark == _UTF8_MARK:
        return "utf-8-sig"
    return "gb18030" if bad > good else "utf-8"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
