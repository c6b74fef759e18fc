"""The mapping: which column holds which field, and which of the file's words means which id."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, get_args
from zoneinfo import ZoneInfo

from huiyin.chassis.rulebook.schema import read, wrong
from huiyin.chassis.yamlfile import label, read_yaml
from huiyin.rows.table import Cell, WrongFile
from huiyin.rows.values import READERS, Value, text

Field = Literal[
    "id",
    "received_at",
    "channel",
    "kind",
    "category",
    "area",
    "place",
    "object",
    "subject",
    "text",
    "wish",
    "priority",
    "difficulty",
    "language",
    "truth_stated",
    "warned",
    "anonymous",
    "name",
    "phone",
    "email",
    "address",
    "work_unit",
    "occupation",
    "reply",
    "replied_at",
    "number",
    "unit",
    "deadline",
    "urged",
]
FIELDS: Final[tuple[Field, ...]] = get_args(Field)
#: Begins the name of a field that holds the class by one of the office's own schemes (X-19).
CLASS: Final = "classes."
_NO_FIELD: Final = "没有这个字段，见 docs/importing.md (no such field)"


@dataclass(frozen=True)
class _Written:
    """A mapping as YAML has it."""

    columns: dict[str, str]
    values: dict[str, dict[Any, Any]] = field(default_factory=dict)
    defaults: dict[str, Any] = field(default_factory=dict)
    zone: str = "Asia/Shanghai"
    source: str = ""


@dataclass(frozen=True)
class Map:
    """A mapping that was checked; `defaults` stand where the column is missing or the cell empty.

    A field is one of `FIELDS`, or `classes.<scheme>` for a scheme of the office.
    `source` names the system the ids are from, where files of several are taken in.
    """

    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    defaults: Mapping[str, Value]
    zone: ZoneInfo
    source: str
    where: str

    def gives(self, name: str) -> bool:
        """Whether a column or a default gives the field."""
        return name in self.columns or name in self.defaults

    def called(self, name: str) -> str:
        """How people know the field: by its column, where it has one."""
        return self.columns.get(name, name)

    def check(self, header: Iterable[str]) -> None:
        """WrongFile names the columns that the mapping speaks of and the file has not."""
        has = tuple(header)
        gone = [f"{name} → “{column}”" for name, column in self.columns.items() if column not in has]
        if gone:
            raise WrongFile(
                f"{self.where}: columns: 文件里没有这些列：{'；'.join(gone)}。"
                f"文件的列：{'、'.join(name for name in has if name)} (the file has no such column)"
            )

    def require(self, *fields: Field) -> None:
        """WrongFile names the fields that neither a column nor a default gives."""
        gone = [name for name in fields if not self.gives(name)]
        if gone:
            raise WrongFile(
                f"{self.where}: 须在 columns 或 defaults 中给出：{'、'.join(gone)}"
                " (give these fields a column or a default)"
            )

    def value(self, name: str, cell: Cell) -> Value | None:
        """What a cell says of a field, None for nothing; ValueError says why it cannot be used."""
        cell = cell.strip() if isinstance(cell, str) else cell
        words = self.values.get(name)
        if words is not None and str(cell) in words:
            cell = words[str(cell)]
        elif cell == "":
            return self.defaults.get(name)
        elif words is not None:
            raise ValueError(f"映射文件的 values.{name} 里没有“{cell}” (not in the mapping)")
        return READERS.get(name, text)(cell, self.zone)


def load_map(path: Path) -> Map:
    """The mapping in the file; WrongSetting names the file and each wrong key."""
    where = label(path)
    written = read(_Written, read_yaml(path), where)
    problems = dict(_problems(written))
    if problems:
        raise wrong(where, problems)
    zone = ZoneInfo(written.zone)
    return Map(
        columns=written.columns,
        values={name: {_word(k): _word(v) for k, v in m.items()} for name, m in written.values.items()},
        defaults={name: _default(name, value, zone) for name, value in written.defaults.items()},
        zone=zone,
        source=written.source,
        where=where,
    )


def _problems(written: _Written) -> Iterator[tuple[str, str]]:
    for key in ("columns", "values", "defaults"):
        yield from ((f"{key}.{name}", _NO_FIELD) for name in getattr(written, key) if not _is_field(name))
    yield from _zone_problems(written.zone)
    for name, words in written.values.items():
        if name not in written.columns:
            yield f"values.{name}", "columns 里没有这个字段 (not among columns)"
        for word, meant in words.items():
            if isinstance(word, bool) or not isinstance(word, str | int):
                yield f"values.{name}.{word}", "请加引号 (write the word in quotation marks)"
            elif not isinstance(meant, str | int):
                yield f"values.{name}.{word}", "须是一个词 (must be one word)"
    if not any(problem for problem in _zone_problems(written.zone)):
        yield from _default_problems(written)


def _is_field(name: str) -> bool:
    return name in FIELDS or (name.startswith(CLASS) and name != CLASS)


def _zone_problems(zone: str) -> Iterator[tuple[str, str]]:
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        yield "zone", f"没有时区 {zone} (no such time zone; write Asia/Shanghai)"


def _default_problems(written: _Written) -> Iterator[tuple[str, str]]:
    for name, value in written.defaults.items():
        try:
            _default(name, value, ZoneInfo(written.zone))
        except (ValueError, TypeError) as unfit:
            yield f"defaults.{name}", str(unfit)


def _default(name: str, value: Any, zone: ZoneInfo) -> Value:
    if not isinstance(value, str | int) or value == "":
        raise ValueError("须是一个词 (must be one word)")
    return READERS.get(name, text)(_word(value), zone)


def _word(value: str | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
