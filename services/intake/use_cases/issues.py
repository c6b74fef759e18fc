"""An issue's first case learns, by a message of the linked one, how large the issue is (E-37, E-56)."""

from huiyin.chassis.foundation import Foundation
from huiyin.chassis.mongo import Doc
from huiyin.chassis.steps import Cause, machine
from huiyin.chassis.store import Documents
from services.intake.domain import linking
from services.intake.domain.case import Case
from services.intake.domain.linking import Members


def settle(documents: Documents[Case], base: Foundation, case: Case, event: str) -> None:
    """What was decided of a case is told to the other cases of its issue, each in a step of its own.

    Asked again for the same event, nothing more is done; counted is what the store holds by then, so the
    order of the messages does not matter.
    """
    number, first, left = case.number, case.alike.first, case.alike.left

    def count(one: Case) -> linking.Outcome:
        book = base.rulebooks.version(one.rulebook)
        return linking.count(one, _members(documents, one), book, base.office_now())

    def cause(key: str) -> Cause:
        who = machine("intake", case.office)
        return Cause(id=f"{event}:{key}", kind="clock", who=who, correlation=event)

    for record in documents.find(_others(case.office, number), limit=0) if first else ():
        key = record.key
        documents.take(key, cause(key), "follow-issue", lambda one: linking.follow(one, number, first))
    for key in filter(None, dict.fromkeys((first, left))):
        documents.take(key, cause(key), "count-issue", count)


def _others(office: str, issue: str) -> Doc:
    return {"office": office, "issue": issue, "number": {"$ne": issue}}


def _members(documents: Documents[Case], first: Case) -> Members:
    """What belongs to the first case; walled ones and the same person's repeats make no incident larger."""
    others = _others(first.office, first.number)
    open_ones = {**others, "tells": "incident", "barred": []}
    rows = documents.collection.find(open_ones, {"state.received_at": 1})
    return Members(
        amount=documents.collection.count_documents(others),
        came_in=tuple(row["state"]["received_at"] for row in rows),
    )
