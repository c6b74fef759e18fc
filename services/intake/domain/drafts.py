"""A form half typed in: kept sealed, taken over by another, finished once, never lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bson import Binary

from huiyin.chassis.rulebook import Term
from huiyin.contracts.circle import Circle, MatterCircle
from huiyin.contracts.events import Event
from services.intake.errors import DraftFinished, NotYourDraft

_ALL = "draft"
_LENGTHS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}

Outcome = tuple["FormDraft", Sequence[Event]]


@dataclass(frozen=True, kw_only=True)
class FormDraft:
    """One half-typed form; `content` is sealed like a case, and dropped when the case holds it.

    `circle` shuts out whom the half-typed words accuse already (S2-89).
    """

    id: str
    office: str
    channel: str
    content: Binary | None
    holder: str
    begun_by: str
    begun_at: datetime
    changed_at: datetime
    expires_at: datetime
    number: str = ""
    circle: Circle = field(default_factory=Circle)

    @property
    def matter_ids(self) -> tuple[str, ...]:
        """A draft is seen as a whole or not at all."""
        return (_ALL,)

    def state(self, now: datetime) -> str:
        """`open`, `finished`, or `expired`: then somebody must take it over to go on."""
        if self.number:
            return "finished"
        return "open" if now < self.expires_at else "expired"


def expiry(kept: Term, at: datetime) -> datetime:
    """Until when a draft may lie without being touched."""
    return at + kept.amount * _LENGTHS[kept.unit]


def accused_in(content: Mapping[str, Any]) -> Circle:
    """Whom the words so far accuse; a half-typed form may be of any shape."""
    matters = content.get("matters")
    told = [m.get("accused") for m in matters if isinstance(m, dict)] if isinstance(matters, list) else []
    named = [one for one in told if isinstance(one, dict)]
    people, units = (_names(named, key) for key in ("people", "units"))
    if not people and not units:
        return Circle()
    shut = MatterCircle(matter=_ALL, accusing=True, accused=people, accused_units=units)
    return Circle(matters=(shut,))


def save(draft: FormDraft, by: str, content: Binary, changed: FormDraft, now: datetime) -> Outcome:
    """What was typed since; only who holds the draft types in it."""
    require_held(draft, by, now)
    kept = replace(
        draft,
        content=content,
        channel=changed.channel,
        circle=changed.circle,
        changed_at=now,
        expires_at=changed.expires_at,
    )
    return kept, []


def take_over(draft: FormDraft, by: str, until: datetime, now: datetime) -> Outcome:
    """Another officer goes on with it, also after it expired; who held it types in it no more."""
    if draft.number:
        raise DraftFinished(f"该草稿已登记为 {draft.number}。", {"number": draft.number})
    return replace(draft, holder=by, changed_at=now, expires_at=until), []


def finish(draft: FormDraft, number: str) -> Outcome:
    """It became a case: what it held is there now."""
    return replace(draft, number=number, content=None), []


def require_held(draft: FormDraft, by: str, now: datetime) -> None:
    """Refuse whoever does not hold it, and everybody when it is finished or expired."""
    if draft.number:
        raise DraftFinished(f"该草稿已登记为 {draft.number}。", {"number": draft.number})
    if draft.holder != by or draft.state(now) != "open":
        raise NotYourDraft("该草稿由他人经办或已过期，请先接手（takeover）。")


def _names(named: Sequence[Mapping[str, Any]], key: str) -> tuple[str, ...]:
    lists = (one.get(key) for one in named)
    found = (name for many in lists if isinstance(many, list) for name in many if isinstance(name, str))
    return tuple(dict.fromkeys(found))
