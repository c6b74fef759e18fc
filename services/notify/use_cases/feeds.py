"""Which departments have a feed: added, opened when its stream is there, given a new password, removed."""

from collections.abc import Mapping
from typing import Any

from huiyin.chassis.mongo import Doc
from huiyin.chassis.steps import Actor
from huiyin.contracts.feeds import feed_name
from services.notify.errors import NoFeeds, NoSuchFeed, NoSuchUnit
from services.notify.use_cases.house import House


def add(house: House, unit: str, who: Actor) -> Mapping[str, Any]:
    """From now on what happens to the unit's orders is noted for its feed; again changes nothing."""
    if house.feed_broker is None:
        raise NoFeeds("本平台没有设置科室订阅（notify 的 HUIYIN_FEEDS_URL）。")
    folder = house.base.rulebooks.office(who.office)
    if unit not in folder.units or folder.units[unit].successor:
        raise NoSuchUnit(f"通讯录里没有单位 {unit}，或该单位已并入其他单位。")
    row = house.feeds.add(who.office, unit, _name(house, who.office, unit), house.base.machine_clock.now())
    _record(house, "feed.added", who, row)
    return summary(row)


def set_open(house: House, unit: str, who: Actor) -> Mapping[str, Any]:
    """The stream is there: what waits is said."""
    row = _row(house, unit, who)
    _record(house, "feed.opened", who, row)
    house.feeds.set_open(row["_id"], True)
    return summary({**row, "open": True})


def rotate(house: House, unit: str, who: Actor) -> Mapping[str, Any]:
    """The department's user is about to get a new password; that is the broker's, here is who gave it."""
    row = _row(house, unit, who)
    _record(house, "feed.rotated", who, row)
    return summary(row)


def remove(house: House, unit: str, who: Actor) -> Mapping[str, Any]:
    """Nothing more is noted or said for the unit."""
    row = _row(house, unit, who)
    _record(house, "feed.removed", who, row)
    house.feeds.remove(row["_id"])
    return summary({**row, "open": False})


def all_of(house: House, office: str) -> list[Mapping[str, Any]]:
    """The office's feeds, and in how many cases something waits for each."""
    waiting = house.correspondences.collection.count_documents
    rows = house.feeds.of_office(office)
    return [{**summary(row), "waiting": waiting({"feeds": row["_id"]})} for row in rows]


def summary(row: Doc) -> dict[str, Any]:
    """A feed as its administrators see it."""
    return {
        "unit": row["unit"],
        "feed": row["feed"],
        "since": row["since"].isoformat(),
        "open": row["open"],
        "marked_on": row["marked_on"],
    }


def _row(house: House, unit: str, who: Actor) -> Doc:
    row = house.feeds.find(who.office, unit)
    if row is None:
        raise NoSuchFeed(f"单位 {unit} 没有订阅。")
    return row


def _name(house: House, office: str, unit: str) -> str:
    books = house.base.rulebooks
    return feed_name(office, unit, [name for name in books.offices() if unit in books.office(name).units])


def _record(house: House, what: str, who: Actor, row: Doc) -> None:
    detail = {"unit": row["unit"], "feed": row["feed"]}
    house.base.audit.record(what, who, "", house.now(), detail)
