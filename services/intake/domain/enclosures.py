"""Enclosures are counted by two, under a voucher; each rule names its clauses (S2-60, E-85, E-88, E-91).

A case whose enclosure is out stays open (E-86): that rule is `course.conclude` and `course.released`.
Moving and keeping them: `domain/safekeeping.py`; the ways back: `domain/returning.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from huiyin.chassis.rulebook import Rulebook
from huiyin.contracts.events import EnclosureRegistered, EnclosureSettled, Event, MessageRequested, Settlement
from services.intake.domain.case import Case
from services.intake.domain.enclosure import Count, Counted, Enclosure, Holding, Line, Origin
from services.intake.errors import (
    AlreadyConfirmed,
    CountDiffers,
    NotConfirmed,
    NothingHeld,
    NotHolder,
    SamePerson,
)

Outcome = tuple[Case, list[Event]]


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the first person counted, and how it came; `gift`: it was meant as a gift or bribe."""

    voucher: str
    origin: Origin
    lines: tuple[Line, ...]
    gift: bool = False


def enclose(case: Case, found: Found, book: Rulebook, by: str, at: datetime) -> Outcome:
    """Every sum, certificate and thing is a line under a voucher of its own (S2-60, E-85, E-91)."""
    new = Enclosure(
        id=f"n{len(case.enclosures) + 1}",
        voucher=found.voucher,
        origin=found.origin,
        count=Count(by=by, at=at, lines=found.lines),
        custody=(Holding(holder=by, since=at),),
        gift=found.gift,
    )
    said = EnclosureRegistered(
        enclosure=new.id, voucher=new.voucher, origin=new.origin, lines=len(new.lines), registered_at=at
    )
    told = tell_director(new, "enclosure_gift", book, new.id) if new.gift else []
    return replace(case, enclosures=(*case.enclosures, new)), [said, *told]


def count_anew(case: Case, enclosure_id: str, lines: tuple[Line, ...], by: str, at: datetime) -> Outcome:
    """The two did not agree: counted again from the beginning; the earlier count is kept (E-85)."""
    held = case.enclosure(enclosure_id)
    if held.confirmed_by:
        raise AlreadyConfirmed(f"凭证 {held.voucher} 已由两人点清，不能重新清点；如有差错请登记为事故。")
    again = replace(
        held,
        count=Count(by=by, at=at, lines=lines),
        former_counts=(*held.former_counts, held.count),
        custody=(*held.custody, Holding(holder=by, since=at)),
    )
    return with_(case, again), []


def confirm(case: Case, enclosure_id: str, counted: Sequence[Counted], by: str, at: datetime) -> Outcome:
    """A second person counts every line for himself; the same person is refused (E-85)."""
    held = case.enclosure(enclosure_id)
    if held.confirmed_by:
        raise AlreadyConfirmed(f"凭证 {held.voucher} 已由两人点清。")
    if by == held.count.by:
        raise SamePerson("须由另一人清点；同一人不能既清点又复核。")
    found = {one.line: one for one in counted}
    missing = Counted(line="")
    differ = [line.id for line in held.lines if not line.agrees(found.get(line.id, missing))]
    unknown = sorted(found.keys() - {line.id for line in held.lines})
    if differ or unknown:
        problems = {f"lines.{one}": "两人清点不一致，请当面重新清点" for one in differ}
        raise CountDiffers("复核与清点不一致。", problems | {f"lines.{one}": "没有这一项" for one in unknown})
    return with_(case, replace(held, confirmed_by=by, confirmed_at=at)), []


def mark_gift(case: Case, enclosure_id: str, book: Rulebook) -> Outcome:
    """It was meant as a gift or a bribe: the director is told at once; it goes back (E-88)."""
    held = case.enclosure(enclosure_id)
    if held.gift:
        return case, []
    marked = replace(held, gift=True)
    return with_(case, marked), tell_director(marked, "enclosure_gift", book, marked.id)


def confirmed(case: Case, enclosure_id: str) -> Enclosure:
    """Nothing moves before two have counted it (E-85)."""
    held = case.enclosure(enclosure_id)
    if not held.confirmed_by:
        raise NotConfirmed(f"凭证 {held.voucher} 尚待第二人清点复核。")
    return held


def require_holder(held: Enclosure, by: str) -> None:
    """Who holds it answers for it, so nobody else moves it (S2-61)."""
    if held.holder != by:
        raise NotHolder(f"凭证 {held.voucher} 现由 {held.holder} 保管，须由保管人办理。")


def some_of(held: Enclosure, named: Sequence[str]) -> tuple[str, ...]:
    """The lines that are named, or all that are held; nobody settles a line twice."""
    lines = tuple(named) or held.held
    gone = [one for one in lines if held.line(one).state != "held"]
    if gone or not lines:
        raise NothingHeld(f"凭证 {held.voucher} 的这些项目不在保管中：{'、'.join(gone) or '全部'}。")
    return lines


def with_(case: Case, changed: Enclosure) -> Case:
    """The case with the enclosure as it is now."""
    return replace(case, enclosures=tuple(changed if e.id == changed.id else e for e in case.enclosures))


def settled(held: Enclosure, how: Settlement, lines: tuple[str, ...], at: datetime) -> EnclosureSettled:
    """What is said when lines leave custody."""
    return EnclosureSettled(enclosure=held.id, voucher=held.voucher, how=how, lines=lines, settled_at=at)


def tell_director(held: Enclosure, template: str, book: Rulebook, about: str) -> list[Event]:
    """The director is told at once (E-88, E-90)."""
    director = book.enclosure.director
    return [
        MessageRequested(
            message=f"{template.replace('_', '-')}:{about}:{director}",
            template=template,
            addressee_kind="role",
            addressee=director,
            params={"voucher": held.voucher},
            urgent=True,
        )
    ]
