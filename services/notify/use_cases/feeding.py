"""Says into the departments' feeds what waits for them, and a marker a day.

A line is in the stream when it is confirmed, and then marked as told with its case. A crash in between
says it again under the same id. A stream that is missing closes its own feed until a person mends it;
a broker that is away is tried again later; in both cases the lines wait with their cases.
"""

import logging
import uuid
from collections.abc import Mapping
from typing import Final

from huiyin.chassis.draft import Draft, Record
from huiyin.chassis.mongo import STORE_AWAY, Doc
from huiyin.chassis.steps import Cause, machine
from huiyin.contracts.feeds import marker, written
from services.notify.domain import feed as rules
from services.notify.domain.correspondence import Correspondence
from services.notify.errors import FeedMissing, Unsent
from services.notify.store import feeds_waiting
from services.notify.use_cases.house import House

_log = logging.getLogger(__name__)

#: So many cases of one feed, then the next feed has its turn.
_BATCH: Final = 50


def tell_due(house: House) -> None:
    """One round through all open feeds."""
    if house.feed_broker is None:
        return
    rows = house.feeds.open()
    waiting = feeds_waiting(house.correspondences, [row["_id"] for row in rows]) if rows else set()
    today = house.base.machine_clock.now().date().isoformat()
    for row in rows:
        if (row["_id"] in waiting or row["marked_on"] != today) and not _served(house, row):
            return


def count_closed(house: House) -> None:
    """Show on the metrics page how many feeds wait for a person."""
    house.closed_feeds.set(house.feeds.count_closed())


def _served(house: House, row: Doc) -> bool:
    """One feed's turn; false when the broker is away, which no other feed would find otherwise."""
    try:
        _mark_day(house, row)
        _tell(house, row)
    except FeedMissing as missing:
        _log.error("%s: its lines wait; add the department again", missing, extra={"feed": row["feed"]})
        house.feeds.set_open(row["_id"], False)
    except Unsent as away:
        _log.warning("feeds wait: %s", away)
        return False
    except STORE_AWAY:
        raise
    except Exception:  # noqa: BLE001 - the other feeds must go on
        _log.exception("a feed could not be served", extra={"feed": row["feed"]})
    return True


def _mark_day(house: House, row: Doc) -> None:
    now = house.base.machine_clock.now()
    if row["marked_on"] != now.date().isoformat():
        line = marker(row["office"], row["feed"], now.date(), now)
        _say(house, row, {f"{row['feed']}:{now.date()}": line})
        house.feeds.mark(row["_id"], now.date())


def _tell(house: House, row: Doc) -> None:
    for found in house.correspondences.find({"feeds": row["_id"]}, limit=_BATCH):
        notices = rules.tellable(found.state, row["unit"])
        first = rules.last_number(found.state, row["unit"]) + 1
        numbers = {notice.id: n for n, notice in enumerate(notices, start=first)}
        lines = {
            notice.id: written(
                id=notice.id,
                office=found.office,
                type=notice.type,
                subject=found.key,
                time=notice.at,
                sequence=numbers[notice.id],
                data=notice.data,
            )
            for notice in notices
        }
        _say(house, row, lines)
        _keep(house, found, row["unit"], numbers)


def _say(house: House, row: Doc, lines: Mapping[str, bytes]) -> None:
    assert house.feed_broker is not None
    house.feed_broker.say(row["feed"], lines.items())


def _keep(house: House, found: Record[Correspondence], unit: str, numbers: Mapping[str, int]) -> None:
    """One save a case: the lines were told."""

    def decide(draft: Draft[Correspondence]) -> Draft[Correspondence]:
        who = machine("notify", draft.office)
        cause = Cause(id=uuid.uuid4().hex, kind="clock", who=who, correlation=draft.correlation)
        marked = rules.told(draft.state, numbers, unit)
        return draft.step((marked, []), cause=cause, what="feed.told", at=house.now())

    house.correspondences.follow(found, decide)
