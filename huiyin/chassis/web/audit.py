"""The auditors' desk: rows are searched, the audit is proved, other services' heads are told."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from bson import ObjectId
from flask import Response
from marshmallow import ValidationError, fields, validate

from huiyin.chassis.audit import Audit, Heads, Proof, Wanted
from huiyin.chassis.steps import Actor
from huiyin.chassis.web.access import staff
from huiyin.chassis.web.causes import request_actor
from huiyin.chassis.web.problems import answer
from huiyin.chassis.web.records import audited, is_number
from huiyin.chassis.web.schemas import Blueprint, QuerySchema
from huiyin.contracts.services import SERVICES

_WORD: Final = validate.Length(min=1, max=200)
_NUMBER: Final = validate.Range(min=0, max=2**53)


class _RowId(fields.Field[ObjectId]):
    """The id of a row."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> ObjectId:
        if not ObjectId.is_valid(value):
            raise ValidationError("不是审计记录的编号。")
        return ObjectId(value)


class Search(QuerySchema):
    """Which rows of the auditor's office; `what` also finds `what.…`, `before` goes to the next page."""

    who = fields.String(load_default=None, validate=_WORD)
    what = fields.String(load_default=None, validate=_WORD)
    case = fields.String(load_default=None, validate=_WORD)
    since = fields.AwareDateTime(load_default=None)
    until = fields.AwareDateTime(load_default=None)
    before = _RowId(load_default=None)
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))


class Behind(QuerySchema):
    """Behind which batch."""

    after = fields.Integer(load_default=0, validate=_NUMBER)


class Kept(QuerySchema):
    """Whose heads, behind which batch, up to which."""

    of = fields.String(required=True, validate=validate.OneOf(SERVICES))
    after = fields.Integer(load_default=0, validate=_NUMBER)
    until = fields.Integer(load_default=0, validate=_NUMBER)


def audit_desk(
    audit: Audit,
    proof: Proof,
    heads: Heads,
    office_now: Callable[[], datetime],
    hidden_from: Callable[[Actor], Sequence[str]],
) -> Blueprint:
    """The addresses under /audit; whoever looks into the audit is in it, too.

    `hidden_from` names the cases that stand behind a wall for somebody.
    """
    desk = Blueprint("audit", __name__, description="审计")

    @desk.get("/audit")
    @desk.arguments(Search, location="query")
    @staff("auditor")
    def search_audit(query: dict[str, Any]) -> Response:
        """本机构的查阅、拒绝、导出记录，新的在前 (readings, refusals and exports, newest first)"""
        who, limit = request_actor(), query.pop("limit")
        own = audit.record("audit.searched", who, "", office_now(), _kept(audit, who.office, query))
        query["before"] = query["before"] or own  # a search finds what was before it
        wanted = Wanted(office=who.office, **query, hidden=hidden_from(who))
        return answer((200, {"rows": audit.found(wanted, limit)}))

    @desk.get("/audit/proof")
    @desk.arguments(Behind, location="query")
    @staff("auditor", walls=False)
    @audited("audit.proved")
    def prove_audit(query: dict[str, Any]) -> Response:
        """核验审计链的一段：被改、被删、被加的记录 (what was altered, removed or added, a page of batches)"""
        return answer((200, proof.page(query["after"])))

    @desk.get("/audit/heads")
    @desk.arguments(Kept, location="query")
    @staff("auditor", walls=False)
    def list_heads(query: dict[str, Any]) -> Response:
        """本服务为另一服务保管的链头 (the heads this service holds for another)"""
        newest = heads.newest(query["of"])
        kept = heads.between(query["of"], query["after"], query["until"])
        return answer((200, {"newest": newest["n"] if newest else 0, "heads": kept}))

    return desk


def _kept(audit: Audit, office: str, query: Mapping[str, Any]) -> dict[str, Any]:
    """What is recorded of a search: a word that might name a person by its parameter's name only.

    No such word is one that rows of the office hold already, or that has the shape of a case's number
    (asked of the shape, so that the record does not tell whether a hidden case exists).
    """
    asked = {name: value for name, value in query.items() if value is not None}
    unknown = sorted(name for name, value in asked.items() if not _is_known(audit, office, name, value))
    kept = {name: str(value) for name, value in asked.items() if name not in unknown}
    return {**kept, **({"by": unknown} if unknown else {})}


def _is_known(audit: Audit, office: str, name: str, value: Any) -> bool:
    if name == "case":
        return is_number(value)
    return name not in ("who", "what") or bool(audit.found(Wanted(office=office, **{name: value}), 1))
