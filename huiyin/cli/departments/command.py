"""`huiyin department add|rotate|remove|list`: a department's stream, user and rights."""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from deploy.local.servers import ADMIN_URLS
from huiyin.chassis.settings import knob, read_settings
from huiyin.cli.departments.broker import Broker, BrokerRefused
from huiyin.cli.ends import NOT_HERE, fail
from huiyin.cli.options import FIRST_OFFICE, HERE, AsJson, LocalFolder, OfficeName, group
from huiyin.cli.reaching import platform
from huiyin.cli.saying import pairs, say, table
from huiyin.client.line import Person
from huiyin.contracts.feeds import VHOST

app = group("The feeds of departments that subscribe.")

AUnit = Annotated[str, typer.Argument(metavar="UNIT", help="The unit, as the office's directory names it.")]

_COLUMNS: Final = {
    "unit": "单位 unit",
    "feed": "流 stream",
    "state": "状态 state",
    "since": "自 since",
    "readers": "在读 readers",
    "waiting": "待写 waiting",
}


@dataclass(frozen=True, kw_only=True)
class BrokerSettings:
    """The way to the broker as its administrator; secrets may come from files (`…_FILE`)."""

    amqp_api_url: str = knob(
        "", example="https://admin:password@rabbit:15671/api", secret=True, schemes=("http", "https")
    )
    feeds_user: str = knob("", example="notify-feeds")


@dataclass(frozen=True)
class Desk:
    """Notify, which notes and says the lines, and the broker, which keeps them."""

    admin: Person
    broker: Broker
    sayer: str


@app.command()
def add(
    unit: AUnit, office: OfficeName = FIRST_OFFICE, as_json: AsJson = False, local: LocalFolder = HERE
) -> None:
    """Give a unit its feed: stream, user and rights; prints the password, once.

    Repeated, it mends what is missing or was altered and leaves the password as it is.
    """
    with _desk(local, office) as desk:
        feed = desk.admin.post("notify", "/feeds", {"unit": unit})["feed"]
        desk.broker.ensure_stream(feed, desk.sayer)
        password = _first_password(desk, feed)
        desk.admin.post("notify", f"/feeds/{unit}/opening")
    hint = "口令不变；换口令用 rotate (the user was there; its password stays, `rotate` changes it)"
    _tell(unit, feed, password, as_json, hint)


@app.command()
def rotate(
    unit: AUnit, office: OfficeName = FIRST_OFFICE, as_json: AsJson = False, local: LocalFolder = HERE
) -> None:
    """Give a unit's user a new password; connections made with the old one are closed."""
    with _desk(local, office) as desk:
        feed = _feed(desk, unit)
        desk.admin.post("notify", f"/feeds/{unit}/rotation")  # on record before it is done
        password = _new_password(desk, feed)
        desk.broker.cut_off(feed)
    _tell(unit, feed, password, as_json, "")


@app.command()
def remove(
    unit: AUnit,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    office: OfficeName = FIRST_OFFICE,
    as_json: AsJson = False,
    local: LocalFolder = HERE,
) -> None:
    """Take a unit's feed away: nothing more is said, the user is cut off, the stream is deleted."""
    if not yes:
        typer.confirm(f"删除 {unit} 的订阅及其消息流？(delete its feed and stream?)", abort=True, err=True)
    with _desk(local, office) as desk:
        feed = _feed(desk, unit)
        desk.broker.remove(feed)
        desk.admin.post("notify", f"/feeds/{unit}/removal")
    say({"unit": unit, "feed": feed, "removed": True}, as_json, f"{unit}: 已取消订阅 ({feed} is removed)")


@app.command("list")
def list_feeds(office: OfficeName = FIRST_OFFICE, as_json: AsJson = False, local: LocalFolder = HERE) -> None:
    """The units that have a feed, and how each stands."""
    with _desk(local, office) as desk:
        rows = [{**row, **desk.broker.looks(row["feed"])} for row in _rows(desk)]
    short = [{**row, "since": row["since"][:10], "state": _state(row)} for row in rows]
    say(rows, as_json, table(_COLUMNS, short))


def _first_password(desk: Desk, feed: str) -> str:
    """The password of a user that was not there; "" of one that was, and is mended."""
    if not desk.broker.has_user(feed):
        return _new_password(desk, feed)
    desk.broker.mend_user(feed)
    return ""


def _new_password(desk: Desk, feed: str) -> str:
    password = secrets.token_urlsafe(24)
    desk.broker.ensure_user(feed, password)
    return password


def _tell(unit: str, feed: str, password: str, as_json: bool, hint: str) -> None:
    facts = {"unit": unit, "vhost": VHOST, "feed": feed, "user": feed, "password": password or None}
    shown = {
        "单位 unit": unit,
        "虚拟主机 vhost": VHOST,
        "流 stream": feed,
        "用户 user": feed,
        "口令 password": f"{password}  （只显示这一次 shown this once）" if password else hint,
    }
    say(facts, as_json, pairs(shown))


def _state(row: dict[str, Any]) -> str:
    if not row["stream"] or not row["user"] or not row["open"]:
        return "待修复：再次 add (run add again)"
    return "正常 open"


def _rows(desk: Desk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.admin.get("notify", "/feeds")["feeds"]
    return found


def _feed(desk: Desk, unit: str) -> str:
    for row in _rows(desk):
        if row["unit"] == unit:
            return str(row["feed"])
    return fail(f"单位 {unit} 没有订阅，先用 add (no feed of this unit: add it first)")


@contextmanager
def _desk(local: Path, office: str) -> Iterator[Desk]:
    settings = read_settings(BrokerSettings, os.environ)
    with platform(local) as reached:
        broker = Broker(settings.amqp_api_url or _local_api(local))
        try:
            yield Desk(reached.person("admin", office), broker, settings.feeds_user)
        except BrokerRefused as refused:
            fail(f"消息中间件拒绝 (the broker refused): {refused}")
        finally:
            broker.close()


def _local_api(local: Path) -> str:
    file = local / ADMIN_URLS
    url = json.loads(file.read_text(encoding="utf-8")).get("amqp_api") if file.exists() else None
    if not url:
        fail(
            "不知道消息中间件管理接口的地址：请运行 make run，或设 HUIYIN_AMQP_API_URL"
            " (run `make run`, or name the broker's management API)",
            NOT_HERE,
        )
    return str(url)
