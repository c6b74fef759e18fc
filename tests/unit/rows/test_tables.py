"""Files of rows: encodings, line numbers, and what is told by line."""

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from huiyin.rows import Line, WrongFile, open_table


def lines_of(path: Path) -> list[Line]:
    with open_table(path) as table:
        return list(table.lines)


def csv_file(folder: Path, content: bytes) -> Path:
    path = folder / "rows.csv"
    path.write_bytes(content)
    return path


def workbook(folder: Path, *rows: list[object]) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    book.save(folder / "rows.xlsx")
    return folder / "rows.xlsx"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_every_usual_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    path = csv_file(tmp_path, "编号,内容\n1,路灯不亮\n".encode(encoding))
    with open_table(path) as table:
        assert table.header == ("编号", "内容")
        assert list(table.lines) == [Line(2, ("1", "路灯不亮"))]


def test_line_numbers_are_the_files_own_beyond_quoted_newlines(tmp_path: Path) -> None:
    path = csv_file(tmp_path, b'a,b\r\n1,"one\r\ntwo\r\nthree"\r\n\r\n2,x\r\n')
    assert [(line.number, line.cells[0]) for line in lines_of(path)] == [(2, "1"), (6, "2")]


def test_a_ragged_line_is_told_and_the_next_is_read(tmp_path: Path) -> None:
    ragged, good = lines_of(csv_file(tmp_path, b"a,b\n1\n2,x\n"))
    assert (ragged.number, "有 1 格" in ragged.why) == (2, True)
    assert good == Line(3, ("2", "x"))


def test_a_broken_byte_spoils_its_own_line_only(tmp_path: Path) -> None:
    content = "编号,内容\n1,路灯\n2,路X灯\n3,井盖\n".encode().replace(b"X", b"\xff")
    whys = [line.why for line in lines_of(csv_file(tmp_path, content))]
    assert [bool(why) for why in whys] == [False, True, False]
    assert "wrong encoding" in whys[1]


def test_a_nul_byte_is_told_by_line(tmp_path: Path) -> None:
    assert "NUL" in lines_of(csv_file(tmp_path, b"a,b\n1,x\0y\n"))[0].why


def test_an_open_quote_is_told_where_it_begins(tmp_path: Path) -> None:
    good, broken = lines_of(csv_file(tmp_path, b'a,b\n1,x\n2,"never closed\n3,y\n'))
    assert (good.why, broken.number, "CSV" in broken.why) == ("", 3, True)
    assert "3,y" in str(broken.cells[0])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1"),
        (b"\n", "line 1"),
        (b"a,a\n", "a"),
        ("编号".encode("utf-16"), "UTF-16"),
    ],
)
def test_a_file_without_a_usable_header_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(WrongFile, match=said):
        lines_of(csv_file(tmp_path, content))


def test_other_formats_and_missing_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "fake.xlsx").write_bytes(b"not a zip")
    for name in ("old.xls", "missing.csv", "missing.xlsx", "fake.xlsx"):
        with pytest.raises(WrongFile, match=name.partition(".")[0]):
            lines_of(tmp_path / name)


def test_a_workbook_gives_dates_as_dates_and_numbers_as_text(tmp_path: Path) -> None:
    at = datetime(2024, 9, 23, 9, 30, 15)  # noqa: DTZ001 - workbooks know no zones
    path = workbook(
        tmp_path, ["电话", "时间", "次数", "日"], [13800000001.0, at, 2, date(2024, 9, 30)], [], ["x"]
    )
    first, second = lines_of(path)
    assert first == Line(2, ("13800000001", at, "2", datetime(2024, 9, 30)))  # noqa: DTZ001
    assert second == Line(4, ("x", "", "", ""))


def test_a_workbooks_error_value_and_overlong_row_are_told(tmp_path: Path) -> None:
    error, overlong = lines_of(workbook(tmp_path, ["a", "b"], ["#N/A", "x"], ["1", "2", "3"]))
    assert "#N/A" in error.why
    assert "有 3 格" in overlong.why
