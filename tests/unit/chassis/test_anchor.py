"""What outlives the database: lines that are whole or were never relied on."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from huiyin.chassis.anchor import Anchor, read_anchor
from huiyin.chassis.errors import Unavailable, WrongSetting

AT = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


def _anchor(folder: Path, process: str = "intake-web") -> Anchor:
    return Anchor(folder, process, lambda: AT)


def test_every_line_of_every_process_is_read(tmp_path: Path) -> None:
    _anchor(tmp_path, "intake-web").write("numbers", block="mayors-line:20261102", first=1, last=50)
    _anchor(tmp_path, "dispatch-web").write("key-destroyed", office="mayors-line", month="2026-09")
    first, second = sorted(read_anchor(tmp_path), key=lambda line: line.what)
    assert (first.at, first.what, first.facts["month"]) == (AT, "key-destroyed", "2026-09")
    assert second.facts == {"block": "mayors-line:20261102", "first": 1, "last": 50}
    assert len(list(tmp_path.iterdir())) == 2, "a file a process, so that none writes into another's"


def test_a_line_cut_off_by_a_crash_spoils_neither_itself_nor_the_next(tmp_path: Path) -> None:
    anchor = _anchor(tmp_path)
    anchor.write("numbers", block="a:20261102", first=1, last=50)
    (file,) = tmp_path.iterdir()
    with file.open("ab") as torn:
        torn.write(b'{"at": "2026-11-02T01:00:00+00:00", "what": "num')
    assert len(read_anchor(tmp_path)) == 1
    anchor.write("numbers", block="a:20261102", first=51, last=100)
    assert [line.facts["last"] for line in read_anchor(tmp_path)] == [50, 100]


@pytest.mark.parametrize(
    "line",
    [b'{"what": "numbers"}', b"{broken}", b'{"at": "2026-11-02T01:00:00+00:00", "what": "later-invention"}'],
    ids=["no time", "no JSON", "unknown"],
)
def test_a_whole_line_that_is_not_understood_stops_whoever_reads(tmp_path: Path, line: bytes) -> None:
    (tmp_path / "x.jsonl").write_bytes(line + b"\n")
    with pytest.raises(WrongSetting, match=r"x\.jsonl, line 1"):
        read_anchor(tmp_path)


def test_what_cannot_be_anchored_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        _anchor(tmp_path / "gone").write("numbers", block="a:20261102", first=1, last=50)
