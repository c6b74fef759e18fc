"""The key vault's desk: a custodian destroys the data key of a month whose retention has ended."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response
from marshmallow import fields, validate

from huiyin.chassis.anchor import Anchor
from huiyin.chassis.audit import Audit
from huiyin.chassis.errors import Conflict
from huiyin.chassis.sealing import Sealer
from huiyin.chassis.web.access import staff
from huiyin.chassis.web.causes import request_cause
from huiyin.chassis.web.problems import answer
from huiyin.chassis.web.schemas import Blueprint, Schema


class Destruction(Schema):
    """Which month's key of the caller's office, and why; the reason names no person."""

    month = fields.String(
        required=True, validate=validate.Regexp(r"\d{4}-(0[1-9]|1[0-2])\Z", error="月份写作 2024-09。")
    )
    why = fields.String(required=True, validate=validate.Length(min=2, max=500))


def vault_desk(sealer: Sealer, anchor: Anchor, audit: Audit, office_now: Callable[[], datetime]) -> Blueprint:
    """The addresses under /vault."""
    desk = Blueprint("vault", __name__, description="数据密钥")

    @desk.post("/vault/destructions")
    @desk.arguments(Destruction)
    @staff("custodian", walls=False)
    def destroy(body: dict[str, Any]) -> Response:
        """销毁本机构某月的数据密钥，不可恢复 (destroy a month's data key, for good)"""
        who, month, why = request_cause().who, body["month"], body["why"]
        if month >= f"{office_now():%Y-%m}":
            raise Conflict(f"{month} 的密钥还在使用，不能销毁。")
        found = sealer.has_key(who.office, month)
        if found:
            # First outside the database, so that no backup ever brings the key back.
            anchor.write("key-destroyed", office=who.office, month=month, who=who.subject, why=why)
            audit.record("key.destroyed", who, "", office_now(), {"month": month, "why": why})
            sealer.destroy(who.office, month)
        return answer((200, {"office": who.office, "month": month, "destroyed": found}))

    return desk
