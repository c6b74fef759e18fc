"""The tide: a relay's word that all its service said until a moment lies in the queues.

Supervision fires a clock only when dispatch's tide has passed the limit, so a reply that was
in time is heard before anybody is urged for it, whatever stood still meanwhile. A tide is no
event: it belongs to no case, is not journaled and may be lost.
"""

import json
from datetime import datetime, timedelta
from typing import Final

from huiyin.contracts.services import Service

TIDE: Final = "relay.tide"

#: A request that read the office clock may still be saving; the tide stays this far behind.
TIDE_MARGIN: Final = timedelta(seconds=5)

#: Whose tide is awaited by whom.
TIDES: Final[dict[Service, tuple[Service, ...]]] = {"dispatch": ("supervision",)}


def hears_tide_of(hearer: Service, sayer: Service) -> bool:
    """Whether the hearer waits for the sayer's tide."""
    return hearer in TIDES.get(sayer, ())


def dump_tide(sayer: Service, until: datetime) -> bytes:
    """The wire form: everything the sayer said before `until` (office time) is published."""
    return json.dumps({"source": sayer, "until": until.isoformat()}).encode()


def parse_tide(raw: bytes) -> tuple[str, datetime]:
    """Sayer and moment; ValueError when the bytes are no tide."""
    try:
        body = json.loads(raw)
        source, until = str(body["source"]), datetime.fromisoformat(body["until"])
    except (KeyError, TypeError, RecursionError) as wrong:
        raise ValueError(f"not a tide: {wrong}") from wrong
    if until.tzinfo is None:
        raise ValueError("not a tide: its moment must tell its time zone")
    return source, until
