"""Times as people type them: ISO 8601; without a zone they are Shanghai's."""

import re
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from huiyin.cli.ends import WRONG_USE, fail

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


def given(text: str) -> datetime:
    """The instant that an option names, or the end of the command."""
    try:
        return moment_of(text)
    except ValueError:
        fail(f"{text} 不是时间；写作 2024-09-30 或 2024-09-30T16:00 (not a time)", WRONG_USE)


def shown(moment: str | None) -> str:
    """A service's time as a reader in Shanghai sees it, to the minute."""
    return f"{datetime.fromisoformat(moment).astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if moment else ""
