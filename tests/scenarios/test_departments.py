"""`huiyin department`, and a department's own program as docs/departments.md shows it."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest
from pika.exceptions import AMQPError
from typer.testing import CliRunner, Result

from deploy.local.platform import OFFICES, Platform, Site
from deploy.local.servers import Servers
from huiyin.chassis.trust import NO_CA
from huiyin.cli.main import app
from huiyin.contracts.feeds import CONCLUDED, LINES, VHOST
from tests.integration.department import connect
from tests.scenarios.driver import Driver

PAGE = (Path(__file__).parents[2] / "docs" / "departments.md").read_text(encoding="utf-8")
UNIT = "bus_company"
#: Several offices have a unit of that id.
FEED = f"feed.mayors-line.{UNIT}"
BUS = {"category": "transport/bus", "place": "石桥站"}


class Enough(Exception):
    """The reader has what it waited for."""


@pytest.fixture
def huiyin(
    platform: Platform, site: Site, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Runs `huiyin department …` on the scenarios' platform, with the broker's administrator."""
    for name in ("HUIYIN_TOKEN", "HUIYIN_SERVICES", "HUIYIN_OFFICE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HUIYIN_LOCAL", str(site.folder))
    monkeypatch.setenv("HUIYIN_OFFICES_DIR", str(OFFICES))
    monkeypatch.setenv("HUIYIN_AMQP_API_URL", servers.addresses.amqp_api_url or "")
    return lambda *words: CliRunner().invoke(app, ["department", *words])


def said(result: Result) -> Any:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def follow(url: str, feed: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """The page's own code."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    monkeypatch.setenv("FEED", feed)
    monkeypatch.setenv("FEED_URL", url)
    names: dict[str, Any] = {}
    exec(code, names)
    made: Callable[..., None] = names["follow"]
    return made


def read_until(follow: Callable[..., None], number: str, last: str, offset: Any = "first") -> list[Any]:
    """The lines of a case up to one of a type, with their offsets."""
    found: list[Any] = []

    def take(line: Any, at: int) -> None:
        if line["subject"] == number:
            found.append((line, at))
            if line["type"] == last:
                raise Enough

    with pytest.raises(Enough):
        follow(take, offset)
    return found


def test_a_department_follows_its_case_to_the_end_and_learns_no_more(
    huiyin: Callable[..., Result], servers: Servers, mayors_line: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = said(huiyin("add", UNIT, "--json"))
    again = said(huiyin("add", UNIT, "--json"))
    assert (made["vhost"], made["feed"], made["user"]) == (VHOST, FEED, FEED)
    assert again == {**made, "password": None}
    broker = urlsplit(servers.addresses.amqp_url).netloc.rpartition("@")[2]
    url = f"amqp://{made['user']}:{quote(made['password'], safe='')}@{broker}/{VHOST}"
    read = follow(url, made["feed"], monkeypatch)

    number, order = mayors_line.replied(matter=BUS)
    mayors_line.review(number, order["id"], 1, failed=["facts"], demands="请到现场核实并附照片。")
    mayors_line.until(lambda: mayors_line.order(number, order["id"])["state"] == "accepted")
    begun = read_until(read, number, "reply.returned")
    mayors_line.until(lambda: mayors_line.order(number, order["id"])["state"] == "accepted")
    mayors_line.reply(number, order, "已到现场核实。")
    mayors_line.until(lambda: number in [row["number"] for row in mayors_line.reviews()])
    mayors_line.review(number, order["id"], 2)
    mayors_line.until_echo(number, "open", "told")
    mayors_line.attempt(number, "call", reached=True)
    mayors_line.tell(number, "call")
    mayors_line.evaluate(number, "m1", solved=True, satisfied=True)
    ended = read_until(read, number, CONCLUDED, offset=begun[-1][1] + 1)

    lines = [line for line, _ in (*begun, *ended)]
    assert [line["sequence"] for line in lines] == list(range(1, len(lines) + 1))
    assert lines[0]["type"] == "order.given"
    assert {"deadline.set", "reply.returned", "reply.approved", "case.concluded"} <= {
        x["type"] for x in lines
    }
    told = json.dumps(lines, ensure_ascii=False)
    form = mayors_line.form(matter=BUS)
    assert not [word for word in form["parties"][0].values() if word in told]
    assert form["matters"][0]["text"] not in told
    assert lines[0]["data"]["matter"]["place"] == "石桥站"

    changed = said(huiyin("rotate", UNIT, "--json"))
    with pytest.raises(AMQPError):
        connect(servers.addresses.amqp_url, made["user"], made["password"])
    connect(servers.addresses.amqp_url, made["user"], changed["password"]).close()
    (row,) = said(huiyin("list", "--json"))
    assert (row["unit"], row["open"], row["stream"], row["user"], row["waiting"]) == (
        UNIT,
        True,
        True,
        True,
        0,
    )
    assert said(huiyin("remove", UNIT, "--yes", "--json"))["removed"]
    assert said(huiyin("list", "--json")) == []
    with pytest.raises(AMQPError):
        connect(servers.addresses.amqp_url, made["user"], changed["password"])


def test_what_is_changed_of_a_feed_is_on_record_and_add_again_puts_its_user_right(
    huiyin: Callable[..., Result], servers: Servers, mayors_line: Driver
) -> None:
    made = said(huiyin("add", UNIT, "--json"))
    with httpx.Client(base_url=servers.addresses.amqp_api_url or "", verify=NO_CA) as broker:
        right = _user(broker)
        assert right["read"] == f"^{re.escape(FEED)}$"
        _give_too_much(broker)
        assert _user(broker) != right
        said(huiyin("add", UNIT, "--json"))
        assert _user(broker) == right
    connect(servers.addresses.amqp_url, made["user"], made["password"]).close()
    for words in (("rotate", UNIT), ("list",), ("remove", UNIT, "--yes")):
        said(huiyin(*words, "--json"))
    rows = mayors_line.role("auditor").get("notify", "/audit", what="feed", limit=6)["rows"]
    added = ["feed.added", "feed.opened"]
    assert [row["what"] for row in rows[::-1]] == [*added, *added, "feed.rotated", "feed.removed"]
    assert {row["who"]["role"] for row in rows} == {"admin"}
    assert [row["detail"] for row in rows] == [{"unit": UNIT, "feed": FEED}] * 6


def _user(broker: httpx.Client) -> dict[str, Any]:
    """What the department's user is and may, and its password's hash."""
    user, limits = broker.get(f"/users/{FEED}").json(), broker.get(f"/user-limits/{FEED}").json()
    rights = broker.get(f"/permissions/{VHOST}/{FEED}").json()
    return {**user, **rights, "limits": [row["value"] for row in limits]}


def _give_too_much(broker: httpx.Client) -> None:
    """What somebody with the broker's administration alters of the user, but for its password."""
    everything = dict.fromkeys(("configure", "write", "read"), ".*")
    broker.put(f"/permissions/{VHOST}/{FEED}", json=everything).raise_for_status()
    held = {name: _user(broker)[name] for name in ("password_hash", "hashing_algorithm")}
    broker.put(f"/users/{FEED}", json={**held, "tags": "administrator"}).raise_for_status()
    broker.delete(f"/user-limits/{FEED}/max-connections").raise_for_status()


def test_a_feed_keeps_ninety_days_and_at_most_500_mb_in_small_segments(
    huiyin: Callable[..., Result], servers: Servers
) -> None:
    said(huiyin("add", UNIT, "--json"))
    with httpx.Client(base_url=servers.addresses.amqp_api_url or "", verify=NO_CA) as broker:
        stream = broker.get(f"/queues/{VHOST}/{FEED}").json()
    said(huiyin("remove", UNIT, "--yes", "--json"))
    assert (stream["type"], stream["durable"], stream["auto_delete"]) == ("stream", True, False)
    assert stream["arguments"] == {
        "x-queue-type": "stream",
        "x-max-age": "90D",
        "x-max-length-bytes": 500_000_000,
        "x-stream-max-segment-size-bytes": 65_536,
    }


def test_a_unit_that_is_not_in_the_directory_gets_no_feed(huiyin: Callable[..., Result]) -> None:
    refused = huiyin("add", "nobody")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "no-such-unit" in refused.stderr
    assert "add" in huiyin("rotate", UNIT).stderr


def test_the_page_names_every_line_with_what_it_holds() -> None:
    rows = [
        f"| `{line.name}` | {', '.join(f'`{name}`' for name in line.fields)} | {line.words} |"
        for line in LINES.values()
    ]
    assert [row for row in rows if row not in PAGE] == []
    shown = re.findall(r"^\| `([a-z]+\.[a-z]+)` \|", PAGE, re.MULTILINE)
    assert shown == [line.name for line in LINES.values()]
