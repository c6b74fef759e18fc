"""Notify's own lines in the books: the messages of each case."""

from collections.abc import Mapping, Sequence
from typing import Any

from huiyin.chassis.draft import Record
from services.notify.domain.correspondence import Correspondence


def facts(records: Sequence[Record[Correspondence]]) -> list[Mapping[str, Any]]:
    """The id and the state of every message, no words and no addressee."""
    return [
        {"messages": [{"id": message.id, "state": message.state} for message in record.state.messages]}
        for record in records
    ]
