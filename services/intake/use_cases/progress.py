"""How a case stands, told to the complainant: by number and query code, or by a link.

A code has six digits, so guessing is stopped: wrong tries are counted by number and by address, and too
many lock either for a growing time (`Patience`). Whoever guesses learns neither a code nor whether there
is such a number: the same is answered, and the store is asked the same, for both.
"""

import hmac
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from huiyin.chassis.errors import NotFound, TooMany
from huiyin.chassis.links import NoLink
from huiyin.chassis.lockout import Locked, Patience
from huiyin.chassis.steps import Actor
from services.intake.domain.case import Case
from services.intake.domain.numbers import is_number
from services.intake.use_cases.answering import answer_to_citizen
from services.intake.use_cases.house import House, query_code
from services.intake.use_cases.views import attended, number_field

PURPOSE: Final = "progress"
#: A link is good for so long; who holds an older one asks by number and code.
LINK_HOLDS: Final = timedelta(days=60)
_PATIENCE: Final[Mapping[str, Patience]] = {
    # At most 5 tries, then about one a day: in a year a code is found with a chance of 1 in 2,500.
    "number": Patience(
        tries=5, first=timedelta(minutes=15), longest=timedelta(days=1), forget=timedelta(days=7)
    ),
    # An office's own counter may serve many people behind one address.
    "address": Patience(
        tries=20, first=timedelta(minutes=15), longest=timedelta(days=1), forget=timedelta(days=1)
    ),
}
#: What a complainant is told of the way; slips and reviews stay inside the house.
_TOLD: Final = frozenset(
    {
        "case.registered",
        "passing.registered",
        "order.dispatched",
        "order.accepted",
        "extension.granted",
        "handling.completed",
        "echo.opened",
        "evaluation.recorded",
        "round.raised",
        "echo.completed",
        "case.concluded",
    }
)


def ask(house: House, number: str, code: str, address: str) -> Mapping[str, Any]:
    """How a case stands, for whoever knows its number and query code (S3-26, E-33)."""
    keys = {
        "address": house.lookup.of_text(f"progress-address:{address}"),
        "number": house.lookup.of_text(f"progress-number:{number}"),
    }
    locks = [by for by, key in keys.items() if _counted(house, key, _PATIENCE[by])]
    case = _judged(house, number, code)
    if case is None:
        _record(house, number, locks)
        raise NotFound("编号或查询码不正确，请核对回执后重试。")
    for key in keys.values():
        house.guesses.take_back(key)
    return _told(house, case)


def follow(house: House, token: str) -> Mapping[str, Any]:
    """How a case stands, for whoever holds a link to its progress that has not expired."""
    try:
        number = house.links.open(token, PURPOSE).case
    except NoLink:
        raise NotFound("链接无效或已过期，请凭编号和查询码查询。") from None
    return _told(house, house.cases.get(number).state)


def receipt(house: House, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """A registration's answer with what lets its complainant look: derived each time, kept nowhere."""
    number = answer["number"]
    link = link_of(house, number, answer["parties"][0])
    return {**answer, "query_code": query_code(house, number), "progress_link": link}


def link_of(house: House, number: str, party: str) -> str:
    """A party's link to the progress of its case: derived each time, kept nowhere."""
    return f"/progress/{house.links.make(PURPOSE, number, party, LINK_HOLDS)}"


def _counted(house: House, key: str, patience: Patience) -> bool:
    """Count the try, or refuse it while locked; whether it locks if it is wrong."""
    try:
        return house.guesses.begin(key, patience)
    except Locked as locked:
        raise TooMany("查询失败次数过多，已暂停查询，请稍后再试。", locked.wait_s) from None


def _record(house: House, number: str, locks: Sequence[str]) -> None:
    """A row for each lock; what was typed may be anybody's telephone, so only a number of ours is kept."""
    case = number if is_number(number) else ""
    anyone = Actor(subject="public", role="public", office=_office_of(house, case))
    for by in locks:
        house.base.audit.record("progress.locked", anyone, case, house.now(), {"by": by})


def _office_of(house: House, number: str) -> str:
    """The office whose code a number begins with, so that its auditors find the row."""
    books = [house.base.rulebooks.office(office).rulebook.office for office in house.base.rulebooks.offices()]
    return next((book.id for book in books if book.code == number.partition("-")[0]), "")


def _judged(house: House, number: str, code: str) -> Case | None:
    """The case whose code this is; one question to the store, whatever the number and the code are."""
    found = house.cases.collection.find({number_field(number): number}, {"_id": 0, "number": 1})
    known = [row["number"] for row in found] or [number]  # what is unknown is compared all the same
    right = [own for own in known if hmac.compare_digest(query_code(house, own), code)]
    return next((record.state for own in right[:1] for record in house.cases.find({"number": own})), None)


def _told(house: House, case: Case) -> Mapping[str, Any]:
    """The way of a case; of a restricted or confidential one only that it is here, and whether it is over."""
    told = {
        "number": case.number,
        "accepted_at": case.accepted_at.isoformat(),
        "concluded_at": case.concluded_at.isoformat() if case.concluded_at else None,
    }
    if case.restricted_at is not None or any(m.confidential for m in case.circle.matters):
        return {**told, "restricted": True}
    rows = house.journal.of(case.number)
    return {
        **told,
        "restricted": False,
        **attended(case),
        "origin_number": case.taken_over.number if case.taken_over else None,
        "stage": case.stage.name,
        "round": case.stage.round,
        "answer": answer_to_citizen(case),
        "steps": [{"type": row["type"], "time": row["time"]} for row in rows if row["type"] in _TOLD],
    }
