"""Sorting a complaint at the desk: what is kept of it, what is told of it, what could be chosen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bson import Binary

from huiyin.chassis.rulebook import Rulebook
from services.intake.domain import registration, sorting, special, weighing
from services.intake.domain.case import Case, CaseMatter
from services.intake.domain.redaction import redact
from services.intake.domain.registration import Form, MatterForm
from services.intake.domain.sorting import Sorting, Special


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where a matter is taken down: its rules, its seal, who sits there, and what the parties told of
    themselves, so that it is cut from the words.
    """

    book: Rulebook
    seal: Callable[[Mapping[str, Any]], Binary]
    known: Sequence[str]
    by: str
    at: datetime
    answered: bool = False


def matter_of(n: int, told: MatterForm, desk: Desk) -> CaseMatter:
    """A matter as it is kept: the original sealed, a redacted copy to work with; of a sealed one none."""
    way = special.way_of(told.sorted, told.kind, desk.book)
    words = {
        "place": told.place,
        "text": told.text,
        "wish": told.wish,
        "object": told.object,
    }
    matter = CaseMatter(
        id=f"m{n}",
        kind=told.kind,
        category=told.category,
        area=told.area,
        place="",
        text="",
        wish="",
        original=desk.seal(words),
        classes={name: redact(given, desk.known) for name, given in told.sorted.classes.items()},
        dispatched=way.dispatched and not desk.answered,
        special=_treated(told, desk),
        travels_as=way.special,
        given=way.given,
        secret=special.is_sealed(told.sorted, desk.book),
    )
    return matter.worded({part: redact(given, desk.known) for part, given in words.items()})


def sorting_of(form: Form, book: Rulebook, known: Sequence[str]) -> Sorting:
    """What is kept of how the case was sorted: signs, reasons, weight; officers' words redacted."""
    found = registration.weighing_of(form, book)
    why = redact(form.sorted.priority_why, known)
    return Sorting(
        signs=form.sorted.signs,
        why={flag: redact(reason, known) for flag, reason in form.sorted.why.items()},
        affected=form.sorted.affected,
        evidence=form.sorted.evidence,
        rank=weighing.rank_of(form.priority or found.priority, book),
        weighing=replace(found, overridden_why=why if form.priority not in (None, found.priority) else ""),
    )


def words_to_send(form: Form, case: Case, book: Rulebook) -> str:
    """The standard words of special classes, for whoever is not on the telephone; of what is confidential
    or a secret none: a telephone may be shared (E-78, E-82).
    """
    said = [
        words
        for told, matter in zip(form.matters, case.matters, strict=True)
        if told.sorted.special is not None and not case.circle.of(matter.id).guarded
        for words in special.standard_words(told.sorted.special, book).values()
        if words
    ]
    return "".join(said)


def sorted_as(case: Case, book: Rulebook) -> dict[str, Any]:
    """How a case was sorted and why, as its officer is told and staff see it."""
    sorted_ = case.sorting
    return {
        "priority": case.priority,
        "weighing": _weighing(case, book),
        "signs": list(sorted_.signs),
        "why": dict(sorted_.why),
        "affected": sorted_.affected,
        "real_name": any(not party.anonymous for party in case.parties if party.role == "complainant"),
        "evidence": sorted_.evidence,
        "reclassified": [_change(change) for change in sorted_.changes],
    }


def shown(matter: CaseMatter) -> dict[str, Any]:
    """How one matter was sorted, and what was said of its special class, by whom (S3-45)."""
    return {
        "classes": dict(matter.classes),
        "dispatched": matter.dispatched,
        "special": _special(matter.special) if matter.special else None,
        "given": {"unit": matter.given.unit, "ground": matter.given.ground, "leader": matter.given.leader}
        if matter.given
        else None,
    }


def _treated(told: MatterForm, desk: Desk) -> Special | None:
    if told.sorted.special is None:
        return None
    treated = special.treatment(told.sorted.special, desk.book, desk.by, desk.at)
    return replace(treated, said={duty: redact(words, desk.known) for duty, words in treated.said.items()})


def _weighing(case: Case, book: Rulebook) -> dict[str, Any]:
    weighing_ = case.sorting.weighing
    return {
        "priority": weighing_.priority,
        "points": weighing_.points,
        "because": [
            {"reason": book.priority.reasons[one.reason].name, "seen": one.seen, "points": one.points}
            for one in weighing_.because
        ],
        "overridden_why": weighing_.overridden_why or None,
    }


def _special(given: Special) -> dict[str, Any]:
    return {
        "class": given.special,
        "which": given.which or None,
        "said": dict(given.said),
        "by": given.by,
        "at": given.at.isoformat(),
    }


def _change(change: sorting.Change) -> dict[str, Any]:
    return {
        "before": dict(change.before),
        "after": dict(change.after),
        "why": change.why,
        "by": change.by,
        "at": change.at.isoformat(),
    }
