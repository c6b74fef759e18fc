"""Real data lie beside the project; without them these tests fail, they do not skip."""

import csv
from itertools import islice
from pathlib import Path
from typing import Final

import pytest

from deploy.local.replay import Books, Replay, read, replay

DATA: Final = Path(__file__).parents[3] / "shared" / "data"
MAPS: Final = Path(__file__).parents[2] / "deploy" / "local" / "maps"
#: How many rows of each file are replayed.
ROWS: Final = 300
#: Where a file's busiest year begins: in the thin years before, a replay mostly moves the clock.
_BUSY: Final = {"replies": 1000, "hotline_city": 400}


class Replayer:
    """Replays rows of a real file's busiest year, each time on a platform of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._n = 0

    def __call__(self, name: str, office: str, rows: int, seed: int = 1) -> Books:
        self._n += 1
        part = self._folder / f"{name}.csv"
        _cut(DATA / f"{name}.csv", part, _BUSY[name], rows)
        wish = Replay(read(part, MAPS / f"{name}.yaml"), office, seed)
        return replay(wish, self._folder / str(self._n), print, lambda _: None)


def _cut(whole: Path, part: Path, first: int, rows: int) -> None:
    with (
        whole.open(encoding="utf-8-sig", newline="") as source,
        part.open("w", encoding="utf-8", newline="") as target,
    ):
        lines, written = csv.reader(source), csv.writer(target)
        written.writerow(next(lines))
        written.writerows(islice(lines, first, first + rows))


@pytest.fixture
def replayed(tmp_path: Path) -> Replayer:
    return Replayer(tmp_path)
