"""Events of every type as Hypothesis makes them, and the envelope round them."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from huiyin.contracts.envelope import Envelope, dump
from huiyin.contracts.events import Event
from huiyin.contracts.hearers import ROUTES

Examples = st.SearchStrategy[Any]

_TIMES: Final = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    timezones=st.sampled_from((UTC, timezone(timedelta(hours=8)))),
)
_SIMPLE: Final[Mapping[Any, Callable[[], Examples]]] = {
    str: st.text,
    int: lambda: st.integers(-(2**31), 2**31),
    bool: st.booleans,
    date: st.dates,
    datetime: lambda: _TIMES,
    NoneType: st.none,
    dict[str, str]: lambda: st.dictionaries(st.text(), st.text(), max_size=3),
}


def of_type(hint: Any) -> Examples:
    """Values of a field's type."""
    if hint in _SIMPLE:
        return _SIMPLE[hint]()
    if get_origin(hint) is Literal:
        return st.sampled_from(get_args(hint))
    if get_origin(hint) in {Union, UnionType}:
        return st.one_of(*map(of_type, get_args(hint)))
    if get_origin(hint) is tuple:
        return st.lists(of_type(get_args(hint)[0]), max_size=3).map(tuple)
    assert is_dataclass(hint), f"no examples for {hint}"
    hints = get_type_hints(hint)
    return st.builds(hint, **{field.name: of_type(hints[field.name]) for field in fields(hint)})  # type: ignore[arg-type]


def events(name: str) -> st.SearchStrategy[Event]:
    """Events of one type."""
    return of_type(ROUTES[name].event)


def envelope(event: Event, **changed: Any) -> Envelope:
    """An envelope round an event."""
    given: dict[str, Any] = {
        "id": "6f9619ff8b86d011b42d00c04fc964ff",
        "source": ROUTES[event.type].sayers[0],
        "type": event.type,
        "subject": "SZ20260605D00001",
        "time": datetime(2026, 6, 5, 10, 0, tzinfo=timezone(timedelta(hours=8))),
        "office": "mayors-line",
        "sequence": 1,
        "correlationid": "c-1",
        "causationid": "c-0",
        "data": dump(event),
    }
    return Envelope(**(given | changed))
