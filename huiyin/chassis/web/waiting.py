"""What waits or is parked in a service, for an administrator: list, look, try now, park, send again, drop."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, get_args

from flask import Response
from marshmallow import fields, validate

from huiyin.chassis.audit import Audit
from huiyin.chassis.errors import Conflict, NotFound
from huiyin.chassis.mongo import Doc
from huiyin.chassis.steps import Actor
from huiyin.chassis.waiting import State, Waiting
from huiyin.chassis.web.access import staff
from huiyin.chassis.web.causes import request_actor, request_cause
from huiyin.chassis.web.problems import answer
from huiyin.chassis.web.schemas import Blueprint, QuerySchema, Schema

_TOLD: Final[tuple[str, ...]] = ("state", "reason", "error", "case", "attempts", "parked", "dropped")
_TIMES: Final[tuple[str, ...]] = ("since", "not_before")
_NOT: Final[Mapping[State, str]] = {
    "waiting": "消息 {} 不在等待中，请看它是否已搁置。",
    "parked": "消息 {} 不在搁置中，它可能正在等待重试，或已不再处理。",
}


class Page(QuerySchema):
    """Which messages."""

    state = fields.String(load_default="waiting", validate=validate.OneOf(get_args(State)))
    skip = fields.Integer(load_default=0, validate=validate.Range(min=0, max=100_000))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))


class Why(Schema):
    """Why a message is taken aside or given up."""

    why = fields.String(required=True, validate=validate.Length(min=2, max=500))


#: The cases that have a wall against somebody.
Walled = Callable[[Actor], Sequence[str]]


def waiting_desk(
    waiting: Waiting, audit: Audit, office_now: Callable[[], datetime], walled: Walled
) -> Blueprint:
    """The addresses under /waiting; every reading of a message and every act is audited.

    What waits of a case with a wall against the asker is not there for them.
    """
    desk = Blueprint("waiting", __name__, description="待处理与搁置的消息")
    _looks(desk, waiting, audit, office_now, walled)
    _acts(desk, waiting, audit, office_now, walled)
    return desk


def _looks(
    desk: Blueprint, waiting: Waiting, audit: Audit, office_now: Callable[[], datetime], walled: Walled
) -> None:
    @desk.get("/waiting")
    @desk.arguments(Page, location="query")
    @staff("admin", "auditor")
    def list_messages(query: dict[str, Any]) -> Response:
        """待处理、搁置的消息 (messages that wait or are parked)"""
        shut = walled(request_actor())
        rows = waiting.listed(query["state"], query["skip"], query["limit"], shut)
        return answer((200, {"counts": waiting.counts(shut), "messages": [_summary(row) for row in rows]}))

    @desk.get("/waiting/<message>")
    @staff("admin", "auditor")
    def show_message(message: str) -> Response:
        """一条消息的全部内容 (one message as it came)"""
        row = _found(waiting.get(message), message, walled(request_actor()))
        audit.record("message.read", request_actor(), row["case"], office_now(), {"message": message})
        raw = row["raw"].decode("utf-8", "replace")
        headers = {name: str(value) for name, value in row["headers"].items()}
        return answer((200, {**_summary(row), "headers": headers, "raw": raw}))


def _acts(
    desk: Blueprint, waiting: Waiting, audit: Audit, office_now: Callable[[], datetime], walled: Walled
) -> None:
    def act(message: str, state: State, what: str, do: Callable[[], bool], why: str = "") -> Response:
        cause = request_cause()
        row = _found(waiting.get(message), message, walled(cause.who))
        if row["state"] != state:
            raise Conflict(_NOT[state].format(message))
        detail = {"message": message, **({"why": why} if why else {})}
        audit.record(f"message.{what}", cause.who, row["case"], office_now(), detail)
        if not do():
            raise Conflict(_NOT[state].format(message))
        return answer((200, {"id": message}))

    @desk.post("/waiting/<message>/retry")
    @staff("admin")
    def retry(message: str) -> Response:
        """立即重试待处理的消息 (try a waiting message now)"""
        return act(message, "waiting", "retried", lambda: waiting.retry(message))

    @desk.post("/waiting/<message>/park")
    @desk.arguments(Why)
    @staff("admin")
    def park(body: dict[str, Any], message: str) -> Response:
        """搁置待处理的消息，须写明理由 (take a waiting message aside)"""
        why = body["why"]
        return act(message, "waiting", "parked", lambda: waiting.park(message, why), why)

    @desk.post("/waiting/<message>/resend")
    @staff("admin")
    def resend(message: str) -> Response:
        """重新处理搁置的消息 (try a parked message again)"""
        return act(message, "parked", "resent", lambda: waiting.resend(message))

    @desk.post("/waiting/<message>/drop")
    @desk.arguments(Why)
    @staff("admin")
    def drop(body: dict[str, Any], message: str) -> Response:
        """不再处理搁置的消息，须写明理由 (give a parked message up; its row is kept)"""
        why = body["why"]
        return act(message, "parked", "dropped", lambda: waiting.drop(message, why), why)


def _found(row: Doc | None, message: str, shut: Sequence[str]) -> Doc:
    if row is None or row["case"] in shut:
        raise NotFound(f"没有消息 {message}。它可能已经处理完毕。")
    return row


def _summary(row: Doc) -> dict[str, Any]:
    told = {name: row[name] for name in _TOLD if name in row}
    return {"id": row["_id"], **told, **{name: row[name].isoformat() for name in _TIMES}}
