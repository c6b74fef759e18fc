"""Where folders are made that nobody keeps."""

import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from deploy.local import files

ROOM = 9 * files.GIB


@pytest.mark.parametrize(
    ("on_it", "available", "in_memory"),
    [(ROOM, ROOM, True), (files.GIB, ROOM, False), (ROOM, files.GIB, False)],
)
def test_what_nobody_keeps_lies_in_memory_only_where_that_has_plenty(
    on_it: int, available: int, in_memory: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_IN_MEMORY", tmp_path)
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=on_it))
    monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(available=available))
    assert files.passing() == (tmp_path if in_memory else Path(tempfile.gettempdir()))


def test_a_machine_without_such_a_place_takes_its_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_IN_MEMORY", tmp_path / "none")
    assert files.passing() == Path(tempfile.gettempdir())
