"""`huiyin waiting` and `huiyin parked`: messages a service could not handle yet, or at all."""

from collections.abc import Iterator
from typing import Annotated, Any, Final

import typer

from huiyin.cli.options import FIRST_OFFICE, HERE, AsJson, LocalFolder, OfficeName, ServiceName, group
from huiyin.cli.reaching import Platform, known_service, platform
from huiyin.cli.saying import pairs, say, table
from huiyin.client.line import Person
from huiyin.contracts.services import SERVICES

waiting = group("Messages that are tried again by themselves.")
parked = group("Messages that wait for a person.")

Message = Annotated[str, typer.Argument(help="The id that `list` shows.")]
Why = Annotated[str, typer.Option(help="The reason, kept with the message.")]
_LONGEST_ERROR: Final = 80
_COLUMNS: Final = {
    "service": "服务 service",
    "id": "消息 id",
    "reason": "原因 reason",
    "case": "诉求 case",
    "attempts": "次数 tries",
    "since": "自 since",
    "error": "错误 error",
}


@waiting.command("list")
def list_waiting(
    as_json: AsJson = False, office: OfficeName = FIRST_OFFICE, local: LocalFolder = HERE
) -> None:
    """What waits, in every service."""
    with platform(local) as reached:
        _list(reached, office, "waiting", as_json)


@parked.command("list")
def list_parked(
    as_json: AsJson = False, office: OfficeName = FIRST_OFFICE, local: LocalFolder = HERE
) -> None:
    """What is parked, in every service."""
    with platform(local) as reached:
        _list(reached, office, "parked", as_json)


@waiting.command("show")
@parked.command("show")
def show(
    service: ServiceName,
    message: Message,
    as_json: AsJson = False,
    office: OfficeName = FIRST_OFFICE,
    local: LocalFolder = HERE,
) -> None:
    """One message as it came; the reading is recorded."""
    with platform(local) as reached:
        found = _admin(reached, office).get(known_service(service), f"/waiting/{message}")
    say(found, as_json, pairs(found))


@waiting.command()
def retry(
    service: ServiceName,
    message: Message,
    as_json: AsJson = False,
    office: OfficeName = FIRST_OFFICE,
    local: LocalFolder = HERE,
) -> None:
    """Have the service try a waiting message now; recorded."""
    _act(local, office, service, message, "retry", None, "立即重试 (is tried now)", as_json)


@waiting.command()
def park(
    service: ServiceName,
    message: Message,
    why: Why,
    as_json: AsJson = False,
    office: OfficeName = FIRST_OFFICE,
    local: LocalFolder = HERE,
) -> None:
    """Take a waiting message aside until a person sends it again; recorded."""
    _act(local, office, service, message, "park", {"why": why}, "已搁置 (parked)", as_json)


@parked.command()
def resend(
    service: ServiceName,
    message: Message,
    as_json: AsJson = False,
    office: OfficeName = FIRST_OFFICE,
    local: LocalFolder = HERE,
) -> None:
    """Have the service try a parked message again; recorded."""
    _act(local, office, service, message, "resend", None, "将重新处理 (will be tried again)", as_json)


@parked.command()
def drop(
    service: ServiceName,
    message: Message,
    why: Why,
    as_json: AsJson = False,
    office: OfficeName = FIRST_OFFICE,
    local: LocalFolder = HERE,
) -> None:
    """Give a parked message up; its row is kept, and the act recorded."""
    _act(local, office, service, message, "drop", {"why": why}, "不再处理 (given up)", as_json)


def _list(reached: Platform, office: str, state: str, as_json: bool) -> None:
    rows = list(_rows(_admin(reached, office), state))
    short = [{**r, "since": r["since"][:19], "error": r["error"][:_LONGEST_ERROR]} for r in rows]
    say(rows, as_json, table(_COLUMNS, short))


def _rows(admin: Person, state: str) -> Iterator[dict[str, Any]]:
    for service in SERVICES:
        for row in admin.all(service, "/waiting", "messages", state=state):
            yield {"service": service, **row}


def _act(
    local: LocalFolder,
    office: str,
    service: str,
    message: str,
    act: str,
    body: dict[str, str] | None,
    done: str,
    as_json: bool,
) -> None:
    with platform(local) as reached:
        answer = _admin(reached, office).post(known_service(service), f"/waiting/{message}/{act}", body)
    say(answer, as_json, f"{message}: {done}")


def _admin(reached: Platform, office: str) -> Person:
    # Messages belong to no office; a token does.
    return reached.person("admin", office)
