"""Departments' feeds on a real broker: what a department reads, what it is refused, what expires."""

import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pika
import pytest
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError
from pymongo.database import Database

from deploy.local.servers import Servers
from huiyin.chassis.digest import Delivery
from huiyin.chassis.ear import Batch
from huiyin.chassis.trust import NO_CA
from huiyin.cli.departments.broker import _STREAM, Broker
from huiyin.contracts import events as e
from huiyin.contracts.feeds import SEGMENT_BYTES, VHOST, feed_name, marker
from services.notify.use_cases import feeding
from tests.integration.department import connect, connected, read, refusal
from tests.integration.notify_stand import CONCLUDED, NOON, NUMBER, Stand, registered, standing

UNIT, OTHER = "zhonggu", "police"
PASSWORD = "the department's own"
SAYER = "notify-feeds-of-tests"
DUE = date(2026, 6, 26)


@pytest.fixture(scope="module")
def broker(servers: Servers) -> Iterator[Broker]:
    """The broker's administrator; the sayer is a user that may do nothing but put lines in."""
    api = servers.addresses.amqp_api_url or ""
    httpx.put(f"{api}/users/{SAYER}", json={"password": SAYER, "tags": ""}, verify=NO_CA).raise_for_status()
    opened = Broker(api)
    yield opened
    for unit in (UNIT, OTHER):
        opened.remove(f"feed.{unit}")
    httpx.delete(f"{api}/users/{SAYER}").raise_for_status()
    opened.close()


@pytest.fixture
def feeds(broker: Broker) -> list[str]:
    """Two departments with their streams, empty."""
    names = [f"feed.{unit}" for unit in (UNIT, OTHER)]
    for name in names:
        broker.remove(name)
        broker.ensure_stream(name, SAYER)
        broker.ensure_user(name, PASSWORD)
    return names


@pytest.fixture
def broker_url(servers: Servers) -> str:
    return servers.addresses.amqp_url


@pytest.fixture
def stand(
    tmp_path: Path, database: Database[dict[str, Any]], mongo_url: str, broker_url: str, feeds: list[str]
) -> Iterator[Stand]:
    """Notify, connected as its own user, with two departments."""
    host = urlsplit(broker_url).netloc.rpartition("@")[2]
    feeds_url = f"amqp://{SAYER}:{SAYER}@{host}/{VHOST}"
    with standing(tmp_path, (mongo_url, database.name), feeds_url=feeds_url) as stand:
        for unit in (UNIT, OTHER):
            subscribe(stand, unit)
        yield stand


def subscribe(stand: Stand, unit: str) -> None:
    assert stand.post("/feeds", {"unit": unit}, role="admin").status_code == 200
    assert stand.post(f"/feeds/{unit}/opening", {}, role="admin").status_code == 200


def dispatched(order: str = "m1-1", unit: str = UNIT) -> e.OrderDispatched:
    return e.OrderDispatched(
        order=order,
        matter="m1",
        unit=unit,
        role="lead",
        round=1,
        ground="by_territory",
        entry="x",
        dispatched_at=NOON,
    )


def deadline(order: str = "m1-1", unit: str = UNIT, due_on: date = DUE) -> e.DeadlineSet:
    return e.DeadlineSet(
        clock=order, order=order, due_on=due_on, due_at=NOON, provisional=False, reason="started", unit=unit
    )


def lines(url: str, unit: str = UNIT, offset: str | int = "first") -> list[tuple[int, Any]]:
    with connected(url, f"feed.{unit}", PASSWORD) as connection:
        return read(connection, f"feed.{unit}", offset)


def told(url: str, unit: str = UNIT) -> list[tuple[str, int]]:
    """Type and number of all lines but the markers."""
    found = (line for _, line in lines(url, unit))
    return [(line["type"], line["sequence"]) for line in found if line["type"] != "feed.marker"]


def hear_a_case(stand: Stand, number: str = NUMBER, unit: str = UNIT) -> None:
    stand.hear(registered(stand.house.base), number=number)
    stand.hear(dispatched(unit=unit), source="dispatch", number=number)
    stand.hear(deadline(unit=unit), source="supervision", number=number)


# -- what a department reads -------------------------------------------------------------------


def test_a_department_reads_its_orders_and_goes_on_where_it_left(stand: Stand, broker_url: str) -> None:
    hear_a_case(stand)
    feeding.tell_due(stand.house)
    first = lines(broker_url)
    assert [line["type"] for _, line in first] == ["feed.marker", "order.given", "deadline.set"]
    given = first[1][1]
    assert given["subject"] == NUMBER
    assert (given["source"], given["sequence"]) == ("/huiyin/mayors-line", 1)
    matter = {"id": "m1", "kind": "complaint", "category": "municipal/road", "area": "990101", "place": ""}
    assert given["data"] == {
        "order": "m1-1",
        "matter": matter,
        "role": "lead",
        "round": 1,
        "dispatched_at": NOON.isoformat(),
    }
    stand.hear(CONCLUDED)
    feeding.tell_due(stand.house)
    feeding.tell_due(stand.house)
    later = lines(broker_url, offset=first[-1][0] + 1)
    assert [(line["type"], line["sequence"]) for _, line in later] == [("case.concluded", 3)]
    assert [line["type"] for _, line in lines(broker_url, OTHER)] == ["feed.marker"]


def test_a_department_reads_that_it_is_urged_overdue_and_has_the_order_no_more(
    stand: Stand, broker_url: str
) -> None:
    hear_a_case(stand)
    slip: dict[str, Any] = {"order": "m1-1", "unit": UNIT, "ordinal": 1, "due_on": DUE}
    urged = e.OrderUrged(slip="slip-1", urged_at=NOON + timedelta(hours=1), **slip)
    overdue = e.SupervisionIssued(
        slip="slip-2", overdue_since=NOON.date(), issued_at=NOON + timedelta(hours=2), **slip
    )
    recalled = e.OrderRecalled(order="m1-1", unit=UNIT, recalled_at=NOON + timedelta(hours=3))
    for event, source, hours in (
        (urged, "supervision", 1),
        (overdue, "supervision", 2),
        (recalled, "dispatch", 3),
    ):
        stand.hear(event, source=source, at=NOON + timedelta(hours=hours))
        feeding.tell_due(stand.house)
    found = {line["type"]: line["data"] for _, line in lines(broker_url)}
    assert list(found)[3:] == ["order.urged", "order.overdue", "order.recalled"]
    assert (found["order.urged"]["slip"], found["order.overdue"]["slip"]) == ("slip-1", "slip-2")
    assert {found[kind]["matter"]["id"] for kind in list(found)[3:]} == {"m1"}


def test_what_concerns_no_feed_leaves_no_trace(stand: Stand) -> None:
    stand.hear(registered(stand.house.base))
    before = stand.house.correspondences.collection.find_one({"_id": NUMBER})
    given = stand.wire(dispatched(unit="housing"), "dispatch")
    stand.house.ear.hear(Batch(events=[Delivery(given, {})]))
    stand.hear(deadline(unit="housing"), dispatched(unit="nobody"), source="supervision")
    assert stand.house.correspondences.collection.find_one({"_id": NUMBER}) == before
    assert not list(stand.house.base.database["waiting"].find())
    subscribe(stand, "housing")
    stand.house.ear.hear(Batch(events=[Delivery(given, {})]))  # as after `huiyin history resend`
    assert [n.type for n in stand.house.correspondences.get(NUMBER).state.notices] == ["order.given"]


# -- what it is refused --------------------------------------------------------------------------


def publish(exchange: str) -> Any:
    def attempt(channel: BlockingChannel) -> None:
        channel.confirm_delivery()
        channel.basic_publish(exchange, f"feed.{UNIT}", b"{}", mandatory=True)

    return attempt


def consume(queue: str) -> Any:
    def attempt(channel: BlockingChannel) -> None:
        channel.basic_qos(prefetch_count=1)
        channel.basic_consume(queue, lambda *_: None, arguments={"x-stream-offset": "first"})

    return attempt


#: What is tried, and by which answer it must be refused: 403 no right, 540 no such thing on a stream.
ATTEMPTS: dict[str, tuple[Any, int]] = {
    "read another's stream": (consume(f"feed.{OTHER}"), 403),
    "read what begins like its own": (consume(f"feed.{UNIT}x"), 403),
    "take from another's stream": (lambda c: c.basic_get(f"feed.{OTHER}"), 403),
    "take from its own": (lambda c: c.basic_get(f"feed.{UNIT}"), 540),
    "purge its own": (lambda c: c.queue_purge(f"feed.{UNIT}"), 540),
    "purge another's": (lambda c: c.queue_purge(f"feed.{OTHER}"), 403),
    "delete its own": (lambda c: c.queue_delete(f"feed.{UNIT}"), 403),
    "delete another's": (lambda c: c.queue_delete(f"feed.{OTHER}"), 403),
    "declare a queue": (lambda c: c.queue_declare("mine"), 403),
    "declare a queue the broker names": (lambda c: c.queue_declare("", exclusive=True), 403),
    "declare a stream of its prefix": (lambda c: c.queue_declare(f"feed.{UNIT}.more", durable=True), 403),
    "declare its own otherwise": (lambda c: c.queue_declare(f"feed.{UNIT}", durable=True), 403),
    "declare an exchange": (lambda c: c.exchange_declare("mine"), 403),
    "delete an exchange": (lambda c: c.exchange_delete("amq.topic"), 403),
    "bind its stream": (lambda c: c.queue_bind(f"feed.{UNIT}", "amq.topic", "#"), 403),
    "bind another's stream": (lambda c: c.queue_bind(f"feed.{OTHER}", "amq.topic", "#"), 403),
    "unbind its stream": (lambda c: c.queue_unbind(f"feed.{UNIT}", "amq.topic", "#"), 403),
    "bind exchanges": (lambda c: c.exchange_bind("amq.fanout", "amq.topic", "#"), 403),
    "publish into its own stream": (publish(""), 403),
    "publish to another exchange": (publish("amq.topic"), 403),
}


def test_a_department_may_read_its_own_stream_and_nothing_else(feeds: list[str], broker_url: str) -> None:
    feed = feeds[0]
    assert refusal(broker_url, feed, PASSWORD, consume(feed)) == 0
    answers = {what: refusal(broker_url, feed, PASSWORD, attempt) for what, (attempt, _) in ATTEMPTS.items()}
    assert answers == {what: code for what, (_, code) in ATTEMPTS.items()}
    assert read_as_admin(broker_url, feed) == 0


def read_as_admin(broker_url: str, feed: str) -> int:
    url = urlsplit(broker_url)._replace(path=f"/{VHOST}").geturl()
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        return len(read(connection, feed))


def test_neither_other_virtual_hosts_nor_the_management_api_let_it_in(
    feeds: list[str], servers: Servers, vhost: str
) -> None:
    for other in ("huiyin", "/", vhost):
        with pytest.raises(AMQPError):
            connect(servers.addresses.amqp_url, feeds[0], PASSWORD, other)
    api = urlsplit(servers.addresses.amqp_api_url or "")
    root = api._replace(netloc=api.netloc.rpartition("@")[2]).geturl()
    paths = ("whoami", "overview", "users", "connections", f"queues/{VHOST}", f"queues/{VHOST}/{feeds[0]}")
    answers = {
        path: httpx.get(f"{root}/{path}", auth=(feeds[0], PASSWORD), verify=NO_CA).status_code
        for path in paths
    }
    assert set(answers.values()) == {401}
    assert (
        httpx.delete(f"{root}/queues/{VHOST}/{feeds[1]}", auth=(feeds[0], PASSWORD), verify=NO_CA).status_code
        == 401
    )


def test_it_cannot_take_the_brokers_connections_from_others(feeds: list[str], broker_url: str) -> None:
    taken = [connect(broker_url, feeds[0], PASSWORD) for _ in range(4)]
    with pytest.raises(AMQPError):
        connect(broker_url, feeds[0], PASSWORD)
    connect(broker_url, feeds[1], PASSWORD).close()
    for connection in taken:
        connection.close()


def test_a_new_password_shuts_out_the_old_one_and_its_connections(
    broker: Broker, feeds: list[str], broker_url: str
) -> None:
    with connected(broker_url, feeds[0], PASSWORD) as old, connected(broker_url, feeds[1], PASSWORD) as other:
        broker.ensure_user(feeds[0], "another")
        broker.cut_off(feeds[0])
        assert closed(old)
        assert not closed(other, within=0.5)
    with pytest.raises(AMQPError):
        connect(broker_url, feeds[0], PASSWORD)
    connect(broker_url, feeds[0], "another").close()


def test_a_department_that_is_removed_is_cut_off(broker: Broker, feeds: list[str], broker_url: str) -> None:
    with connected(broker_url, feeds[0], PASSWORD) as connection:
        broker.remove(feeds[0])
        assert closed(connection)
    with pytest.raises(AMQPError):
        connect(broker_url, feeds[0], PASSWORD)
    assert broker.looks(feeds[0]) == {"stream": False, "user": False, "readers": None}


def closed(connection: pika.BlockingConnection, within: float = 10) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            connection.process_data_events(0.1)
        except AMQPError:
            return True
    return False


# -- what happens when something is away ---------------------------------------------------------


def test_a_feed_whose_stream_is_gone_waits_alone_and_loses_nothing(
    stand: Stand, broker: Broker, broker_url: str
) -> None:
    feeding.tell_due(stand.house)
    broker.remove(f"feed.{UNIT}")
    hear_a_case(stand)
    hear_a_case(stand, "SZ20260605W00002", OTHER)
    feeding.tell_due(stand.house)
    feeding.tell_due(stand.house)
    assert [kind for kind, _ in told(broker_url, OTHER)] == ["order.given", "deadline.set"]
    rows = {row["unit"]: row for row in stand.get("/feeds", role="admin").json["feeds"]}  # type: ignore[index]
    assert (rows[UNIT]["open"], rows[UNIT]["waiting"]) == (False, 1)
    assert (rows[OTHER]["open"], rows[OTHER]["waiting"]) == (True, 0)
    broker.ensure_stream(f"feed.{UNIT}", SAYER)
    broker.ensure_user(f"feed.{UNIT}", PASSWORD)
    subscribe(stand, UNIT)
    feeding.tell_due(stand.house)
    assert told(broker_url) == [("order.given", 1), ("deadline.set", 2)]


def test_while_the_broker_is_away_lines_wait_with_their_cases(
    stand: Stand, broker_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert stand.house.feed_broker is not None
    url = stand.house.settings.feeds_url
    monkeypatch.setattr(stand.house.feed_broker, "_url", "amqp://127.0.0.1:9/departments")
    hear_a_case(stand)
    feeding.tell_due(stand.house)
    monkeypatch.setattr(stand.house.feed_broker, "_url", url)
    feeding.tell_due(stand.house)
    assert told(broker_url) == [("order.given", 1), ("deadline.set", 2)]


def test_a_crash_before_the_mark_says_the_same_line_again(
    stand: Stand, broker_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear_a_case(stand)
    with monkeypatch.context() as crash:
        crash.setattr(feeding, "_keep", lambda *_: None)
        feeding.tell_due(stand.house)
    feeding.tell_due(stand.house)
    found = [line for _, line in lines(broker_url) if line["type"] == "order.given"]
    assert len(found) == 2
    assert found[0] == found[1]


# -- more than one administrator -----------------------------------------------------------------


@pytest.fixture
def second_admin(servers: Servers) -> Iterator[Broker]:
    """An administrator who did not make the virtual host and was given no right in it."""
    api = servers.addresses.amqp_api_url or ""
    name = "second-admin"
    httpx.put(
        f"{api}/users/{name}", json={"password": name, "tags": "administrator"}, verify=NO_CA
    ).raise_for_status()
    opened = Broker(
        urlsplit(api)._replace(netloc=f"{name}:{name}@{urlsplit(api).netloc.rpartition('@')[2]}").geturl()
    )
    yield opened
    opened.close()
    httpx.delete(f"{api}/users/{name}").raise_for_status()


def test_an_administrator_who_did_not_make_the_virtual_host_adds_a_feed(
    broker: Broker, second_admin: Broker
) -> None:
    broker.ensure_stream(f"feed.{UNIT}", SAYER)
    second_admin.ensure_stream(f"feed.{OTHER}", SAYER)
    assert second_admin.looks(f"feed.{OTHER}")["stream"]


# -- what it costs -------------------------------------------------------------------------------


def test_old_days_expire_although_nobody_reads(
    broker: Broker, feeds: list[str], stand: Stand, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same stream, but that its 90 days are 3 seconds; each marker closes its day's segment."""
    monkeypatch.setitem(_STREAM, "x-max-age", "3s")
    broker.remove(feeds[0])
    broker.ensure_stream(feeds[0], SAYER)
    broker.ensure_user(feeds[0], PASSWORD)
    hear_a_case(stand)
    sizes = []
    for _ in range(8):
        feeding.tell_due(stand.house)
        stand.machine.ahead += timedelta(days=1)
        sizes.append(on_disk(servers, feeds[0]))
        time.sleep(1)
    left = lines(servers.addresses.amqp_url)
    assert left[0][0] > 2  # the first marker, the order and its date have gone
    assert max(sizes) <= 7 * SEGMENT_BYTES
    assert 2 <= len(left) <= 6


def on_disk(servers: Servers, feed: str) -> int:
    files = servers.folder.glob(f"rabbitmq/data/*/stream/{VHOST}_{feed.replace('.', '_')}_*/*")
    return sum(file.stat().st_size for file in files)


def test_a_marker_fills_a_segment_and_is_still_json() -> None:
    line = marker("mayors-line", "feed.zhonggu", date(2026, 6, 5), NOON)
    assert len(line) == SEGMENT_BYTES
    assert line.rstrip().endswith(b"}")


def test_one_department_gets_one_name_whatever_other_offices_call_theirs() -> None:
    assert feed_name("a", "police", ["a"]) == "feed.police"
    assert feed_name("a", "police", ["a", "b"]) == "feed.a.police"
    assert feed_name("b", "police", ["a", "b"]) == "feed.b.police"
