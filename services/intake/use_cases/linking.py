"""Cases that are one: a person decides, the issue's first case learns of it by a message (E-36, E-37)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final, Literal

from bson import Binary

from huiyin.chassis.draft import Answer
from huiyin.chassis.errors import NotFound
from huiyin.chassis.sight import seen_by
from huiyin.chassis.steps import Actor, Cause
from services.intake.domain import linking
from services.intake.domain.alike import Link, Unlike
from services.intake.domain.case import Case
from services.intake.domain.likeness import LinkKind, Proposal, shared_words
from services.intake.domain.linking import issue_of
from services.intake.domain.words import words_of
from services.intake.errors import NoSuchEarlier
from services.intake.store.orders import OLDEST_FIRST
from services.intake.use_cases.house import House

#: So many of an issue's other cases are shown at once.
_SHOWN: Final = 200
#: So many of the words that two cases share are told as the reason.
_WORDS: Final = 5

Verdict = Literal["repeat", "incident", "not_alike"]


def decide(house: House, number: str, other: str, verdict: Verdict, why: str, cause: Cause) -> Answer:
    """A person says what a case has to do with an earlier one that they may see as a whole (E-36, E-37)."""
    now = house.now()
    house.cases.whole(number, cause.who)
    earlier = earlier_case(house, other, cause.who)
    if verdict == "not_alike":
        unlike = Unlike(other=other, by=cause.who.subject, at=now, why=_sealed(house, why, cause.who, now))
        return house.cases.take(
            number,
            cause,
            "not-alike",
            lambda case: linking.refuse(case, unlike),
            lambda _: {"number": number},
        )
    link = link_to(house, verdict, earlier, why, cause.who, now)
    return house.cases.take(
        number,
        cause,
        "link",
        lambda case: linking.link(case, link, issue_of(earlier)),
        lambda _: {"number": number, "kind": verdict, "other": other},
    )


def earlier_case(house: House, number: str, who: Actor, field: str = "other") -> Case:
    """The case that somebody names, if it is open to them as a whole; else it is as if there were none."""
    try:
        return house.cases.whole(number, who).state
    except NotFound as missing:
        raise NoSuchEarlier(str(missing), {field: str(missing)}) from None


def link_to(house: House, kind: LinkKind, earlier: Case, why: str, who: Actor, now: datetime) -> Link:
    """A person's word, with the reason sealed (V-06)."""
    sealed = _sealed(house, why, who, now)
    return Link(kind=kind, other=earlier.number, by=who.subject, at=now, why=sealed)


def _sealed(house: House, why: str, who: Actor, now: datetime) -> Binary:
    return house.base.sealer.seal(who.office, f"{now:%Y-%m}", why)


def undo(house: House, number: str, cause: Cause) -> Answer:
    """A person takes a link back; nothing else is taken back by it."""
    now = house.now()
    return house.cases.take(
        number, cause, "part", lambda case: linking.part(case, now), lambda _: {"number": number}
    )


def issues(house: House, who: Actor) -> int:
    """How many issues the cases are that somebody sees: those of one issue count once (E-37)."""
    cases = house.cases.collection
    with house.base.client.start_session(snapshot=True) as moment:  # one just unlinked is in one of them
        alone = cases.count_documents({**seen_by(who), "linked": False}, session=moment)
        return alone + len(cases.distinct("issue", {**seen_by(who), "linked": True}, session=moment))


def show(house: House, number: str, who: Actor) -> Mapping[str, Any]:
    """A case's like, as far as somebody sees both: what is hidden is as if it were not there."""
    case = house.cases.whole(number, who).state
    issue = issue_of(case)
    others = {**seen_by(who), "issue": issue, "number": {"$ne": number}}
    found = house.cases.find(others, sort=OLDEST_FIRST, limit=_SHOWN) if case.alike.linked else []
    total = house.cases.collection.count_documents(others) if case.alike.linked else 0
    seen = [record.key for record in found]
    return {
        "number": number,
        "link": _link(house, case, who),
        "first": issue if issue in (number, *seen) else None,
        "others": seen,
        "total": total,
        "proposals": told(house, _grams(case), proposals_of(case), who),
    }


def proposals_of(case: Case) -> tuple[Proposal, ...]:
    """What still waits for a person's word."""
    held = case.alike
    done = {*(one.other for one in held.not_alike), *([held.link.other] if held.link else []), held.first}
    return tuple(one for one in held.proposals if one.other not in done)


def told(
    house: House, grams: Collection[str], proposals: tuple[Proposal, ...], who: Actor
) -> list[Mapping[str, Any]]:
    """The proposals somebody may know of, each with the reason and the words it shares with these pairs.

    Who complained is known only of a case that is open as a whole: a repeat of another is not proposed.
    """
    records = house.cases.load([one.other for one in proposals])
    found = []
    for one in proposals:
        record = records.get(one.other)
        seen = house.cases.seen_in(record, who) if record and record.office == who.office else None
        if seen is None or one.matter not in seen.matter_ids:
            continue
        if one.kind == "incident" or seen is record.state:  # type: ignore[union-attr]
            found.append(_proposal(one, grams, seen))
    return found


def _proposal(one: Proposal, grams: Collection[str], other: Case) -> Mapping[str, Any]:
    theirs = next((words for words in words_of(other) if words.matter == one.matter), None)
    return {
        "kind": one.kind,
        "other": one.other,
        "matter": one.matter,
        "score": one.score,
        "reasons": list(one.reasons),
        "words": shared_words(theirs.text, grams)[:_WORDS] if theirs else [],
        "stage": other.stage.name,
        "accepted_at": other.accepted_at.isoformat(),
    }


def _grams(case: Case) -> frozenset[str]:
    return frozenset(gram for words in words_of(case) for gram in words.grams)


def _link(house: House, case: Case, who: Actor) -> Mapping[str, Any] | None:
    link = case.alike.link
    record = house.cases.look(link.other) if link else None
    if link is None or record is None or house.cases.seen_in(record, who) is None:
        return None
    return {
        "kind": link.kind,
        "other": link.other,
        "claim": link.claim,
        "by": link.by,
        "at": link.at.isoformat(),
    }
