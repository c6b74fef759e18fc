"""How a complaint is sorted beside its kind: schemes, signs, marks with their reasons, legal class."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from huiyin.chassis.rulebook import OfficeFolder, Rulebook
from huiyin.contracts.events import Given

Problem = tuple[str, str]

#: A class that is not listed, in an open scheme, is a few words (S3-24).
_OWN_WORD: Final = 30
#: How long a threshold looks back, near enough to see whether many speak of one matter.
_IN_DAYS: Final = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1, "wd": 1.4, "month": 30}


@dataclass(frozen=True, kw_only=True)
class SpecialForm:
    """A special class as the officer found it: which kind of it, what was said by duty; an empty text
    stands for the office's standard words. `unit` is whom it goes to for guidance, if to anybody.
    """

    special: str
    which: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class MatterSorting:
    """How one matter was sorted at the desk: its class in each scheme, a special class, and the unit that
    a leader handed it to by word of mouth (E-95).
    """

    classes: Mapping[str, str] = field(default_factory=dict)
    special: SpecialForm | None = None
    handed: Given | None = None


@dataclass(frozen=True, kw_only=True)
class CaseSorting:
    """How the case as a whole was sorted at the desk: signs ticked, reasons for its flags by flag, how
    many people it touches, whether evidence came with a report, and why the priority is another.
    """

    signs: tuple[str, ...] = ()
    why: Mapping[str, str] = field(default_factory=dict)
    affected: int = 1
    evidence: bool | None = None
    priority_why: str = ""


@dataclass(frozen=True, kw_only=True)
class Special:
    """The treatment a special class got instead of ordinary dispatch: the words given, and who (S3-45)."""

    special: str
    which: str
    said: Mapping[str, str]
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Because:
    """One reason of a priority: the rulebook's reason, what of the content it saw, and its points."""

    reason: str
    seen: str
    points: int


@dataclass(frozen=True, kw_only=True)
class Weighing:
    """What the content weighs (S0-13): the priority it gives, why; and why an officer chose another."""

    priority: str = ""
    points: int = 0
    because: tuple[Because, ...] = ()
    overridden_why: str = ""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One reclassification: what was, by field; the reason, redacted; who and when (E-46)."""

    before: Mapping[str, str]
    after: Mapping[str, str]
    why: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Sorting:
    """What is kept of a case's sorting; `rank` 0 is the weightiest priority, `changes` go first to last."""

    signs: tuple[str, ...] = ()
    why: Mapping[str, str] = field(default_factory=dict)
    affected: int = 1
    evidence: bool | None = None
    rank: int = 0
    weighing: Weighing = field(default_factory=Weighing)
    changes: tuple[Change, ...] = ()

    @property
    def version(self) -> int:
        """Which sorting this is; hearers ignore one older than they hold."""
        return 1 + len(self.changes)


def matter_problems(matter: MatterSorting, book: Rulebook) -> Iterator[Problem]:
    """Only classes of the office's schemes (X-19, S1-07…S1-11, S3-24)."""
    schemes = book.classification.schemes
    for name, given in matter.classes.items():
        if name not in schemes:
            yield f"classes.{name}", f"本机构没有这种分类；可用：{'、'.join(schemes) or '无'}"
        elif given not in schemes[name].classes and not (schemes[name].open and _is_own_word(given)):
            yield f"classes.{name}", f"没有 {given}；可用：{_listed(schemes[name].classes)}"


def unsorted(matter: MatterSorting, kind: str, book: Rulebook) -> Iterator[Problem]:
    """What is accepted has a class; what none fits is not accepted, with the reason (S1-12)."""
    known = book.classification.kinds.get(kind)
    not_accepted = matter.special is not None and matter.special.special == "not_accepted"
    for name, scheme in book.classification.schemes.items():
        if not_accepted and scheme.required and name in matter.classes:
            yield f"classes.{name}", f"已归入 {matter.classes[name]}，应当受理；都不适合的才不予受理"
        needed = scheme.required and known is not None and known.dispatched and not not_accepted
        if needed and name not in matter.classes:
            yield f"classes.{name}", f"须选择{scheme.name}：{_listed(scheme.classes)}"


def case_problems(
    sorted_: CaseSorting, difficulty: str, legal_class: str | None, flags: tuple[str, ...], book: Rulebook
) -> Iterator[Problem]:
    """Signs that are known, a reason for each word of V-06, evidence said yes or no (S4-62)."""
    known = book.classification.signs
    for sign in sorted_.signs:
        if sign not in known:
            yield "signs", f"本机构没有 {sign}；可用：{_listed(known)}"
    for flag in flags:
        if flag in book.terms.criteria and not sorted_.why.get(flag, "").strip():
            yield f"why.{flag}", "认定须写明理由"
    for flag in sorted_.why:
        if flag not in flags:
            yield f"why.{flag}", "没有作此标记，不需要理由"
    yield from _class_three(sorted_, difficulty, book)
    law = book.legal_class.get(legal_class or "")
    if law is not None and law.tell_result == "real_name_with_evidence" and sorted_.evidence is None:
        yield "evidence", f"{law.name}须注明是否提供了证据（true 或 false）"


def thresholds(flags: tuple[str, ...], book: Rulebook) -> dict[str, tuple[int, timedelta]]:
    """The flags nobody set that so many cases of one matter within such a time speak for (V-06)."""
    return {
        flag: (criteria.cases, timedelta(days=criteria.within.amount * _IN_DAYS[criteria.within.unit]))
        for flag, criteria in book.terms.criteria.items()
        if criteria.cases is not None
        and criteria.within is not None
        and flag in book.classification.flags
        and flag not in flags
    }


def handed_problems(handed: Given, office: OfficeFolder) -> Iterator[Problem]:
    """Who handed a matter straight to a department leads, and the department is in the directory (E-95)."""
    leader = office.people.get(handed.leader)
    if leader is None or "leader" not in leader.roles:
        yield "handed.leader", f"通讯录里没有领导 {handed.leader}"
    if handed.unit not in office.units:
        yield "handed.unit", f"通讯录里没有单位 {handed.unit}"


def proposed(signs: tuple[str, ...], flags: tuple[str, ...], book: Rulebook) -> dict[str, list[str]]:
    """The flags that the signs speak for and nobody set: proposed with them; a person decides (V-06)."""
    spoken = {
        flag: [sign for sign in signs if sign in criteria.any_of]
        for flag, criteria in book.terms.criteria.items()
        if flag in book.classification.flags and flag not in flags
    }
    return {flag: seen for flag, seen in spoken.items() if seen}


def _class_three(sorted_: CaseSorting, difficulty: str, book: Rulebook) -> Iterator[Problem]:
    """XI-06: legacy, very difficult, several units: any one makes the class, or only all together."""
    if difficulty != book.class3.difficulty:
        return
    ticked = [sign in sorted_.signs for sign in book.class3.signs]
    enough, how_many = (any, "具备其一") if book.class3.match == "any" else (all, "同时具备")
    if not enough(ticked):
        names = "、".join(book.classification.signs[sign].name for sign in book.class3.signs)
        yield "signs", f"归入此类须{how_many}：{names}"


def _is_own_word(given: str) -> bool:
    return 0 < len(given.strip()) <= _OWN_WORD


def _listed(named: Mapping[str, object]) -> str:
    return "、".join(f"{name}（{getattr(one, 'name', '')}）" for name, one in named.items())
