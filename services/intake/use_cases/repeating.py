"""A repeat is registered: of which case, what becomes of it, what the operator tells (S3-48, E-36…E-39)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from huiyin.chassis.rulebook import Rulebook
from huiyin.chassis.steps import Actor
from huiyin.contracts.events import Event
from services.intake.domain import registration, repeats
from services.intake.domain.case import Case
from services.intake.domain.emergency import is_emergency
from services.intake.domain.linking import issue_of
from services.intake.domain.registration import Form
from services.intake.domain.repeats import Repeated
from services.intake.use_cases.house import House
from services.intake.use_cases.linking import earlier_case, link_to


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """What the operator said of a repeat, the earlier case, and what becomes of the new one."""

    said: Repeated
    earlier: Case
    treatment: repeats.Treatment


def of(house: House, form: Form, book: Rulebook, who: Actor) -> Repeat | None:
    """The earlier case, if the form names one that the operator may see as a whole."""
    said = form.repeat_of
    if said is None:
        return None
    earlier = earlier_case(house, said.number, who, "repeat_of.number")
    urgent = is_emergency(form.flags)  # danger waits for nobody's earlier word (E-50)
    treatment = "dispatch" if urgent else repeats.treatment(said.claim, earlier, book)
    return Repeat(said=said, earlier=earlier, treatment=treatment)


def marked(form: Form, repeat: Repeat | None, book: Rulebook) -> Form:
    """The form with the mark of a repeat (S2-66)."""
    return replace(form, flags=repeats.marks(form.flags, book)) if repeat else form


def linked(house: House, case: Case, repeat: Repeat | None, who: Actor) -> Case:
    """The case with its link; what is only told is not dispatched (S3-48)."""
    if repeat is None:
        return case
    link = link_to(house, "repeat", repeat.earlier, repeat.said.why, who, case.accepted_at)
    alike = replace(case.alike, link=replace(link, claim=repeat.said.claim), first=issue_of(repeat.earlier))
    known = replace(case, alike=alike)
    return registration.only_told(known) if repeat.treatment == "tell" else known


def said(case: Case, repeat: Repeat | None) -> list[Event]:
    """What the person who came again is told of the earlier case."""
    return repeats.told(case, repeat.earlier) if repeat and repeat.treatment == "tell" else []


def receipt(repeat: Repeat | None) -> Mapping[str, Any]:
    """What the operator goes by: what becomes of the repeat, and how the earlier case stands (S3-48)."""
    if repeat is None:
        return {}
    earlier = repeat.earlier
    over = earlier.concluded_at.isoformat() if earlier.concluded_at else None
    stands = {"number": earlier.number, "stage": earlier.stage.name, "concluded_at": over}
    return {"repeat": {"treatment": repeat.treatment, "earlier": stands}}
