"""The link checker finds what is dead and lets the rest be."""

from pathlib import Path

from deploy.local.links import dead_links


def test_dead_files_and_headings_are_named_and_living_ones_are_not(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "其他.md").write_text("# 办理 时限\n\n## Twice\n\n## Twice\n")
    (tmp_path / "README.md").write_text(
        "[ok](docs/其他.md) [ok](docs/其他.md#办理-时限) [ok](/docs/其他.md#twice-1) [ok](#top)\n"
        "[gone](docs/gone.md) [no heading](docs/其他.md#nothing) [web](https://example.org/x)\n"
        "`[code](x.md)`\n\n```\n[fenced](y.md)\n```\n\n# Top\n\n[ref]: docs/lost.md\n"
    )
    assert dead_links(tmp_path) == [
        "README.md: docs/gone.md: there is no such file",
        "README.md: docs/其他.md#nothing: there is no such heading",
        "README.md: docs/lost.md: there is no such file",
    ]


def test_hidden_folders_are_not_looked_into(tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "page.md").write_text("[gone](gone.md)")
    assert dead_links(tmp_path) == []
