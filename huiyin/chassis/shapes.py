"""Turns a service's state (frozen dataclasses) into a MongoDB document and back.

cattrs does the work; only what BSON does not know is said here: dates are kept as ISO text,
datetimes and sealed binaries pass as they are.
"""

from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar

from bson import Binary
from cattrs import Converter

S = TypeVar("S")


@cache
def _converter() -> Converter:
    converter = Converter(detailed_validation=False)  # our own documents: what broke is enough
    converter.register_unstructure_hook(datetime, lambda value: value)
    converter.register_structure_hook(datetime, lambda value, _: value)
    converter.register_unstructure_hook(date, lambda value: value.isoformat())
    converter.register_structure_hook(date, lambda value, _: date.fromisoformat(value))
    converter.register_unstructure_hook(Binary, lambda value: value)
    converter.register_structure_hook(Binary, lambda value, _: value)
    return converter


def to_document(state: Any) -> dict[str, Any]:
    """The BSON form of a state."""
    document: dict[str, Any] = _converter().unstructure(state)
    return document


def from_document(document: dict[str, Any], shape: type[S]) -> S:
    """The state of a BSON form."""
    return _converter().structure(document, shape)
