"""The pages that are made from code say what the code says."""

from pathlib import Path

from deploy.local import docs

ROOT = Path(__file__).parents[2]


def test_no_page_made_from_code_is_stale() -> None:
    assert docs.stale(ROOT) == [], "run python -m deploy.local.docs"


def test_a_changed_or_missing_page_is_stale(tmp_path: Path) -> None:
    assert docs.stale(tmp_path) == [docs.PAGE]
    docs.write(tmp_path)
    assert docs.stale(tmp_path) == []
    (tmp_path / docs.PAGE).write_text("other words")
    assert docs.stale(tmp_path) == [docs.PAGE]
