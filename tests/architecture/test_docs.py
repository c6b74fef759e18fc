"""The pages that are made from code say what the code says."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.local import docs
from huiyin.cli import reference
from huiyin.cli.main import app

ROOT = Path(__file__).parents[2]


def test_no_page_made_from_code_is_stale() -> None:
    assert docs.stale(ROOT) == [], "run python -m deploy.local.docs"


def test_the_command_reference_says_what_the_commands_say() -> None:
    assert reference.main(["--check"]) == 0, "run python -m huiyin.cli.reference"


def test_every_command_has_an_example() -> None:
    shown = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert [words for words, _ in reference.commands() if f"$ huiyin {words}" not in shown] == []


#: Commands whose examples need no platform, so that their output can be compared.
OFFLINE = ("deadline", "calendar show")


def offline_examples() -> Iterator[tuple[str, str]]:
    """The command lines of docs/cli.md that run anywhere, each with the output shown."""
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    for block in re.findall(r"```console\n(.*?)```", page, re.DOTALL):
        for example in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, _, output = example.partition("\n")
            if line.partition("huiyin ")[2].startswith(OFFLINE):
                yield line, output


@pytest.mark.parametrize(("line", "output"), list(offline_examples()))
def test_an_example_answers_as_the_page_shows(
    line: str, output: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    typed, _, command = line.rpartition("| huiyin ")
    words = shlex.split(command if typed else line.removeprefix("huiyin "))
    given = "".join(f"{start}\n" for start in shlex.split(typed)[2:]) if typed else ""  # printf '%s\n' …
    told = CliRunner().invoke(app, words, input=given)
    assert [row.rstrip() for row in told.output.splitlines()] == [row.rstrip() for row in output.splitlines()]


#: Where code names a row of the audit; of an f-string, what stands before its first value.
ROW = re.compile(r'(?:audited|record|_record|_audit)\((?:house, )?f?"([a-z]+[a-z.]*)')


def test_the_page_names_every_row_of_the_audit() -> None:
    sources = (
        path.read_text("utf-8") for top in ("huiyin", "services") for path in (ROOT / top).rglob("*.py")
    )
    rows = {name for source in sources for name in ROW.findall(source)}
    page = (ROOT / "docs/audit.md").read_text("utf-8")
    assert {"draft.opened", "feed.rotated", "refused", "misuse."} <= rows
    assert [name for name in sorted(rows) if f"`{name}" not in page] == []


def test_a_changed_or_missing_page_is_stale(tmp_path: Path) -> None:
    assert docs.stale(tmp_path) == [docs.PAGE, docs.PERMISSIONS]
    docs.write(tmp_path)
    assert docs.stale(tmp_path) == []
    (tmp_path / docs.PAGE).write_text("other words")
    assert docs.stale(tmp_path) == [docs.PAGE]
