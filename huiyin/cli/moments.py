"""Times as people type them: ISO 8601; without a zone they are Shanghai's."""

import re
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
_MIDNIGHT: Final = re.compile(r"([T ])24:00(?=(:00)?(\.0+)?([Zz+-]|$))")


def moment_of(text: str) -> datetime:
    """The instant a text names; 24:00 is the next day's midnight. ValueError when it is none."""
    plain = text.strip()
    first = _MIDNIGHT.sub(r"\g<1>00:00", plain)
    moment = datetime.fromisoformat(first)
    if first != plain:
        moment += timedelta(days=1)
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
