"""The duty record book: every entry of a day and duty in one list, by page (S2-20, S4-22).

The book is read from the cases themselves, so none can be missing in it; it shows what the reader may see.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from huiyin.chassis.rulebook import Rulebook
from huiyin.chassis.sight import seen_by
from huiyin.chassis.steps import Actor
from services.intake.domain import duty as turns
from services.intake.domain.case import Case
from services.intake.errors import NotAsRuled
from services.intake.store.orders import BY_RECEIPT
from services.intake.use_cases.house import House

_A_PAGE: Final = 20


def page(house: House, day: date, duty: str | None, number: int, who: Actor) -> Mapping[str, Any]:
    """One page of the book: entries by the time they were received, numbered through."""
    book = house.base.rulebooks.office(who.office).rulebook
    if duty is not None and duty not in book.taking.duties:
        raise NotAsRuled("没有这一班次。", {"duty": f"可用：{'、'.join(book.taking.duties)}"})
    since, until = turns.span(day, duty, book)
    query = {**seen_by(who), "received_at": {"$gte": since, "$lt": until}}
    skip = (number - 1) * _A_PAGE
    found = house.cases.page(query, who, skip, _A_PAGE, BY_RECEIPT)
    total = house.cases.collection.count_documents(query)
    return {
        "office": book.office.name,
        "book": book.taking.book_name,
        "day": day.isoformat(),
        "duty": book.taking.duties[duty].name if duty else "全天",
        "page": number,
        "pages": max(1, -(-total // _A_PAGE)),
        "total": total,
        "entries": [{"n": n, **entry(case, book)} for n, case in enumerate(found, start=skip + 1)],
    }


def sheet(house: House, number: str, who: Actor) -> Mapping[str, Any]:
    """The complaint handling form of one case (S2-13): the same fields in the same order for each (S3-34)."""
    case = house.cases.seen(number, who).state
    book = house.base.rulebooks.office(who.office).rulebook
    return {"office": book.office.name, **entry(case, book)}


def entry(case: Case, book: Rulebook) -> dict[str, Any]:
    """What the book says of a case: words freed of identity, in the office's own names."""
    zone, sorting = ZoneInfo(book.office.timezone), book.classification
    day, duty = turns.duty_at(case.received_at, book)
    return {
        "number": case.number,
        "day": day.isoformat(),
        "duty": book.taking.duties[duty].name,
        "received_at": case.received_at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
        "accepted_at": case.accepted_at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
        "channel": book.intake.channels[case.channel].name,
        "officer": case.registered_by,
        "complainants": [_party(case, n) for n in range(len(case.parties))],
        "matters": [
            {
                "kind": sorting.kinds[m.kind].name if m.kind in sorting.kinds else m.kind,
                "category": book.categories[m.category].name if m.category in book.categories else m.category,
                "object": m.object,
                "place": m.place,
                "text": m.text,
                "wish": m.wish,
            }
            for m in case.matters
        ],
        "answer": case.answered.text if case.answered else "",
        "units": list(case.units),
        "stage": case.stage.name,
        "outcome": case.outcome,
        "incidents": len(case.incidents),
    }


_KINDS: Final = {"citizen": "个人", "legal_person": "法人", "organisation": "其他组织"}
_ROLES: Final = {
    "complainant": "诉求人",
    "representative": "代表",
    "interested": "利害关系人",
    "forwarder": "转来机关",
}


def _party(case: Case, n: int) -> dict[str, Any]:
    """Who complained, as the book may say it: never by name."""
    party = case.parties[n]
    return {
        "role": _ROLES[party.role],
        "kind": _KINDS[party.kind],
        "named": "匿名" if party.anonymous else "已登记",
        "not_given": list(party.not_given),
        "reached_by": list(party.media),
    }
