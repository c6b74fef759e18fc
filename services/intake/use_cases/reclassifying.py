"""Sorting a case anew, with the reason (E-46); and what an office sorts by."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from typing import Any, Final

from huiyin.chassis.draft import Answer
from huiyin.chassis.rulebook import Rulebook
from huiyin.chassis.steps import Actor, Cause
from services.intake.domain import reclassifying, special
from services.intake.domain.case import Case
from services.intake.domain.reclassifying import Anew, Outcome
from services.intake.domain.redaction import redact
from services.intake.domain.sorting import SpecialForm
from services.intake.use_cases.house import House
from services.intake.use_cases.known import known_of
from services.intake.use_cases.sorting import sorted_as
from services.intake.use_cases.views import summary

#: What of a reclassification is no finding.
_NOT_FOUND: Final = frozenset({"reason", "matter"})


def reclassify(house: House, number: str, body: Mapping[str, Any], cause: Cause) -> Answer:
    """Sort a matter, or its case, anew, with the reason; what it was is kept, its first times stay (E-46)."""
    now = house.now()
    matter, found = body["matter"], {name: value for name, value in body.items() if name not in _NOT_FOUND}
    folder = house.base.rulebooks.office(cause.who.office)

    def decide(case: Case) -> Outcome:
        book, known = house.base.rulebooks.version(case.rulebook), known_of(house, case)
        why = redact(body["reason"].strip(), known)
        anew = Anew(matter=matter, found=_redacted(found, known), why=why, by=cause.who.subject, at=now)
        return reclassifying.reclassify(case, anew, replace(folder, rulebook=book))

    def told(case: Case) -> Answer:
        book = house.base.rulebooks.version(case.rulebook)
        return {**summary(case), **sorted_as(case, book)}

    return house.cases.take(number, cause, "reclassify", decide, told, about=lambda case: case.matter(matter))


def _redacted(found: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
    """What an officer wrote is worked on without identity, as the complainant's words are."""
    clean = dict(found)
    if "why" in clean:
        clean["why"] = {flag: redact(words, known) for flag, words in clean["why"].items()}
    if "classes" in clean:
        clean["classes"] = {name: redact(words, known) for name, words in clean["classes"].items()}
    told = clean.get("special")
    if isinstance(told, SpecialForm):
        clean["special"] = replace(told, said={d: redact(words, known) for d, words in told.said.items()})
    return clean


def choices(house: House, who: Actor) -> Mapping[str, Any]:
    """What the office sorts by (X-19…X-22, S3-45, V-06): what may be chosen, and what must be said then."""
    book = house.base.rulebooks.office(who.office).rulebook
    sorting = book.classification
    return {
        "kinds": _listed(sorting.kinds),
        "difficulties": _listed(sorting.difficulties),
        "priorities": _listed(sorting.priorities),
        "flags": _listed(sorting.flags),
        "signs": _listed(sorting.signs),
        "legal_classes": _listed(book.legal_class),
        "schemes": _listed(sorting.schemes),
        "special_classes": {name: _special(name, book) for name in book.special_classes},
        "criteria": _listed(book.terms.criteria),
        "out_of_scope": book.out_of_scope.policy,
        "excluded_channels": book.excluded_channels.policy,
    }


def _special(name: str, book: Rulebook) -> dict[str, Any]:
    """A special class: its kinds, and for each kind what must be said, in the office's words."""
    held, kinds = book.special_classes[name], special.kinds_of(name, book)
    return {
        "name": held.name,
        "name_en": held.name_en,
        "which": {which: kind.name for which, kind in kinds.items()},
        "duties": {duty: told.name for duty, told in held.duties.items()},
        "words": {
            which: special.standard_words(SpecialForm(special=name, which=which), book)
            for which in (*kinds, *([] if kinds else [""]))
        },
    }


def _listed(named: Mapping[str, Any]) -> dict[str, Any]:
    return {name: asdict(one) for name, one in named.items()}
