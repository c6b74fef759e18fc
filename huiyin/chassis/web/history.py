"""Saying history again, for an administrator; each time is audited before it is done."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import Response
from marshmallow import fields, validate

from huiyin.chassis.audit import Audit
from huiyin.chassis.history import History, Which
from huiyin.chassis.web.access import staff
from huiyin.chassis.web.causes import request_cause
from huiyin.chassis.web.problems import answer
from huiyin.chassis.web.schemas import Blueprint, Schema


class Resending(Schema):
    """Whose history; nothing means all."""

    office = fields.String(load_default=None, validate=validate.Length(min=1, max=64))
    case = fields.String(load_default=None, validate=validate.Length(min=1, max=64))
    since = fields.AwareDateTime(load_default=None)


def history_desk(histories: Sequence[History], audit: Audit, office_now: Callable[[], datetime]) -> Blueprint:
    """The address under /history."""
    desk = Blueprint("history", __name__, description="历史重发")

    @desk.post("/history/resend")
    @desk.arguments(Resending)
    @staff("admin", walls=False)
    def resend_history(body: dict[str, Any]) -> Response:
        """重发已说过的全部消息，听者各凭消息号去重 (say all events again; hearers know the ids)"""
        who = request_cause().who
        detail = {name: str(value) for name, value in body.items() if value is not None}
        audit.record("history.resent", who, body["case"] or "", office_now(), detail)
        said = sum(history.resend(Which(**body)) for history in histories)
        return answer((200, {"documents": said}))

    return desk
