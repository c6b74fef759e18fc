"""The operator's form of a call, and the office's calls: numbers only to whoever took the call."""

from collections.abc import Mapping
from typing import Any

from pymongo import DESCENDING

from huiyin.chassis.mongo import Doc
from huiyin.chassis.sight import seen_by, walled_from
from huiyin.chassis.steps import Actor
from services.intake.domain.calls import Call
from services.intake.errors import NotYourCall
from services.intake.use_cases.calls import caller_of, find, number_of, shown
from services.intake.use_cases.house import House

_MOST_SHOWN = 20


def form(house: House, key: str, who: Actor) -> Mapping[str, Any]:
    """A registration as far as the call fills it, and what is known of the number; recorded first (S0-02)."""
    call = find(house, key, who)
    if call.operator not in ("", who.subject):
        raise NotYourCall("来电号码只给接听人看；代接的，请先在话务台转接给自己。")
    for record in house.cases.load(call.cases).values():
        record.state.require_open()
    house.base.audit.record("call.form.opened", who, "", house.now(), {"call": call.id})
    book = house.base.rulebooks.office(who.office).rulebook
    # Once a call is over and taken down, its number is the custodian's, like every identity.
    number = "" if call.cases and call.ended_at else number_of(house, call)
    limit = (known := caller_of(house, call)) and known.limit(house.now())
    line = book.telephony.lines.get(call.line)
    return {
        "call": shown(call),
        "line": {"id": call.line, "name": line.name if line else None} if call.line else None,
        "number": number or None,
        "caller": call.caller or None,
        "limited_until": limit.until.isoformat() if limit else None,
        "earlier": _earlier(house, call, who),
        "emergency_lines": list(book.emergency.lines),
        "registration": {
            "channel": book.telephony.channel,
            "call": call.id,
            "received_at": call.began_at.isoformat(),
            "language": book.office.languages[0],
            "matters": [],
            "parties": [{"role": "complainant", **({"phone": number} if number else {})}],
        },
    }


def calls(house: House, who: Actor, skip: int, limit: int) -> Mapping[str, Any]:
    """The office's calls, newest first, without those whose cases have a wall against somebody."""
    query: Doc = {"office": who.office, "cases": {"$nin": house.cases.keys(walled_from(who))}}
    newest = (("began_at", DESCENDING), ("id", DESCENDING))
    found = house.calls.find(query, sort=newest, skip=skip, limit=limit)
    total = house.calls.collection.count_documents(query)
    return {"total": total, "calls": [shown(record.state) for record in found]}


def _earlier(house: House, call: Call, who: Actor) -> Mapping[str, Any]:
    """How often this number complained before, as far as the operator may know: by it, or giving it."""
    if not call.number_hash:
        return {"total": 0, "open": 0, "numbers": []}
    rung = house.calls.collection.distinct("cases", {"office": who.office, "numbers": call.number_hash})
    same = {"$or": [{"phones": call.number_hash}, {"number": {"$in": rung}}]}
    query: Doc = {"$and": [seen_by(who), same, {"number": {"$nin": list(call.cases)}}]}
    cases, newest = house.cases.collection, [("accepted_at", DESCENDING), ("number", DESCENDING)]
    still = cases.count_documents({"$and": [query, {"concluded_at": None}]})
    numbers = [doc["number"] for doc in cases.find(query, {"number": 1}).sort(newest).limit(_MOST_SHOWN)]
    return {"total": cases.count_documents(query), "open": still, "numbers": numbers}
