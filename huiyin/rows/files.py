"""Opens a file of rows by its name."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from huiyin.rows.csv_table import open_csv
from huiyin.rows.table import Table, WrongFile
from huiyin.rows.xlsx_table import open_xlsx

_OPENERS: Final[dict[str, Callable[[Path], AbstractContextManager[Table]]]] = {
    ".csv": open_csv,
    ".xlsx": open_xlsx,
}


def open_table(path: Path) -> AbstractContextManager[Table]:
    """The file's table; WrongFile when it cannot be opened or holds none."""
    opener = _OPENERS.get(path.suffix.lower())
    if opener is None:
        raise WrongFile(f"{path.name}：只能读 .csv 和 .xlsx，请另存为其中一种 (save it as .csv or .xlsx)")
    return opener(path)
