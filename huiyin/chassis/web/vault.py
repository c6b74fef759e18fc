"""The key vault's desk: a custodian destroys the data key of a month whose retention is over."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Response
from marshmallow import fields, validate

from huiyin.chassis.anchor import Anchor
from huiyin.chassis.asking import Asker
from huiyin.chassis.audit import Audit
from huiyin.chassis.errors import Conflict, RetentionRuns
from huiyin.chassis.sealing import MONTH, Sealer
from huiyin.chassis.web.access import staff
from huiyin.chassis.web.causes import request_actor, request_cause
from huiyin.chassis.web.problems import answer
from huiyin.chassis.web.schemas import Blueprint, Schema
from huiyin.contracts.questions import RETENTION


class Destruction(Schema):
    """Which month's key of the caller's office, and why; the reason names no person.

    `early`: although its retention runs on, or cases of it are open.
    """

    month = fields.String(
        required=True,
        validate=validate.Regexp(MONTH, error="月份写作 2024-09。"),
    )
    why = fields.String(required=True, validate=validate.Length(min=2, max=500))
    early = fields.Boolean(load_default=False)


def vault_desk(
    sealer: Sealer, anchor: Anchor, audit: Audit, asker: Asker, office_now: Callable[[], datetime]
) -> Blueprint:
    """The addresses under /vault that concern data keys."""
    desk = Blueprint("vault", __name__, description="数据密钥")

    @desk.get("/vault/keys")
    @staff("custodian", "auditor", walls=False)
    def list_keys() -> Response:
        """本机构有数据密钥的月份 (the months of which the office has a data key)"""
        return answer((200, {"months": sealer.months(request_actor().office)}))

    @desk.post("/vault/destructions")
    @desk.arguments(Destruction)
    @staff("custodian", walls=False)
    def destroy(body: dict[str, Any]) -> Response:
        """销毁本机构某月的数据密钥，不可恢复 (destroy a month's data key, for good)"""
        who, month = request_cause().who, body["month"]
        if month >= f"{office_now():%Y-%m}":
            raise Conflict(f"{month} 的密钥还在使用，不能销毁。")
        found = sealer.has_key(who.office, month)
        if found:
            if not body["early"]:
                _require_over(asker, who.office, month)
            # First outside the database, so that no backup ever brings the key back.
            anchor.write("key-destroyed", office=who.office, who=who.subject, **body)
            audit.record("key.destroyed", who, "", office_now(), body)
            sealer.destroy(who.office, month)
        return answer((200, {"office": who.office, "month": month, "destroyed": found}))

    return desk


def _require_over(asker: Asker, office: str, month: str) -> None:
    """Only the service that owns the cases knows; when it is silent nothing is destroyed."""
    told: Mapping[str, Any] = asker.ask(RETENTION, office=office, month=month)
    if not told["over"]:
        raise RetentionRuns(
            f"{month} 的密钥不能销毁：{told['why']}。确须提前销毁的，请注明 early 并写明理由。"
        )
