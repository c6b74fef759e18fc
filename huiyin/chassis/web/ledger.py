"""A service's books, for `huiyin check`: neither words nor identity; each page pulled is recorded."""

from typing import Any, Final

from flask import Response
from marshmallow import fields, validate

from huiyin.chassis.ledger import Ledger
from huiyin.chassis.web.access import staff
from huiyin.chassis.web.problems import answer
from huiyin.chassis.web.records import audited
from huiyin.chassis.web.schemas import Blueprint, QuerySchema

_LONGEST: Final = 64


class Range(QuerySchema):
    """Which cases, of all offices: those behind a number, or one."""

    after = fields.String(load_default="", validate=validate.Length(max=_LONGEST))
    number = fields.String(load_default="", validate=validate.Length(max=_LONGEST))
    limit = fields.Integer(load_default=200, validate=validate.Range(min=1, max=500))


def ledger_desk(ledger: Ledger) -> Blueprint:
    """The address /ledger."""
    desk = Blueprint("ledger", __name__, description="账目，供核对")

    @desk.get("/ledger")
    @desk.arguments(Range, location="query")
    @staff("auditor", "admin", walls=False)
    @audited("ledger.exported")
    def show_ledger(query: dict[str, Any]) -> Response:
        """按编号区间的账目 (the books of a range of case numbers, of all offices)"""
        if query["number"]:
            return answer((200, ledger.case(query["number"])))
        return answer((200, ledger.page(query["after"], query["limit"])))

    return desk
