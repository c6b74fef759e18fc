"""The circle of a case, where it is made: accused, recusals, confidentiality; and what may be disclosed."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from huiyin.chassis import walls
from huiyin.chassis.rulebook import OfficeFolder, Rulebook
from huiyin.contracts.circle import Circle, MatterCircle
from huiyin.contracts.events import CircleChanged, Event
from huiyin.contracts.services import SERVICES
from services.intake.domain.case import Case
from services.intake.errors import (
    NoSuchMatter,
    NotInDirectory,
    NotToBeDisclosed,
)

Outcome = tuple[Case, list[Event]]
Why = Literal["accused", "recused", "confidential", "approved", "spent", "reclassified"]
Problem = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Named:
    """People (directory subjects) and units that somebody names."""

    people: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the complainant told of a matter beside its words (S2-23, S0-37, S1-34)."""

    accused: Named = field(default_factory=Named)
    accusing: bool = False
    confidential: bool = False


@dataclass(frozen=True, kw_only=True)
class Order:
    """An order that dispatch asks leave for."""

    id: str
    matter: str
    unit: str
    head: str = ""


def of_matter(
    told: Told, matter: str, kind: str, flags: Collection[str], legal_class: str | None, book: Rulebook
) -> MatterCircle:
    """A matter's circle at the beginning: as told, and as the rulebook has it (X-14, X-15, S4-60)."""
    reports = book.classification.kinds[kind].accusing
    named = bool(told.accused.people or told.accused.units)
    accusing = told.accusing or reports or named or "accusing" in flags
    secret = {"everything": True, "accusing": accusing, "informants": reports}
    by_rule = any(secret.get(of, False) for of in book.confidential.default)
    return MatterCircle(
        matter=matter,
        accusing=accusing,
        confidential=told.confidential or by_rule or _hides(legal_class, book),
        accused=told.accused.people,
        accused_units=told.accused.units,
    )


def _hides(legal_class: str | None, book: Rulebook) -> bool:
    """Whether the law that a report rests on keeps who reports confidential (S4-60)."""
    return legal_class is not None and book.legal_class[legal_class].hide_complainant


def begin(matters: Collection[MatterCircle]) -> Circle:
    """The first circle; matters that nothing is to be said of are left out."""
    return Circle(matters=tuple(one for one in matters if one != MatterCircle(matter=one.matter)))


def problems(named: Named, office: OfficeFolder) -> Iterator[Problem]:
    """Who is named and does not stand in the office's directory: nobody could be kept out by it (S0-37)."""
    if unknown := [subject for subject in named.people if subject not in office.people]:
        yield "people", f"通讯录里没有人员 {unknown[0]}"
    if unknown := [unit for unit in named.units if unit not in office.units]:
        yield "units", f"通讯录里没有单位 {unknown[0]}"


def accuse(case: Case, matter: str, named: Named, office: OfficeFolder, at: datetime) -> Outcome:
    """The accused are learned, perhaps late: every service shuts them out, dispatch recalls (S0-37, E-73)."""
    _require_known(named, office)

    def accused(shut: MatterCircle) -> MatterCircle:
        return replace(
            shut,
            accusing=True,
            accused=_with(shut.accused, named.people),
            accused_units=_with(shut.accused_units, named.units),
        )

    return changed(case, (matter,), accused, "accused", at)


def recuse(case: Case, named: Named, office: OfficeFolder, at: datetime) -> Outcome:
    """A conflict is declared, perhaps late: whoever has it is out of the whole case (S2-89, E-75, E-76)."""
    _require_known(named, office)

    def recused(shut: MatterCircle) -> MatterCircle:
        return replace(
            shut,
            recused=_with(shut.recused, named.people),
            recused_units=_with(shut.recused_units, named.units),
        )

    return changed(case, tuple(matter.id for matter in case.matters), recused, "recused", at)


def keep_secret(case: Case, matter: str, at: datetime) -> Outcome:
    """The complainant asks that a matter be kept confidential: masked from now on (S1-34, E-80)."""
    return changed(case, (matter,), lambda shut: replace(shut, confidential=True), "confidential", at)


def resort(case: Case, matter: str, book: Rulebook, at: datetime) -> Outcome:
    """A matter of another kind than before: walls are raised by its new one, none are taken down (E-46)."""
    now = case.matter(matter)
    by_kind = of_matter(Told(), matter, now.kind, case.flags, case.legal_class, book)
    secret = now.special is not None and now.special.special == "secret"

    def sorted_anew(shut: MatterCircle) -> MatterCircle:
        return replace(
            shut,
            accusing=shut.accusing or by_kind.accusing,
            confidential=shut.confidential or by_kind.confidential or secret,
        )

    return changed(case, (matter,), sorted_anew, "reclassified", at)


def may_be_disclosed(
    case: Case, order: Order, book: Rulebook, office: OfficeFolder, at: datetime
) -> walls.Decision:
    """Whether an order of a matter may go where dispatch wants to send it (S0-36, S2-24…S2-26)."""
    return walls.may_hold(
        order.unit,
        order.head,
        case.circle,
        order.matter,
        office,
        at,
        staff_role=book.accusation.staff_route,
        first=book.accusation.unit or "",
        order=order.id,
    )


def disclose(case: Case, order: Order, book: Rulebook, office: OfficeFolder, at: datetime) -> Outcome:
    """Leave for one order, kept; an approval is spent on it, once (S2-25, E-74)."""
    if not may_be_disclosed(case, order, book, office, at):
        raise NotToBeDisclosed("该工单不能派往这一单位。")
    kept = replace(case, disclosed={**case.disclosed, order.id: case.circle.version})
    shut = case.circle.of(order.matter)
    fresh = next((one for one in shut.approvals if one.unit == order.unit and not one.order), None)
    spent_on_it = any(one.order == order.id for one in shut.approvals)
    if fresh is None or spent_on_it:
        return kept, []

    def spent(of: MatterCircle) -> MatterCircle:
        approvals = (replace(one, order=order.id) if one.id == fresh.id else one for one in of.approvals)
        return replace(of, approvals=tuple(approvals))

    return changed(kept, (order.matter,), spent, "spent", at)


def missing(case: Case) -> tuple[str, ...]:
    """The services that have not answered yet that they decide by this circle (E-73)."""
    others = [service for service in SERVICES if service != "intake"]
    return tuple(s for s in others if case.applied.get(s, 1) < case.circle.version)


def changed(
    case: Case,
    matters: tuple[str, ...],
    change: Callable[[MatterCircle], MatterCircle],
    why: Why,
    at: datetime,
) -> Outcome:
    """The case with these matters' circles changed, one version on; nothing is said when nothing is new."""
    after = {matter: change(case.circle.of(known(case, matter))) for matter in matters}
    fresh = tuple(matter for matter, shut in after.items() if shut != case.circle.of(matter))
    if not fresh:
        return case, []
    kept = [after.get(matter.id, case.circle.of(matter.id)) for matter in case.matters]
    circle = replace(begin(kept), version=case.circle.version + 1)
    said = CircleChanged(circle=circle, matters=fresh, cause=why, changed_at=at)
    return replace(case, circle=circle), [said]


def known(case: Case, matter: str) -> str:
    """The matter, if the case has it; else NoSuchMatter."""
    if matter not in {one.id for one in case.matters}:
        raise NoSuchMatter(f"该诉求没有事项 {matter}。")
    return matter


def _require_known(named: Named, office: OfficeFolder) -> None:
    if wrong := dict(problems(named, office)):
        raise NotInDirectory("须从通讯录中选择人员和单位。", wrong)


def _with(held: tuple[str, ...], more: Collection[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*held, *more)))
