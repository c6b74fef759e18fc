"""Half-typed forms: begun, saved, taken over, finished into a case, listed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from huiyin.chassis.draft import Answer
from huiyin.chassis.mongo import Doc
from huiyin.chassis.sight import seen_by
from huiyin.chassis.steps import Actor, Cause, key_id
from services.intake.domain import drafts
from services.intake.domain.drafts import FormDraft
from services.intake.schemas.taking import Registration, form_of
from services.intake.use_cases import acts
from services.intake.use_cases.house import House

#: By what the drafts of each state are found.
_STATES: Final = {
    "open": {"draft_number": "", "expires_at": "$gt"},
    "expired": {"draft_number": "", "expires_at": "$lte"},
}


def begin(house: House, content: Mapping[str, Any], cause: Cause) -> Answer:
    """A draft of the officer's own, sealed under the office's key of the month."""
    draft = _draft(house, content, f"d{cause.id[:16]}", cause.who)
    return house.drafts.create(draft.id, (draft, []), cause=cause, what="begin", answer=_told(house, draft))


def save(house: House, draft: str, content: Mapping[str, Any], cause: Cause) -> Answer:
    """The draft as it is typed in by now."""
    changed, now = _draft(house, content, draft, cause.who), house.now()
    assert changed.content is not None
    sealed = changed.content
    return house.drafts.take(
        draft,
        cause,
        "save",
        lambda held: drafts.save(held, cause.who.subject, sealed, changed, now),
        lambda held: _told(house, held),
    )


def take_over(house: House, draft: str, cause: Cause) -> Answer:
    """Another officer goes on with it."""
    now, until = house.now(), _until(house, cause.who)
    return house.drafts.take(
        draft,
        cause,
        "take-over",
        lambda held: drafts.take_over(held, cause.who.subject, until, now),
        lambda held: _told(house, held),
    )


def show(house: House, draft: str, who: Actor) -> Mapping[str, Any]:
    """The draft with what was typed in so far, for who holds it."""
    held = house.drafts.seen(draft, who).state
    drafts.require_held(held, who.subject, house.now())
    return {**_told(house, held), "form": _content(house, held)}


def listed(house: House, who: Actor, state: str, skip: int, limit: int) -> Mapping[str, Any]:
    """The office's drafts that wait to be finished, the longest untouched first; no words."""
    found = _STATES[state]
    query: Doc = {
        **seen_by(who),
        "draft_number": found["draft_number"],
        "expires_at": {found["expires_at"]: house.now()},
    }
    page = house.drafts.page(query, who, skip, limit, (("changed_at", 1), ("draft", 1)))
    total = house.drafts.collection.count_documents(query)
    return {"total": total, "drafts": [_told(house, draft) for draft in page]}


def finish(house: House, draft: str, cause: Cause) -> Answer:
    """The draft becomes a case, one and the same however often and by whomever it is finished."""
    held = house.drafts.seen(draft, cause.who).state
    once = replace(cause, id=key_id(held.office, "draft", draft), body=draft)
    done = house.cases.answered(once)
    if done is None:
        drafts.require_held(held, cause.who.subject, house.now())
        form = form_of(Registration().load(_content(house, held)), held.begun_at)
        done = acts.register(house, form, once)
    receipt = done
    house.drafts.take(draft, cause, "finish", lambda now: drafts.finish(now, receipt["number"]))
    return done


def _draft(house: House, content: Mapping[str, Any], draft: str, who: Actor) -> FormDraft:
    now, channel = house.now(), content.get("channel")
    known = house.base.rulebooks.office(who.office).rulebook.intake.channels
    return FormDraft(
        id=draft,
        office=who.office,
        channel=channel if isinstance(channel, str) and channel in known else "",
        content=house.base.sealer.seal(who.office, f"{now:%Y-%m}", dict(content)),
        holder=who.subject,
        begun_by=who.subject,
        begun_at=now,
        changed_at=now,
        expires_at=_until(house, who),
        circle=drafts.accused_in(content),
    )


def _until(house: House, who: Actor) -> Any:
    return drafts.expiry(house.base.rulebooks.office(who.office).rulebook.taking.draft_kept, house.now())


def _content(house: House, draft: FormDraft) -> dict[str, Any]:
    content: dict[str, Any] = house.base.sealer.open(draft.content) if draft.content else {}
    return content


def _told(house: House, draft: FormDraft) -> dict[str, Any]:
    return {
        "draft": draft.id,
        "state": draft.state(house.now()),
        "channel": draft.channel,
        "holder": draft.holder,
        "begun_by": draft.begun_by,
        "begun_at": draft.begun_at.isoformat(),
        "changed_at": draft.changed_at.isoformat(),
        "expires_at": draft.expires_at.isoformat(),
        "number": draft.number,
    }
