"""A case goes on to another office: its own number and clocks there, its first time kept (E-123).

What the other office's rulebook calls things is named by whoever passes the case on. The walls of
each matter stay with it; a unit's id means something in its own office only, so whoever passes a
matter on that accuses units names them as the other office's directory does (S0-35, S0-36).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bson import Binary

from huiyin.chassis.rulebook import OfficeFolder, Rulebook
from huiyin.contracts import events as e
from services.intake.domain import circle, course
from services.intake.domain.case import Case, CaseMatter
from services.intake.domain.circle import Named, Told
from services.intake.domain.passed import PassedMatter, Passing
from services.intake.errors import AlreadyConcluded, AlreadyPassedOn, NotAsRuled

Outcome = tuple[Case, list[e.Event]]
Problem = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class MatterWanted:
    """One matter as the other office calls it; what is not named stays as it is called here."""

    id: str
    kind: str = ""
    category: str = ""
    area: str = ""
    accused: Named | None = None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """To which office a case is to go, and how that one calls things."""

    to: str
    channel: str = ""
    difficulty: str = ""
    priority: str = ""
    matters: tuple[MatterWanted, ...] = ()

    def of(self, matter: str) -> MatterWanted:
        """What is named for a matter, or nothing."""
        return next((m for m in self.matters if m.id == matter), MatterWanted(id=matter))


def ask(case: Case, wanted: Wanted, there: OfficeFolder, by: str, why: Binary, at: datetime) -> Outcome:
    """The case is to go on; NotAsRuled names all that the other office's rulebook does not know."""
    if case.passing is not None:
        raise AlreadyPassedOn(f"该诉求已转往 {case.passing.to}。", {"to": case.passing.to})
    if case.outcome is not None:
        raise AlreadyConcluded("该诉求已办结，不能再转往其他机构。")
    case.require_open()
    passing = _passing(case, wanted, there.rulebook, by, why, at)
    if problems := dict(_problems(case, wanted, passing, there)):
        raise NotAsRuled(f"{there.rulebook.office.name}的规则不接受这样转去，请按提示补充。", problems)
    said = e.CasePassed(to=wanted.to, received_at=case.received_at, passed_at=at)
    return replace(case, passing=passing), [said]


def registered(case: Case, number: str, book: Rulebook, at: datetime) -> Outcome:
    """The other office has it: said to all; the case here ends, or is followed here too (S4-26)."""
    passing = case.passing
    assert passing is not None, "only a case that was passed on is registered elsewhere"
    if passing.number:
        return case, []
    there = replace(case, passing=replace(passing, number=number))
    events: list[e.Event] = [
        e.PassingRegistered(to=passing.to, number=number, registered_at=at),
        *_notices(case, book),
    ]
    if book.passing.own_case == "kept_open":
        return there, events
    ended, said = _conclude(there, at)
    return ended, [*events, *said]


def answered_there(case: Case, at: datetime) -> Outcome:
    """The other office concluded it: a case kept open for it alone, with no order of its own, ends too."""
    if any(not order.ended for order in case.orders):
        return case, []
    return _conclude(case, at)


def told_back(case: Case) -> Outcome:
    """The office that the case came from knows that it is over here."""
    return replace(case, told_back=True), []


def waits(case: Case) -> bool:
    """Whether something is still to be done for a passing: registered there, or told back."""
    asked = case.passing is not None and not case.passing.number
    return asked or (case.passed_from is not None and case.outcome is not None and not case.told_back)


def told(case: Case, matter: CaseMatter) -> Told:
    """A matter's walls as they go with it: who was accused by subject, units as named for the new office."""
    assert case.passing is not None, "only a case that was passed on takes its walls along"
    shut = case.circle.of(matter.id)
    named = next(one for one in case.passing.matters if one.id == matter.id)
    people = tuple(dict.fromkeys((*shut.accused, *named.accused_people)))
    return Told(
        accused=Named(people=people, units=named.accused_units),
        accusing=shut.accusing,
        confidential=shut.confidential,
    )


def _conclude(case: Case, at: datetime) -> Outcome:
    said = e.CaseConcluded(outcome="passed_on", round=case.stage.round, concluded_at=at)
    return course.conclude(case, said)


def _notices(case: Case, book: Rulebook) -> list[e.Event]:
    """Told of the transfer where the office's rules want it for the channel (X-25, S2-56, S4-28)."""
    if case.channel not in book.notify.on_transfer:
        return []
    return course.to_complainants(case, "transfer_notice")


def _passing(case: Case, wanted: Wanted, book: Rulebook, by: str, why: Binary, at: datetime) -> Passing:
    kinds = book.classification
    return Passing(
        to=wanted.to,
        by=by,
        at=at,
        why=why,
        channel=wanted.channel or case.channel,
        difficulty=wanted.difficulty or _known(case.difficulty, kinds.difficulties, "ordinary"),
        priority=wanted.priority or _known(case.priority, kinds.priorities, "normal"),
        legal_class=case.legal_class if case.legal_class in book.legal_class else None,
        flags=tuple(flag for flag in case.flags if flag in kinds.flags),
        matters=tuple(_matter(m, wanted.of(m.id), book.areas) for m in case.matters),
    )


def _known(value: str, known: Collection[str], otherwise: str) -> str:
    return value if value in known else otherwise


def _matter(matter: CaseMatter, wanted: MatterWanted, areas: Collection[str]) -> PassedMatter:
    return PassedMatter(
        id=matter.id,
        kind=wanted.kind or matter.kind,
        category=wanted.category or matter.category,
        area=wanted.area or _around(matter.area, areas),
        accused_people=wanted.accused.people if wanted.accused else (),
        accused_units=wanted.accused.units if wanted.accused else (),
    )


def _around(area: str, areas: Collection[str]) -> str:
    """The nearest area round it that the other office knows; a code lies inside those it begins with."""
    return max((code for code in areas if area.startswith(code)), key=len, default=area)


def _problems(case: Case, wanted: Wanted, passing: Passing, there: OfficeFolder) -> Iterator[Problem]:
    book = there.rulebook
    yield from _unknown(
        {
            "channel": (passing.channel, book.intake.channels),
            "difficulty": (passing.difficulty, book.classification.difficulties),
            "priority": (passing.priority, book.classification.priorities),
        }
    )
    if not book.anonymous.accept and any(p.anonymous for p in case.parties if p.role == "complainant"):
        yield "to", "该机构不受理匿名诉求"
    for unknown in {matter.id for matter in wanted.matters} - set(case.matter_ids):
        yield f"matters.{unknown}", "该诉求没有这个事项"
    for secret in (matter.id for matter in case.matters if matter.secret):
        yield f"matters.{secret}", "涉密事项不在本平台流转，请按保密规定另行移送"
    for matter in passing.matters:
        found = (*_matter_problems(matter, book), *_accused_problems(case, matter.id, wanted, there))
        yield from ((f"matters.{matter.id}.{name}", wrong) for name, wrong in found)


def _matter_problems(matter: PassedMatter, book: Rulebook) -> Iterator[Problem]:
    yield from _unknown({"kind": (matter.kind, book.classification.kinds), "area": (matter.area, book.areas)})
    if matter.category not in book.categories:
        yield "category", f"该机构的事项目录里没有 {matter.category}，请指明"


def _accused_problems(case: Case, matter: str, wanted: Wanted, there: OfficeFolder) -> Iterator[Problem]:
    named = wanted.of(matter).accused
    if case.circle.of(matter).accused_units and named is None:
        yield "accused", "事项涉及单位，请按该机构通讯录指明；该机构没有的，写空列表"
    yield from ((f"accused.{name}", wrong) for name, wrong in circle.problems(named or Named(), there))


def _unknown(named: Mapping[str, tuple[str, Collection[str]]]) -> Iterator[Problem]:
    for name, (value, known) in named.items():
        if value not in known:
            yield name, f"该机构没有 {value}，请指明；可用：{'、'.join(known)}"
