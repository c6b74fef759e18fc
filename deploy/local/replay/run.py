"""One replay from the start of a platform of its own to the books."""

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from deploy.local.platform import OFFICES
from deploy.local.quiet import Quiet
from deploy.local.replay.accounting import Books, count
from deploy.local.replay.hours import Hours
from deploy.local.replay.play import Play
from deploy.local.replay.reading import History
from deploy.local.replay.script import Script
from deploy.local.stack import Stack
from huiyin.chassis.calendar import load_calendar


@dataclass(frozen=True)
class Replay:
    """What is replayed, in which office, by which seed."""

    history: History
    office: str
    seed: int


@dataclass(frozen=True)
class Progress:
    """How far a replay is: for how many cases nobody has anything left to do, at what office time."""

    over: int
    now: datetime
    stops: int
    quiet_s: float


def replay(
    wish: Replay, folder: Path, tell: Callable[[str], None], show: Callable[[Progress], None]
) -> Books:
    """Play it in a folder, which is left as it stands then.

    Raises LocalStackError when the platform cannot start or does not come to rest, CannotReplay when
    cases do not reach the archive.
    """
    messages, calendar = wish.history.messages, load_calendar(OFFICES / "calendars")
    with Stack(folder) as stack:
        stack.clock.set(messages[0].received_at)
        stack.start(tell)
        desks = stack.desks[wish.office]
        hours = Hours(calendar, ZoneInfo(desks.folder.rulebook.office.timezone))
        with closing(Quiet(stack.addresses.mongo_url, stack.platform.counters)) as quiet:
            play = Play(desks, stack.clock, quiet, hours, Script(wish.seed))
            play.run(messages, lambda p: show(Progress(p.over, p.now, p.stops, quiet.seconds)))
        refused = Counter(wish.history.refused) + Counter(c.refused for c in play.courses if c.refused)
        return count(desks, calendar, play.courses, refused)
