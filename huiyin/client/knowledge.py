"""Writes the entries of a YAML file into an office's knowledge base; what is there already stays."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml

from huiyin.client.line import Person, Refused

Done = Literal["written", "there", "refused"]


class NotEntries(ValueError):
    """The file holds no list of entries; the message says what is wrong."""


@dataclass(frozen=True)
class Written:
    """What became of one entry; `why` says why it was refused."""

    entry: str
    done: Done
    why: str = ""


def read_entries(file: Path) -> list[dict[str, Any]]:
    """The entries as they are sent: {entry, owner, wording}."""
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as broken:
        raise NotEntries(f"{file.name}: 不是 YAML (not YAML): {broken}") from broken
    if not isinstance(content, list) or not all(isinstance(one, dict) for one in content):
        raise NotEntries(f"{file.name}: 应为条目的列表 (must be a list of entries)")
    return [_sent(one) for one in content]


def write_entries(keeper: Person, entries: list[dict[str, Any]]) -> Iterator[Written]:
    """Write them one by one; one that is refused does not keep the others out."""
    for entry in entries:
        name = str(entry.get("entry", "?"))
        try:
            keeper.post("intake", "/knowledge", entry)
        except Refused as refused:
            there = refused.code == "already-an-entry"
            yield Written(name, "there" if there else "refused", "" if there else _why(refused))
        else:
            yield Written(name, "written")


def _why(refused: Refused) -> str:
    errors = refused.errors if isinstance(refused.errors, dict) else {}
    return "；".join([refused.detail, *(f"{field}: {wrong}" for field, wrong in errors.items())])


def _sent(value: Any) -> Any:
    """YAML reads days as dates; JSON has none."""
    if isinstance(value, dict):
        return {name: _sent(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_sent(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
