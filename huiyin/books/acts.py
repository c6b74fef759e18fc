"""A client's own list of what it was answered, as `Line(ledger=…)` writes it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from huiyin.chassis.steps import key_id
from huiyin.contracts.services import Service

#: What is answered without a step: a contact that was opened has an audit row instead.
_NO_STEP: Final = ("/contact",)
_NO_CASE: Final = ("/waiting/",)


@dataclass(frozen=True, slots=True)
class Act:
    """One request that was answered 2xx; `cause` is the id its step must carry."""

    number: str
    service: Service
    path: str
    cause: str

    @property
    def leaves_step(self) -> bool:
        """Whether a step of the case must show it."""
        return not self.path.endswith(_NO_STEP)


class NotALedger(ValueError):
    """A line of the file is no answered request; the message names the line."""


def read_acts(file: Path) -> Iterator[Act]:
    """The acts of a client's ledger; NotALedger names the line that is none."""
    with file.open(encoding="utf-8") as lines:
        for n, line in enumerate(lines, start=1):
            try:
                told = json.loads(line)
                if told["number"] and not told["path"].startswith(_NO_CASE):
                    yield _act(told)
            except (ValueError, KeyError, TypeError, AttributeError) as wrong:
                raise NotALedger(f"{file}:{n}: {wrong!r}") from wrong


def _act(told: dict[str, Any]) -> Act:
    cause = key_id(told["office"], told["caller"], told["key"])
    return Act(told["number"], told["service"], told["path"], cause)
