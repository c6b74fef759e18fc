"""Where a backup goes: two new folders apart from one another, whole or not at all."""

from pathlib import Path

import bson
import pytest

from huiyin.snapshot.errors import SnapshotRefused
from huiyin.snapshot.files import Written, batches, drafts, refuse_folders
from huiyin.snapshot.manifest import Kind


@pytest.mark.parametrize("where", ["inside", "around", "the same", "by a link"])
def test_keys_that_would_lie_with_the_data_are_refused(tmp_path: Path, where: str) -> None:
    data = tmp_path / "backup" / "data"
    (tmp_path / "link").symlink_to(data)
    keys = {
        "inside": data / "keys",
        "around": data.parent,
        "the same": data,
        "by a link": tmp_path / "link/k",
    }
    with pytest.raises(SnapshotRefused, match="密钥须与数据分开保管"):
        refuse_folders(data, keys[where])


@pytest.mark.parametrize("taken", ["data", "keys"])
def test_nothing_is_overwritten(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).mkdir()
    with pytest.raises(SnapshotRefused, match="已存在"):
        refuse_folders(tmp_path / "data", tmp_path / "keys")


def test_folders_appear_whole_or_not_at_all(tmp_path: Path) -> None:
    final: dict[Kind, Path] = {"data": tmp_path / "data", "keys": tmp_path / "keys"}
    with pytest.raises(ZeroDivisionError), drafts(final) as made:
        (made["data"] / "half").write_text(str(1 / 0))
    assert list(tmp_path.iterdir()) == []
    with drafts(final) as made:
        (made["data"] / "whole").write_text("")
        assert not any(path.exists() for path in final.values())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "keys"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in final.values())


def test_a_file_holds_what_was_put_into_it_and_its_count(tmp_path: Path) -> None:
    rows = [{"_id": n, "text": "诉求" * n} for n in range(2_500)]
    with Written(tmp_path / "x.bson.gz") as file:
        assert file.add(b"".join(map(bson.encode, rows[:1000]))) == 1000
        file.add(b"".join(map(bson.encode, rows[1000:])))
    assert file.documents == 2_500
    read = list(batches(tmp_path / "x.bson.gz"))
    assert [bson.decode(row.raw) for batch in read for row in batch] == rows
    assert max(map(len, read)) <= 1000
