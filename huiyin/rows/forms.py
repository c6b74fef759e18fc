"""A row as the platform's registration takes it: the body of `POST /cases`."""

from typing import Any, Final

from huiyin.rows.mapping import Field, Map
from huiyin.rows.row import Row

Json = dict[str, Any]

#: What every registration needs; the text may also come from the subject.
NEEDED: Final[tuple[Field, ...]] = ("channel", "kind", "category", "area")
_CASE: Final[tuple[Field, ...]] = ("channel", "language", "difficulty", "priority")
#: What the complainant stated and was told, where the office asks for it (S1-31).
_SAID: Final[tuple[Field, ...]] = ("truth_stated", "warned")
_MATTER: Final[tuple[Field, ...]] = ("kind", "category", "area", "place", "object", "wish")
_PARTY: Final[tuple[Field, ...]] = ("name", "phone", "email", "address", "work_unit", "occupation")


def check_map(by: Map, *more: Field) -> None:
    """WrongFile names the fields a registration needs and the mapping does not give."""
    text: tuple[Field, ...] = () if by.gives("subject") else ("text",)
    by.require(*NEEDED, *text, *more)


def registration(row: Row) -> Json:
    """The complaint in the row, with its original time where it has one."""
    received = row.moment("received_at")
    party = {"anonymous": row.is_true("anonymous"), **_given(row, _PARTY)}
    matter = {**_given(row, _MATTER), "text": words(row)}
    return {
        **_given(row, _CASE),
        **{name: True for name in _SAID if row.is_true(name)},
        **({"received_at": received.isoformat()} if received else {}),
        "matters": [{**matter, "classes": row.classes} if row.classes else matter],
        "parties": [party],
    }


def takeover(row: Row) -> Json:
    """The running case in the row, as it stands in the older system: the body of `POST /takeovers`."""
    deadline = row.day("deadline")
    handed = {"number": row.text("number"), "unit": row.text("unit"), "urged": row.count("urged")}
    due_on = {"due_on": deadline.isoformat()} if deadline else {}
    return {**registration(row), "taken_over": handed | due_on}


def words(row: Row) -> str:
    """What was said: the subject above the text, unless the text begins with it."""
    subject, text = row.text("subject"), row.text("text")
    return text if text.startswith(subject) else f"{subject}\n{text}".rstrip()


def lacking(row: Row, by: Map, *more: Field) -> tuple[str, ...]:
    """The fields a registration needs and this row leaves empty, as problems beside those it has."""
    if row.problems and not row.fields:
        return ()  # it could not be read at all
    empty = [by.called(name) for name in (*NEEDED, *more) if name not in row.fields]
    if not words(row):
        empty.append(by.called("text"))
    told = tuple(problem.partition("：")[0] for problem in row.problems)
    return tuple(f"{name}：不能为空 (must not be empty)" for name in empty if name not in told)


def _given(row: Row, names: tuple[Field, ...]) -> Json:
    return {name: row.text(name) for name in names if name in row.fields}
