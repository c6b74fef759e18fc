"""Reads a kept version of a rulebook by today's shape, which may have keys that it was kept without."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any, Final

from huiyin.chassis.rulebook.load import dump, restore
from huiyin.chassis.rulebook.schema import schema_of
from huiyin.chassis.rulebook.shape import Rulebook

Path = tuple[str, ...]

_MISSING: Final = "Missing data for required field."
_UNKNOWN: Final = "Unknown field."


def carried_over(content: Mapping[str, Any], content_hash: str, today: Mapping[str, Rulebook]) -> Rulebook:
    """A kept version as its cases go on by it (E-122): known by the hash it was kept under.

    What was a rule then stays as it was. A key that came with newer software says what the office's
    rulebook says today; one that newer software does not know is left out. WrongSetting names what
    cannot be read all the same.
    """
    kept = deepcopy(dict(content))
    now = today.get(str(kept.get("office", {}).get("id")))
    for path, words in list(_told((), schema_of(Rulebook).validate(kept))):
        if _UNKNOWN in words:
            _at(kept, path[:-1]).pop(path[-1], None)
        elif _MISSING in words and now is not None:
            _fill(kept, dump(now), path)
    return replace(restore(kept, f"kept rulebook {content_hash[:12]}"), hash=content_hash)


def _fill(kept: dict[str, Any], today: Mapping[str, Any], path: Path) -> None:
    """What today's rulebook says there, if it says anything; what is added today adds nothing to then."""
    said = _at(today, path[:-1])
    if path[-1] in said:
        _at(kept, path[:-1])[path[-1]] = deepcopy(said[path[-1]])


def _at(content: Any, path: Path) -> Any:
    for name in path:
        content = content.get(name, {}) if isinstance(content, Mapping) else {}
    return content


def _told(path: Path, messages: Any) -> Iterator[tuple[Path, list[str]]]:
    """Marshmallow's messages by path; "value" stands between a mapping's key and its content."""
    if isinstance(messages, Mapping):
        for key, below in messages.items():
            yield from _told(path if key == "value" else (*path, str(key)), below)
    else:
        yield path, messages
