"""The command as a test runs it: in this process, without servers."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from deploy.local.platform import OFFICES
from huiyin.cli.main import app

Huiyin = Callable[..., Result]


@pytest.fixture
def huiyin(monkeypatch: pytest.MonkeyPatch) -> Huiyin:
    """Runs `huiyin …`; `typed` is its standard input."""
    for name in ("HUIYIN_TOKEN", "HUIYIN_SERVICES", "HUIYIN_OFFICE", "HUIYIN_LOCAL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HUIYIN_OFFICES_DIR", str(OFFICES))
    return lambda *words, typed="": CliRunner().invoke(app, [str(word) for word in words], input=typed)


@pytest.fixture
def own_offices(tmp_path: Path) -> Path:
    """A copy of the offices' folder that a test may change."""
    return Path(shutil.copytree(OFFICES, tmp_path / "offices"))
