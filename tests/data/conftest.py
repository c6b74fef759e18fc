"""Real data lie beside the project; without them these tests fail, they do not skip."""

from pathlib import Path
from typing import Final

import pytest

from deploy.local.replay import Books, Replay, read, replay

DATA: Final = Path(__file__).parents[3] / "shared" / "data"
MAPS: Final = Path(__file__).parents[2] / "deploy" / "local" / "maps"


class Replayer:
    """Replays the first rows of a real file, each time on a platform of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._n = 0

    def __call__(self, name: str, office: str, rows: int, seed: int = 1) -> Books:
        self._n += 1
        wish = Replay(read(DATA / f"{name}.csv", MAPS / f"{name}.yaml", rows), office, seed)
        return replay(wish, self._folder / str(self._n), print, lambda _: None)


@pytest.fixture
def replayed(tmp_path: Path) -> Replayer:
    return Replayer(tmp_path)
