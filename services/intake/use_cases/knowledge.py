"""Keeping the knowledge base: writing, proposing, deciding, asking owners to renew what ends.

The office's keeper of rules (role `rulebook`) writes and decides: policies are rules of others, and the
role opens no case, so that whoever keeps them sees no complaint. A unit proposes for what is its own.
Why something is written, proposed or refused is freed of who asked: a policy is read by all (E-79).
"""

import logging
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from huiyin.chassis.draft import Answer, Record
from huiyin.chassis.errors import Conflict
from huiyin.chassis.mongo import STORE_AWAY
from huiyin.chassis.rulebook import OfficeFolder
from huiyin.chassis.steps import Actor, Cause, machine
from services.intake.domain import knowledge
from services.intake.domain.knowledge import Entry, Outcome, Wording, subject_of
from services.intake.domain.redaction import redact
from services.intake.errors import AlreadyAnEntry, NoSuchEntry, NotInDirectory, NotTheOwner
from services.intake.store.knowledge import to_ask
from services.intake.use_cases.house import House

_log = logging.getLogger(__name__)

#: Who writes and decides; a unit only proposes, for what is its own.
KEEPER: Final = "rulebook"


def write(house: House, entry_id: str, owner: str, wording: Wording, why: str, cause: Cause) -> Answer:
    """A new entry: published by the keeper, proposed by the unit that would answer for it."""
    earlier = house.entries.answered(cause)
    if earlier is not None:
        return earlier
    office, who = house.base.rulebooks.office(cause.who.office), cause.who
    if owner not in office.units:
        raise NotInDirectory(f"通讯录里没有单位 {owner}。", {"owner": "通讯录里没有这一单位"})
    _require_own(house, owner, who)
    fresh = Entry(id=entry_id, office=who.office, owner=owner)
    outcome = _worded(who, office, house.now())(fresh, wording, redact(why))
    answer, key = _answer(outcome[0]), subject_of(who.office, entry_id)
    try:
        return house.entries.create(key, outcome, cause=cause, what="write", answer=answer)
    except Conflict:
        raise AlreadyAnEntry(f"条目 {entry_id} 已存在；修订请提交新版本。") from None


def revise(house: House, entry_id: str, wording: Wording, why: str, cause: Cause) -> Answer:
    """A new version by the keeper, or a proposal of one by the owner unit."""
    worded = _worded(cause.who, house.base.rulebooks.office(cause.who.office), house.now())
    return _take(house, entry_id, cause, "revise", lambda entry: worded(entry, wording, redact(why)))


def decide(house: House, entry_id: str, proposal: str, taken: bool, note: str, cause: Cause) -> Answer:
    """The keeper takes or refuses what an owner unit proposed."""
    office, by, now = house.base.rulebooks.office(cause.who.office), cause.who.subject, house.now()
    told = redact(note)

    def decided(entry: Entry) -> Outcome:
        return knowledge.decide(entry, proposal, taken=taken, note=told, by=by, office=office, at=now)

    return _take(house, entry_id, cause, "decide", decided)


def ask_owners(house: House) -> int:
    """Ask the owners of what will end to renew it; returns how many were asked (S2-88)."""
    return sum(_ask(house, record) for record in to_ask(house.entries, house.now()))


def entry_for(house: House, entry_id: str, who: Actor) -> Record[Entry]:
    """An entry somebody may know of: what is only proposed is known to its owner and the keeper."""
    record = house.entries.look(subject_of(who.office, entry_id))
    if record is None or not (record.state.versions or is_keeper_or_owner(house, record.state, who)):
        raise NoSuchEntry(f"知识库没有条目 {entry_id}，请核对编号。")
    return record


def is_keeper_or_owner(house: House, entry: Entry, who: Actor) -> bool:
    """Whether somebody keeps the whole base, or works for the unit that answers for this entry."""
    return who.role == KEEPER or (
        who.role == "unit" and owner_now(house, entry.owner, who.office) == who.unit
    )


def owner_now(house: House, owner: str, office: str) -> str:
    """The unit, or its successor (E-62)."""
    folder = house.base.rulebooks.office(office)
    return folder.unit_at(owner, house.now()).id if owner in folder.units else owner


def today(house: House, office: str) -> date:
    """The office's day."""
    timezone = house.base.rulebooks.office(office).rulebook.office.timezone
    return house.now().astimezone(ZoneInfo(timezone)).date()


def _take(house: House, entry_id: str, cause: Cause, what: str, change: Callable[[Entry], Outcome]) -> Answer:
    record = entry_for(house, entry_id, cause.who)
    _require_own(house, record.state.owner, cause.who)
    return house.entries.take(record.key, cause, what, change, _answer)


def _require_own(house: House, owner: str, who: Actor) -> None:
    if who.role != KEEPER and owner_now(house, owner, who.office) != who.unit:
        raise NotTheOwner("只能为本单位负责的条目提出建议。")


def _worded(who: Actor, office: OfficeFolder, now: datetime) -> Callable[[Entry, Wording, str], Outcome]:
    """What a wording becomes by who brings it: a version, or a proposal."""
    made = knowledge.publish if who.role == KEEPER else knowledge.propose
    return lambda entry, wording, why: made(entry, wording, who.subject, why, office, now)


def _ask(house: House, record: Record[Entry]) -> int:
    """One entry that fails is logged and tried again; it does not keep the others waiting."""
    n = record.state.versions[-1].n
    who = machine("intake", record.office)
    cause = Cause(id=f"clock:{record.key}:{n}", kind="clock", who=who, correlation=record.correlation)
    try:
        house.entries.take(record.key, cause, "ask-owner", knowledge.ask_owner)
    except STORE_AWAY:
        raise
    except Exception:  # noqa: BLE001 - the others must go on
        _log.exception("an entry's owner could not be asked", extra={"case": record.key})
        return 0
    return 1


def _answer(entry: Entry) -> dict[str, Any]:
    waiting = [one.id for one in entry.proposals if one.state == "waiting"]
    return {"entry": entry.id, "version": len(entry.versions), "waiting": waiting}
