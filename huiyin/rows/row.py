"""One row by the mapping: its fields, typed, and what is wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from huiyin.rows.mapping import CLASS, Field, Map
from huiyin.rows.table import Cell, Line, Table
from huiyin.rows.values import Value


@dataclass(frozen=True)
class Row:
    """A row of the file; `problems` say why it cannot be used, each with its column."""

    line: int
    cells: tuple[Cell, ...]
    fields: Mapping[str, Value]
    problems: tuple[str, ...] = ()

    def text(self, name: Field) -> str:
        """A field's text, or nothing."""
        return str(self.fields.get(name, ""))

    def moment(self, name: Field) -> datetime | None:
        """A field's time, aware."""
        found = self.fields.get(name)
        return found if isinstance(found, datetime) else None

    def day(self, name: Field) -> date | None:
        """A field's date."""
        found = self.fields.get(name)
        return found if isinstance(found, date) else None

    def is_true(self, name: Field) -> bool:
        """Whether the field says yes."""
        return self.fields.get(name) is True

    def count(self, name: Field) -> int:
        """A field's number, 0 when there is none."""
        found = self.fields.get(name, 0)
        return found if isinstance(found, int) else 0

    @property
    def classes(self) -> dict[str, str]:
        """The class by each scheme of the office that the row names."""
        named = (name for name in self.fields if name.startswith(CLASS))
        return {name.removeprefix(CLASS): str(self.fields[name]) for name in named}


def read_rows(table: Table, by: Map) -> Iterator[Row]:
    """Every row of the table in its order; WrongFile first, when the mapping and the file differ."""
    by.check(table.header)
    places = {name: table.header.index(column) for name, column in by.columns.items()}
    return (_row(line, places, by) for line in table.lines)


def _row(line: Line, places: Mapping[str, int], by: Map) -> Row:
    if line.why:
        return Row(line.number, line.cells, {}, (line.why,))
    fields: dict[str, Value] = dict(by.defaults)
    problems = []
    for name, place in places.items():
        try:
            value = by.value(name, line.cells[place])
        except ValueError as unfit:
            problems.append(f"{by.called(name)}：{unfit}")
        else:
            fields |= {} if value is None else {name: value}
    return Row(line.number, line.cells, fields, tuple(problems))
