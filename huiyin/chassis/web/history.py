"""History: every step of a case for auditors (E-124), and saying it again, for an administrator.

Both are audited before they are done.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import Response
from marshmallow import fields, validate

from huiyin.chassis.audit import Audit
from huiyin.chassis.history import History, Which
from huiyin.chassis.mongo import Doc
from huiyin.chassis.store import Documents
from huiyin.chassis.web.access import staff
from huiyin.chassis.web.causes import request_actor, request_cause
from huiyin.chassis.web.problems import answer
from huiyin.chassis.web.records import audited
from huiyin.chassis.web.schemas import Blueprint, Schema


class Resending(Schema):
    """Whose history; nothing means all."""

    office = fields.String(load_default=None, validate=validate.Length(min=1, max=64))
    case = fields.String(load_default=None, validate=validate.Length(min=1, max=64))
    since = fields.AwareDateTime(load_default=None)


def history_desk(
    documents: Documents[Any], histories: Sequence[History], audit: Audit, office_now: Callable[[], datetime]
) -> Blueprint:
    """The addresses under /history and /steps."""
    desk = Blueprint("history", __name__, description="历史重发，逐步留痕")

    @desk.get("/steps/<number>")
    @staff("auditor")
    @audited("steps.read")
    def list_steps(number: str) -> Response:
        """一件诉求的每一步：何人、何时、何事 (every step of a case: who, when, what)"""
        documents.whole(number, request_actor())
        return answer((200, {"steps": [_told(step) for step in documents.history(number)]}))

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


def _told(step: Doc) -> dict[str, Any]:
    """A step without words: its cause, its actor as the directory knows them, and what it said."""
    return {
        "n": step["n"],
        "what": step["what"],
        "when": step["when"].isoformat(),
        "who": step["who"],
        "kind": step["kind"],
        "said": [event["type"] for event in step["events"]],
    }
