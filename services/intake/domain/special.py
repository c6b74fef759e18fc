"""Special classes: the treatment a matter gets instead of ordinary dispatch (S3-45…S3-51, X-21, X-22, E-48).

What must be said to the complainant stands in the rulebook; the officer says it, in the office's
standard words or in others, and the words given are kept. Nobody is asked to evaluate it (E-111).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from string import Template
from typing import Final

from huiyin.chassis.rulebook import OfficeFolder, Rulebook
from huiyin.chassis.rulebook.sorting import Which
from huiyin.contracts.events import Given
from services.intake.domain.sorting import MatterSorting, Problem, Special, SpecialForm

#: By these policies a matter of another authority may go to a unit, for guidance (S3-50, X-22).
_GUIDED: Final = frozenset({"inform"})
#: By these any one of the duties is enough: told where to go, or phoned for (S4-24, S4-25).
_ANY_DUTY: Final = frozenset({"tell_or_phone"})


@dataclass(frozen=True, kw_only=True)
class Way:
    """Where a matter goes: to a unit or not, to which one straight, as which special class it travels."""

    dispatched: bool
    given: Given | None = None
    special: str = ""


def way_of(sorted_: MatterSorting, kind: str, book: Rulebook) -> Way:
    """Where a matter goes after registration.

    Ordinary ones to the catalogue's unit, or to whom a leader handed them (E-95); praise and the like
    nowhere (E-45); special classes nowhere, or to a unit for guidance alone (S3-45, S3-50). What the
    office handles though it belongs to a legal channel (X-21), or transfers to the right authority
    (X-22), goes its ordinary way.
    """
    special = sorted_.special
    if special is None or _ordinary_all_the_same(special, book):
        return Way(dispatched=book.classification.kinds[kind].dispatched, given=sorted_.handed)
    guided = Given(unit=special.unit, ground="for_guidance") if special.unit else None
    return Way(dispatched=guided is not None, given=guided, special=special.special)


def treatment(special: SpecialForm, book: Rulebook, by: str, at: datetime) -> Special:
    """The special class with the words as they were said: the officer's own, or the standard ones."""
    standard = standard_words(special, book)
    said = {duty: words.strip() or standard[duty] or "" for duty, words in special.said.items()}
    return Special(special=special.special, which=special.which, said=said, by=by, at=at)


def standard_words(special: SpecialForm, book: Rulebook) -> dict[str, str | None]:
    """What the rulebook has an officer say, by duty; None where there are no words but the officer's own."""
    which = kinds_of(special.special, book).get(special.which)
    filled = {"which": which.name, "hint": which.hint} if which else {"which": "", "hint": ""}
    duties = book.special_classes[special.special].duties
    return {
        name: Template(duty.words).safe_substitute(filled) if duty.words else None
        for name, duty in duties.items()
    }


def kinds_of(special: str, book: Rulebook) -> Mapping[str, Which]:
    """The kinds of a special class; those of `legal_channel` are the office's excluded channels."""
    return (
        book.excluded_channels.channels if special == "legal_channel" else book.special_classes[special].which
    )


def is_sealed(sorted_: MatterSorting, book: Rulebook) -> bool:
    """Whether no word of it is worked on or sent: a state secret (E-82, S3-49)."""
    if sorted_.special is None:
        return False
    which = kinds_of(sorted_.special.special, book).get(sorted_.special.which)
    return which is not None and which.sealed


def is_outside(area: str, book: Rulebook) -> bool:
    """Whether an area is one that the office knows to be another's (S3-02, E-48)."""
    outside = book.special_classes.get("outside_area")
    return area not in book.areas and outside is not None and area in outside.which


def problems(sorted_: MatterSorting, area: str, office: OfficeFolder) -> Iterator[Problem]:
    """What of a special class is wrong or was not said; each missing duty is named with its words."""
    book, special = office.rulebook, sorted_.special
    if is_outside(area, book) and (special is None or special.which != area):
        hint = book.special_classes["outside_area"].which[area].hint
        yield "special", f"不在本机构受理区域，须告知：{hint}（special: outside_area，which: {area}）"
    if special is None:
        return
    if special.special not in book.special_classes:
        yield "special.class", f"本机构没有这一特殊类别；可用：{'、'.join(book.special_classes)}"
        return
    if special.special == "outside_area" and not is_outside(area, book):
        yield "area", "属于本机构受理区域，不能按区域外处理"
    if sorted_.handed is not None:
        yield "handed", "特殊类别不派单，不能同时由领导直接交办"
    yield from _kind_problems(special, book)
    yield from _duty_problems(special, book)
    yield from _unit_problems(special, office)


def _kind_problems(special: SpecialForm, book: Rulebook) -> Iterator[Problem]:
    kinds = kinds_of(special.special, book)
    if special.which not in kinds and (kinds or special.which):
        listed = "、".join(f"{name}（{one.name}）" for name, one in kinds.items()) or "无"
        yield "special.which", f"须从中选择：{listed}"


def _duty_problems(special: SpecialForm, book: Rulebook) -> Iterator[Problem]:
    duties, standard = book.special_classes[special.special].duties, standard_words(special, book)
    for name in special.said:
        if name not in duties:
            yield f"special.said.{name}", f"没有这一项；可用：{'、'.join(duties)}"
        elif not special.said[name].strip() and standard[name] is None:
            yield f"special.said.{name}", f"{duties[name].name}没有统一用语，须写明实际告知的内容"
    missing = [name for name in duties if name not in special.said]
    if special.special == "legal_channel" and _ordinary_all_the_same(special, book):
        return  # nothing need be said of a channel where the office handles the matter itself
    if special.special == "out_of_scope" and book.out_of_scope.policy in _ANY_DUTY and special.said:
        return
    for name in missing:
        words = f"：{standard[name]}" if standard[name] else ""
        yield f"special.said.{name}", f"须{duties[name].name}{words}"


def _unit_problems(special: SpecialForm, office: OfficeFolder) -> Iterator[Problem]:
    if not special.unit:
        return
    if special.special != "out_of_scope" or office.rulebook.out_of_scope.policy not in _GUIDED:
        yield "special.unit", "这一类别不转送单位"
    elif special.unit not in office.units:
        yield "special.unit", f"通讯录里没有单位 {special.unit}"


def _ordinary_all_the_same(special: SpecialForm, book: Rulebook) -> bool:
    """X-21 `handle`, unless the complainant was pointed to the channel; X-22 `transfer`."""
    if special.special == "legal_channel":
        return book.excluded_channels.policy == "handle" and not special.said
    return special.special == "out_of_scope" and book.out_of_scope.policy == "transfer"
