"""The rows of a CSV file as the mapping names them."""

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml


@dataclass(frozen=True, kw_only=True)
class Row:
    id: str
    received_at: datetime
    dated_only: bool
    subject: str
    text: str
    reply: str
    replied_at: datetime | None
    channel: str
    kind: str
    category: str
    area: str
    place: str
    anonymous: bool


def read(file: Path, map_file: Path, first: int | None) -> tuple[list[Row], Counter[str]]:
    mapping = yaml.safe_load(map_file.read_text(encoding="utf-8"))
    refused: Counter[str] = Counter()
    rows = []
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for n, raw in enumerate(csv.DictReader(lines)):
            if first is not None and n >= first:
                break
            row = _row(raw, mapping)
            if isinstance(row, str):
                refused[row] += 1
            else:
                rows.append(row)
    return rows, refused


def _row(raw: Mapping[str, str], mapping: Mapping[str, Any]) -> Row | str:
    columns, values, defaults = mapping["columns"], mapping.get("values", {}), mapping.get("defaults", {})
    zone = ZoneInfo(mapping.get("zone", "Asia/Shanghai"))
    found: dict[str, Any] = dict(defaults)
    for name, column in columns.items():
        word = raw[column].strip()
        if name in values:
            if word not in values[name]:
                return f"{name} {word}"
            found[name] = values[name][word]
        elif word:
            found[name] = word
    at = datetime.fromisoformat(found["received_at"])
    replied = found.get("replied_at")
    return Row(
        id=found["id"],
        received_at=at.replace(tzinfo=zone),
        dated_only=len(found["received_at"]) == 10,
        subject=found.get("subject", ""),
        text=found["text"],
        reply=found["reply"],
        replied_at=datetime.fromisoformat(replied).replace(tzinfo=zone) if replied else None,
        channel=found["channel"],
        kind=found["kind"],
        category=found["category"],
        area=found["area"],
        place=found.get("place", ""),
        anonymous=bool(found.get("anonymous", False)),
    )
