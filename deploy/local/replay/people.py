"""Who the complainants of a replay are: made up from the seed, and seen at a glance to be so."""

from typing import Final

from deploy.local.replay.reading import Row
from deploy.local.replay.script import Script
from huiyin.chassis.rulebook import Rulebook
from huiyin.client.line import Json

_MADE_UP: Final[dict[str, str]] = {
    "name": "回放{}",
    "phone": "000-{}",
    "email": "replay-{}@complainant.example",
    "address": "回放街道（虚构）{}号",
    "work_unit": "回放单位（虚构）",
    "occupation": "未提供",
}


def party(row: Row, script: Script, book: Rulebook) -> Json:
    """What the office's rules want to know of a complainant, or nothing of one without a name."""
    if row.anonymous:
        return {"anonymous": True}
    digits = script.digits(row.id, 8)
    wanted = book.required_fields(row.channel) if row.channel in book.intake.channels else ()
    return {name: _MADE_UP[name].format(digits) for name in wanted if name in _MADE_UP}
