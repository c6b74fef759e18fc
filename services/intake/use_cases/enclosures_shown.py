"""What people see of enclosures: in the case, in the queue of what is in custody, on the slip."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huiyin.chassis.sight import untouched_by
from huiyin.chassis.steps import Actor
from services.intake.domain import returning
from services.intake.domain.case import Case
from services.intake.domain.enclosure import Enclosure, Incident, Line, Police, Return
from services.intake.store.orders import OLDEST_FIRST
from services.intake.use_cases.house import House


def in_custody(house: House, who: Actor, holder: str | None, skip: int, limit: int) -> Mapping[str, Any]:
    """What is out of its owner's hands, oldest case first, with its age in days (S2-61)."""
    query = {**untouched_by(who), "enclosures_out": True}
    found = house.cases.find(query, sort=OLDEST_FIRST, skip=skip, limit=limit)
    now = house.now()
    rows = [_row(house, record.state, held, now) for record in found for held in record.state.enclosures]
    mine = [row for row in rows if row["outstanding"] and holder in (None, row["holder"])]
    return {"cases": house.cases.collection.count_documents(query), "enclosures": mine}


def receipt(house: House, number: str, enclosure: str, who: Actor) -> Mapping[str, Any]:
    """The voucher's slip with every line's own words, for the writer or visitor; put on record (E-91)."""
    case = house.cases.whole(number, who).state
    case.require_open()
    held = case.enclosure(enclosure)
    house.base.audit.record("enclosure.receipt", who, case.number, house.now(), {"voucher": held.voucher})
    office = house.base.rulebooks.office(case.office)
    names = {subject: person.name for subject, person in office.people.items()}
    lines = [{**told_line(line), "description": house.base.sealer.open(line.words)} for line in held.lines]
    return {
        "office": office.rulebook.office.name,
        "number": case.number,
        "voucher": held.voucher,
        "registered_at": held.count.at.isoformat(),
        "counted_by": names.get(held.count.by, held.count.by),
        "confirmed_by": names.get(held.confirmed_by, held.confirmed_by),
        "lines": lines,
    }


def told(held: Enclosure, number: str) -> Mapping[str, Any]:
    """An enclosure as the office's people see it: sealed words stay sealed."""
    return {
        "id": held.id,
        "number": number,
        "voucher": held.voucher,
        "origin": held.origin,
        "gift": held.gift,
        "counted_by": held.count.by,
        "counted_at": held.count.at.isoformat(),
        "confirmed_by": held.confirmed_by or None,
        "recounted": len(held.former_counts),
        "holder": held.holder,
        "offered_to": held.offer.to if held.offer else None,
        "outstanding": list(held.outstanding),
        "lines": [told_line(line) for line in held.lines],
        "custody": [{"holder": h.holder, "since": h.since.isoformat()} for h in held.custody],
        "incidents": [_told_incident(incident) for incident in held.incidents],
        "returns": [_told_return(done) for done in held.returns],
        "finance": [
            {"receipt": f.receipt, "lines": list(f.lines), "at": f.at.isoformat()} for f in held.finance
        ],
    }


def told_line(line: Line) -> Mapping[str, Any]:
    """One line; its words only redacted. Amounts are whole numbers of the currency's smallest unit."""
    return {
        "line": line.id,
        "kind": line.kind,
        "certificate": line.certificate or None,
        "currency": line.currency or None,
        "amount": line.amount if line.kind == "money" else None,
        "shown": line.shown,
        "state": line.state,
        "copies_asked": [{"unit": c.unit, "at": c.at.isoformat()} for c in line.copies_asked],
        "certified_copy": line.copy.file if line.copy else None,
    }


def told_to_unit(held: Enclosure) -> Mapping[str, Any]:
    """What a unit sees: that there is an original, and its certified copy (E-89)."""
    lines = [
        {"line": line.id, "kind": line.kind, "certified_copy": line.copy.file if line.copy else None}
        for line in held.lines
    ]
    return {"id": held.id, "lines": lines}


def _row(house: House, case: Case, held: Enclosure, now: datetime) -> Mapping[str, Any]:
    book = house.base.rulebooks.version(case.rulebook)
    return {
        **told(held, case.number),
        "age_days": (now - held.count.at).days,
        "case_waits": case.pending is not None,
        "returnable": bool(returning.writers(case)),
        "finance_from": returning.finance_from(held, book).isoformat(),
    }


def _told_incident(incident: Incident) -> Mapping[str, Any]:
    return {
        "id": incident.id,
        "kind": incident.kind,
        "lines": list(incident.lines),
        "at": incident.at.isoformat(),
        "police": _told_police(incident.police) if incident.police else None,
        "outcome": incident.outcome,
    }


def _told_police(police: Police) -> Mapping[str, Any]:
    return {
        "line": police.line,
        "contacted_at": police.contacted_at.isoformat(),
        "reference": police.reference,
        "took_it": police.took_it,
    }


def _told_return(done: Return) -> Mapping[str, Any]:
    return {
        "way": done.way,
        "mail": done.mail or None,
        "lines": list(done.lines),
        "at": done.at.isoformat(),
        "came_back_at": done.came_back_at.isoformat() if done.came_back_at else None,
        "came_back_why": done.came_back_why or None,
    }
