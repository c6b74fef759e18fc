"""The messages of a file, by its mapping: when they came, what was said, what was replied and when."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from deploy.local.replay.errors import CannotReplay
from huiyin.chassis.errors import WrongSetting
from huiyin.client.line import Json
from huiyin.rows import Map, Row, WrongFile, load_map, open_table, read_rows
from huiyin.rows.forms import check_map, lacking, registration

_MIDNIGHT = time()


@dataclass(frozen=True)
class Message:
    """One row: the complaint as a registration takes it, and what became of it in real life.

    `dated` tells that the file knows the day only.
    """

    id: str
    form: Json = field(repr=False)
    received_at: datetime
    dated: bool
    reply: str = field(repr=False)
    replied_at: datetime | None

    @property
    def channel(self) -> str:
        """How it came, in the rulebook's words."""
        return str(self.form["channel"])

    @property
    def anonymous(self) -> bool:
        """Whether nobody gave a name."""
        return bool(self.form["parties"][0]["anonymous"])


@dataclass(frozen=True)
class History:
    """What a file holds: messages in the order in which they came, and rows refused, by reason."""

    messages: tuple[Message, ...]
    refused: Mapping[str, int]
    zone: ZoneInfo


def read(file: Path, map_file: Path, first: int | None = None) -> History:
    """The first rows of a file, or all; CannotReplay when file and mapping do not fit."""
    try:
        by = load_map(map_file)
        check_map(by, "id", "received_at")
        with open_table(file) as table:
            rows = list(islice(read_rows(table, by), first))
    except (WrongSetting, WrongFile, OSError) as wrong:
        raise CannotReplay(str(wrong)) from wrong
    return _history(rows, by)


def _history(rows: list[Row], by: Map) -> History:
    messages: dict[str, Message] = {}
    refused: Counter[str] = Counter()
    for row in rows:
        if why := _refusal(row, by, messages):
            refused[why] += 1
        else:
            messages[row.text("id")] = _message(row, by.zone)
    if not messages:
        raise CannotReplay(f"没有一行可用：{dict(refused)} (no row can be used)")
    in_order = sorted(messages.values(), key=lambda message: (message.received_at, message.id))
    return History(tuple(in_order), refused, by.zone)


def _refusal(row: Row, by: Map, known: Mapping[str, Message]) -> str:
    """Why the row cannot be replayed, if so."""
    problems = [*row.problems, *lacking(row, by, "id", "received_at")]
    if problems:
        return "；".join(problems)
    received, replied = row.moment("received_at"), row.moment("replied_at")
    if received and replied and replied <= received:
        return "答复早于来件 (replied before it came)"
    return "编号重复 (the id stands twice)" if row.text("id") in known else ""


def _message(row: Row, zone: ZoneInfo) -> Message:
    received = row.moment("received_at")
    assert received is not None, "it was asked for"
    return Message(
        id=row.text("id"),
        form=registration(row),
        received_at=received,
        dated=received.astimezone(zone).time() == _MIDNIGHT,
        reply=row.text("reply"),
        replied_at=row.moment("replied_at"),
    )
