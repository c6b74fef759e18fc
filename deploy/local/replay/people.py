"""What the complainants of a replay tell of themselves: made up from the seed, and seen to be so."""

from typing import Final

from deploy.local.replay.reading import Message
from deploy.local.replay.script import Script
from huiyin.chassis.rulebook import Rulebook
from huiyin.client.line import Json

_MADE_UP: Final[dict[str, str]] = {
    "name": "回放{}",
    "phone": "000-{}",
    "email": "replay-{}@complainant.example",
    "address": "回放街道（虚构）{}号",
    "work_unit": "回放单位（虚构）",
    "occupation": "回放职业（虚构）",
}


def filled_in(message: Message, script: Script, book: Rulebook) -> Json:
    """The message's form with what the office's rules ask and the file does not tell.

    Who gave no name gets none and no contact. A text longer than the office's form goes on in the
    form's second field.
    """
    party, matter = message.form["parties"][0], message.form["matters"][0]
    limit = book.intake.max_text
    rest = matter["text"][limit:]
    told = {**matter, "text": matter["text"][:limit], **({"wish": rest} if rest else {})}
    made_up = {} if message.anonymous else _identity(message, script, book)
    return {**message.form, "matters": [told], "parties": [{**made_up, **party}]}


def _identity(message: Message, script: Script, book: Rulebook) -> Json:
    if message.channel not in book.intake.channels:
        return {}  # the office will refuse it
    digits = script.digits(message.id)
    asked = book.required_fields(message.channel)
    return {name: _MADE_UP[name].format(digits) for name in asked if name in _MADE_UP}
