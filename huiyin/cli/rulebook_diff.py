"""What differs between two rulebooks, key by key, in words, with who reads it."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from inspect import getdoc
from typing import Any, Final

from huiyin.chassis.rulebook import Rulebook, dump
from huiyin.chassis.rulebook.shape import keys
from huiyin.cli.rulebook_words import meaning

_UNITS: Final = {"minute": "分钟", "hour": "小时", "day": "天", "wd": "个工作日", "month": "个月"}
_TERM: Final = {"amount", "unit"}
_ABSENT: Final = object()


def changes(old: Rulebook, new: Rulebook) -> list[dict[str, Any]]:
    """One row a changed key: {key, old, new, read_by, about}; values as plain data, absent ones None."""
    read_by, about = keys(), _about()
    return [
        {
            "key": key,
            "old": None if before is _ABSENT else before,
            "new": None if after is _ABSENT else after,
            "change": "added" if before is _ABSENT else "removed" if after is _ABSENT else "changed",
            "read_by": list(_of(key, read_by, ())),
            "about": _of(key, about, ""),
        }
        for key, before, after in _changed("", dump(old), dump(new))
    ]


def in_words(row: Mapping[str, Any]) -> str:
    """A change as people read it: old → new."""
    key, old, new = row["key"], row["old"], row["new"]
    if row["change"] == "added":
        return f"新增 (added): {_words(key, new)}"
    if row["change"] == "removed":
        return f"删去 (removed): {_words(key, old)}"
    if isinstance(old, list) and isinstance(new, list):
        return _of_lists(key, old, new)
    return f"{_words(key, old)} → {_words(key, new)}"


def _of_lists(key: str, old: list[Any], new: list[Any]) -> str:
    """What came and what went; of a list that holds the same in another order, the new order."""
    came, went = [one for one in new if one not in old], [one for one in old if one not in new]
    told = [("新增 (added)", came), ("删去 (removed)", went)] if came or went else [("改为 (now)", new)]
    return "; ".join(f"{what}: {_words(key, ones)}" for what, ones in told if ones)


def _changed(key: str, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    old, new = _by_id(old), _by_id(new)
    if old == new:
        return
    if not (_has_keys(old) and _has_keys(new)):
        yield key, old, new
        return
    for name in [*old, *(name for name in new if name not in old)]:
        below = f"{key}.{name}".removeprefix(".")
        yield from _changed(below, old.get(name, _ABSENT), new.get(name, _ABSENT))


def _has_keys(value: Any) -> bool:
    return isinstance(value, Mapping) and value.keys() != _TERM


def _by_id(value: Any) -> Any:
    """A list of things with ids compares by id, so that one more does not change the others."""
    if isinstance(value, list) and value and all(isinstance(one, Mapping) and "id" in one for one in value):
        return {one["id"]: one for one in value}
    return value


def _of(key: str, known: Mapping[str, Any], otherwise: Any) -> Any:
    """What is known of a key, or of the nearest one above it."""
    parts = key.split(".")
    above = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((known[name] for name in above if name in known), otherwise)


def _about() -> dict[str, str]:
    sections = (f for f in fields(Rulebook) if isinstance(f.type, type) and is_dataclass(f.type))
    return {f.name: (getdoc(f.type) or "").splitlines()[0] for f in sections}


def _words(key: str, value: Any) -> str:
    if value is None:
        return "无 (none)"
    if isinstance(value, bool):
        return "是 (yes)" if value else "否 (no)"
    if isinstance(value, Mapping):
        if value.keys() == _TERM:
            return f"{value['amount']} {_UNITS[value['unit']]} ({value['amount']} {value['unit']})"
        named = "; ".join(f"{k}={_words(key, v)}" for k, v in value.items())
        return str(value["name"]) if "name" in value else named
    if isinstance(value, list):
        return ", ".join(_words(key, one) for one in value) or "无 (none)"
    return meaning(key, str(value))
