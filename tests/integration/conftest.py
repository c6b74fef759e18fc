"""What the tests of one service alone share."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from deploy.local.platform import OFFICES
from huiyin.chassis.rulebook import OfficeFolder, living, load_offices


@pytest.fixture(scope="session", autouse=True)
def shipped_offices_are_read_once() -> Iterator[None]:
    """Each test plays processes of its own, and reading five rulebooks costs a third of a second."""
    shipped = cache(load_offices)

    def read(path: Path) -> dict[str, OfficeFolder]:
        return dict(shipped(path)) if path == OFFICES else load_offices(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(living, "load_offices", read)
        yield
