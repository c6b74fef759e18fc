"""Abuse of the line (S3-33, V-07, X-32): counted by number, shown to a person, limited by a person alone.

A number is known by an HMAC. A limit has a reason and an end, and is lifted by a decision; whoever is
limited is told so on the line, and is heard in an emergency (E-47).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from bson import Binary

from huiyin.chassis.rulebook import Rulebook
from huiyin.contracts.events import Event
from services.intake.domain.terms import length
from services.intake.errors import AlreadySettled, CallerLimited, LimitNotAllowed, NotAsRuled

Measure = Literal["persuade", "report", "police"]
MEASURES: Final[tuple[Measure, ...]] = ("persuade", "report", "police")


@dataclass(frozen=True, kw_only=True)
class Limit:
    """One decision; its reasons are sealed."""

    id: str
    by: str
    since: datetime
    until: datetime
    reason: Binary
    lifted_by: str = ""
    lifted_at: datetime | None = None
    lifted_why: Binary | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it is in force."""
        return self.lifted_at is None and now < self.until


@dataclass(frozen=True, kw_only=True)
class Incident:
    """What was done about a caller short of a limit; words are sealed."""

    id: str
    measure: Measure
    words: Binary
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Caller:
    """One number of an office, by its mark, every limit it ever had, and what else was done."""

    id: str
    office: str
    limits: tuple[Limit, ...] = ()
    incidents: tuple[Incident, ...] = ()

    def limit(self, now: datetime) -> Limit | None:
        """The limit that is in force."""
        return next((one for one in self.limits if one.holds(now)), None)


Outcome = tuple[Caller, Sequence[Event]]


def record(caller: Caller, measure: Measure, words: Binary, by: str, at: datetime, book: Rulebook) -> Outcome:
    """S3-33, X-32: malicious calling is recorded, with what the office's rules let be done about it."""
    if measure not in book.misuse.policy:
        allowed = "、".join(one for one in book.misuse.policy if one != "limit") or "无"
        raise NotAsRuled("本机构的规则没有这一措施。", {"measure": f"可用：{allowed}"})
    new = Incident(id=f"i{len(caller.incidents) + 1}", measure=measure, words=words, by=by, at=at)
    return replace(caller, incidents=(*caller.incidents, new)), []


def limit(caller: Caller, reason: Binary, until: datetime, by: str, now: datetime, book: Rulebook) -> Outcome:
    """A person limits the number, for a reason, until a day that the office's rules allow."""
    if "limit" not in book.misuse.policy:
        raise LimitNotAllowed("本机构的规则不限制来电，可劝导、报告或报警。")
    if not now < until <= now + length(book.misuse.longest):
        longest = book.misuse.longest
        raise NotAsRuled(
            "限制期限不符合本机构规则。", {"until": f"须晚于现在，且不超过 {longest.amount} {longest.unit}"}
        )
    if caller.limit(now) is not None:
        raise AlreadySettled("该号码已在限制期内；需要更改的，请先解除。")
    new = Limit(id=f"l{len(caller.limits) + 1}", by=by, since=now, until=until, reason=reason)
    return replace(caller, limits=(*caller.limits, new)), []


def lift(caller: Caller, limit_id: str, why: Binary, by: str, now: datetime) -> Outcome:
    """A person lifts the limit before its end, for a reason."""
    if not any(one.id == limit_id and one.holds(now) for one in caller.limits):
        raise AlreadySettled("该限制已到期、已解除或不存在。")
    lifted = tuple(
        replace(one, lifted_by=by, lifted_at=now, lifted_why=why) if one.id == limit_id else one
        for one in caller.limits
    )
    return replace(caller, limits=lifted), []


def require_unlimited(caller: Caller | None, now: datetime) -> None:
    """What a limited number calls about is not taken down; danger always is (E-47)."""
    held = caller.limit(now) if caller else None
    if held is not None:
        raise CallerLimited(
            f"该号码因滥用线路限制至 {held.until.isoformat()}。来电人反映险情的，请按紧急事件转接或登记；"
            "应当解除的，请报值班主任解除限制。"
        )
