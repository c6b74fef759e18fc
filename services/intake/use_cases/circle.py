"""Who may see a case: declared by people, asked by the other services, answered on the true circle."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from huiyin.chassis import walls
from huiyin.chassis.draft import Answer
from huiyin.chassis.rulebook import OfficeFolder, Rulebook
from huiyin.chassis.steps import Actor, Cause, machine
from services.intake.domain import approvals, circle
from services.intake.domain.approvals import Consent
from services.intake.domain.case import Case
from services.intake.domain.circle import Named, Order, Outcome
from services.intake.errors import NotYourConflict
from services.intake.use_cases.house import House
from services.intake.use_cases.sharing import share

#: Who may declare others' conflicts; everybody may declare their own.
_DECLARE_FOR_OTHERS: Final = frozenset({"supervisor", "leader", "custodian"})


def accuse(house: House, number: str, matter: str, named: Named, cause: Cause) -> Answer:
    """The accused are learned late: shut out, recalled, logged as an incident (S0-37, E-73)."""
    office = _office(house, cause.who.office)
    return _take(
        house,
        number,
        cause,
        "accused",
        lambda case: circle.accuse(case, matter, named, office, house.now()),
        lambda case: case.matter(matter),
    )


def recuse(house: House, number: str, named: Named, cause: Cause) -> Answer:
    """A conflict is declared: one's own by anybody, others' by those who stand over them (S2-89, E-75)."""
    who = cause.who
    named = named if named.people or named.units else Named(people=(who.subject,))
    office, now = _office(house, who.office), house.now()

    def decide(case: Case) -> Outcome:
        if named != Named(people=(who.subject,)) and who.role not in _DECLARE_FOR_OTHERS:
            raise NotYourConflict("只能申报本人的回避；他人的回避由督办人员、领导或身份保管员申报。")
        return circle.recuse(case, named, office, now)

    return _take(
        house,
        number,
        cause,
        "recused",
        decide,
        lambda case: share(house, case, who) if who.role == "unit" else case,
    )


def keep_secret(house: House, number: str, matter: str, cause: Cause) -> Answer:
    """The complainant asks for confidentiality: from now on masked, and logged who saw it (S1-34, E-80)."""
    return _take(
        house,
        number,
        cause,
        "confidential",
        lambda case: circle.keep_secret(case, matter, house.now()),
        lambda case: case.matter(matter),
    )


def ask_approval(house: House, number: str, matter: str, unit: str, cause: Cause) -> Answer:
    """Somebody asks for one transfer to the accused's own unit; who asks is who signed in (E-74)."""
    now, office, who = house.now(), _office(house, cause.who.office), cause.who
    return house.cases.take(
        number,
        cause,
        "ask-approval",
        lambda case: approvals.ask(case, matter, unit, who.subject, _book(house, case), office, now),
        lambda case: {"number": number, "request": case.transfer_requests[-1].id},
        about=lambda case: case.matter(matter),
    )


def approve(house: House, number: str, request: str, text: str, cause: Cause) -> Answer:
    """A leader consents to one transfer to the accused's own unit; the words are sealed (S2-25, E-74)."""
    now, office = house.now(), _office(house, cause.who.office)
    consent = Consent(
        request=request,
        approver=cause.who.subject,
        text=house.base.sealer.seal(cause.who.office, f"{now:%Y-%m}", text),
    )
    return _take(
        house,
        number,
        cause,
        "approved",
        lambda case: approvals.approve(case, consent, _book(house, case), office, now),
        lambda case: case.matter(approvals.transfer_request(case, request).matter),
    )


def show(house: House, number: str, who: Actor) -> Mapping[str, Any]:
    """The circle of what somebody may see, and which services do not decide by it yet (E-73)."""
    case = house.cases.seen(number, who).state
    return {
        "number": number,
        "version": case.circle.version,
        "missing": list(circle.missing(case)),
        "matters": [_shown(case, matter) for matter in case.matter_ids],
    }


def disclose(house: House, number: str, order: Order) -> dict[str, Any]:
    """Leave for one order, bound to the version of the circle; the same for the same order (S2-24, S2-25)."""
    case = house.cases.get(number).state
    book, office, now = _book(house, case), _office(house, case.office), house.now()
    if not circle.may_be_disclosed(case, order, book, office, now):
        detail = {"order": order.id, "matter": order.matter, "unit": order.unit, "head": order.head}
        asker = machine("dispatch", case.office)
        house.base.audit.record("disclosure.refused", asker, number, now, detail)
        return {"leave": False, "version": case.circle.version}
    if order.id not in case.disclosed:
        house.cases.take(
            number,
            _asked(house, case, order),
            "disclose",
            lambda found: circle.disclose(found, order, book, office, now),
        )
        case = house.cases.get(number).state
    return {"leave": True, "version": case.circle.version}


def may_open(house: House, number: str, matter: str, *, subject: str, role: str, unit: str) -> bool:
    """Whether a member of the office's staff may open what is written of a matter, by the true circle."""
    case = house.cases.get(number).state
    who = Actor(subject=subject, role=role, office=case.office, unit=unit)
    return bool(walls.may(who, case.circle, matter, _office(house, case.office), house.now()))


def may_read(house: House, number: str, matter: str, *, subject: str, role: str, unit: str) -> bool:
    """The same of what the complainant said of it, anywhere; ViewRestricted where he had it shut (E-35)."""
    house.cases.get(number).state.require_open()
    return may_open(house, number, matter, subject=subject, role=role, unit=unit)


def _take(
    house: House,
    number: str,
    cause: Cause,
    why: str,
    decide: Callable[[Case], Outcome],
    about: Callable[[Case], object],
) -> Answer:
    """One change of the circle, by somebody it is open to; whoever had seen the case is put on record."""
    before = house.cases.of_office(number, cause.who.office, [cause.id])
    earlier = house.cases.earlier_answer(before.handled, cause)
    if earlier is not None:  # also to whoever shut themselves out by it
        return earlier
    about(house.cases.seen(number, cause.who).state)
    changed, said = decide(before.state)  # a refusal leaves no record
    if said:
        _record(house, before.state, changed, why, cause.who)
    return house.cases.take(number, cause, f"circle-{why}", decide, _receipt, about=about)


def _record(house: House, before: Case, after: Case, why: str, who: Actor) -> None:
    """E-73, E-75, E-80: the row is there before the change: who was let in until now, and had orders."""
    detail = {
        "version": after.circle.version,
        "orders": [f"{order.id}@{order.unit}" for order in before.orders],
        "late": bool(before.orders),
    }
    house.base.audit.record(f"circle.{why}", who, before.number, house.now(), detail)


def _shown(case: Case, matter: str) -> dict[str, Any]:
    shut = case.circle.of(matter)
    return {
        "matter": matter,
        "accusing": shut.accusing,
        "confidential": shut.confidential,
        "accused": {"people": list(shut.accused), "units": list(shut.accused_units)},
        "recused": {"people": list(shut.recused), "units": list(shut.recused_units)},
        "approvals": [
            {
                "id": one.id,
                "unit": one.unit,
                "approver": one.approver,
                "approved_on": one.approved_on.isoformat(),
                "order": one.order or None,
            }
            for one in shut.approvals
        ],
        "requests": [
            {
                "id": one.id,
                "unit": one.unit,
                "asker": one.asker,
                "asked_at": one.asked_at.isoformat(),
                "approval": one.approval or None,
            }
            for one in case.transfer_requests
            if one.matter == matter
        ],
    }


def _receipt(case: Case) -> Answer:
    """No more than that it was done: whoever declared their own conflict may not see the case any more."""
    return {"number": case.number, "version": case.circle.version}


def _asked(house: House, case: Case, order: Order) -> Cause:
    record = house.cases.get(case.number)
    return Cause(
        id=f"disclose:{case.number}:{order.id}",
        kind="clock",
        who=machine("dispatch", case.office),
        correlation=record.correlation,
    )


def _office(house: House, office: str) -> OfficeFolder:
    return house.base.rulebooks.office(office)


def _book(house: House, case: Case) -> Rulebook:
    return house.base.rulebooks.version(case.rulebook)
