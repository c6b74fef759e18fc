"""The master keys' desk: an administrator changes the key that wraps the data keys, while all runs."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from flask import Response
from marshmallow import fields, validate

from huiyin.chassis.anchor import Anchor
from huiyin.chassis.audit import Audit
from huiyin.chassis.sealing import Sealer
from huiyin.chassis.web.access import staff
from huiyin.chassis.web.causes import request_cause
from huiyin.chassis.web.problems import answer
from huiyin.chassis.web.schemas import Blueprint, Schema

_NAME: Final = r"(file|file:[A-Za-z0-9_]{1,32}|(aws|kmip):[!-~]{1,300})\Z"


class Rotation(Schema):
    """Which master key wraps new data keys from now on, and why; the reason names no person."""

    name = fields.String(
        required=True,
        validate=validate.Regexp(
            _NAME, error="写作 file、file:202611、aws:<arn>[@<地址>] 或 kmip:<主机>:<端口>。"
        ),
    )
    why = fields.String(required=True, validate=validate.Length(min=2, max=500))


class Rewrapping(Schema):
    """Why all data keys are wrapped anew; the reason names no person."""

    why = fields.String(required=True, validate=validate.Length(min=2, max=500))


def masters_desk(
    sealer: Sealer, anchor: Anchor, audit: Audit, office_now: Callable[[], datetime]
) -> Blueprint:
    """The addresses under /vault that concern master keys; what they do is anchored and audited first."""
    desk = Blueprint("masters", __name__, description="主密钥")

    @desk.get("/vault/masters")
    @staff("admin", "auditor", "custodian", walls=False)
    def show_masters() -> Response:
        """主密钥：现用的、已知的、各封装多少数据密钥 (master keys: in use, known, and what each wraps)"""
        told = {"current": sealer.current(), "known": sealer.known(), "wraps": sealer.wrapped()}
        return answer((200, told))

    @desk.post("/vault/masters")
    @desk.arguments(Rotation)
    @staff("admin", walls=False)
    def rotate(body: dict[str, Any]) -> Response:
        """换用另一把主密钥封装新的数据密钥 (new data keys are wrapped by this master key)"""
        who, now = request_cause().who, office_now()
        before = sealer.current()
        sealer.require(body["name"])
        anchor.write("master-rotated", who=who.subject, before=before, **body)
        audit.record("master.rotated", who, "", now, {"before": before, **body})
        sealer.rotate(body["name"], now)
        return answer((200, {"before": before, "current": body["name"]}))

    @desk.post("/vault/rewraps")
    @desk.arguments(Rewrapping)
    @staff("admin", walls=False)
    def rewrap(body: dict[str, Any]) -> Response:
        """以现用主密钥重新封装全部数据密钥 (wrap all data keys by the master key in use)"""
        who, current = request_cause().who, sealer.current()
        anchor.write("keys-rewrapped", who=who.subject, current=current, **body)
        audit.record("keys.rewrapped", who, "", office_now(), {"current": current, **body})
        return answer((200, {"current": current, "rewrapped": sealer.rewrap(), "wraps": sealer.wrapped()}))

    return desk
