"""An answer given in the same call: held against the knowledge base, kept with its time and its sources."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from huiyin.chassis.rulebook import OfficeFolder
from services.intake.domain import citing
from services.intake.domain.case import Case
from services.intake.domain.citing import Answered, Base
from services.intake.domain.knowledge import subject_of
from services.intake.domain.redaction import redact
from services.intake.domain.registration import Form
from services.intake.errors import NotAsRuled
from services.intake.store.knowledge import staff_only
from services.intake.use_cases.house import House

#: What no answer rests on.
NOTHING: Final = Base(cited={}, internal=())


def check(house: House, form: Form, office: OfficeFolder, now: datetime) -> Base:
    """Refuse an answer that cites what is not in force, or whose words are for staff only (S2-88, E-128)."""
    if form.answer is None:
        return NOTHING
    base = _base(house, form, office.rulebook.office.id)
    on = _day(form.answered_at or now, office)
    if wrong := dict(citing.problems(form.answer, form.answer_cites, base, on)):
        raise NotAsRuled("答复或其依据不能采用，请按提示修改后重新提交。", wrong)
    return base


def answered(case: Case, form: Form, base: Base, office: OfficeFolder) -> Case:
    """The case with what was answered, when, on which basis, and if at once (S1-16, S3-37, S4-23, V-02)."""
    if form.answer is None:
        return case
    at = form.answered_at or case.accepted_at
    known = [value for party in form.parties for value in party.identity.values()]
    kept = Answered(
        text=redact(form.answer, known),
        at=at,
        in_time=citing.is_immediate(form.received_at, at, office.rulebook.terms.immediately),
        cites=citing.kept(form.answer_cites, base),
    )
    return replace(case, answered=kept)


def warned(form: Form, base: Base, office: OfficeFolder, now: datetime) -> Mapping[str, Any]:
    """What the operator should know of the entries that were cited: ended since, or soon to end."""
    warn_days = office.rulebook.knowledge.warn_days
    found = citing.warnings(form.answer_cites, base, _day(now, office), warn_days)
    return {"warnings": found} if found else {}


def answer_of(case: Case) -> Mapping[str, Any] | None:
    """The answer on the spot as staff see it."""
    given = case.answered
    if given is None:
        return None
    cites = [
        {"entry": one.entry, "version": one.version, "audience": one.audience, "title": one.title}
        for one in given.cites
    ]
    return {"text": given.text, "at": given.at.isoformat(), "in_time": given.in_time, "cites": cites}


def answer_to_citizen(case: Case) -> Mapping[str, Any] | None:
    """When it was answered and on which public papers; what is for staff only is never named (E-128)."""
    given = case.answered
    if given is None:
        return None
    public = [one for one in given.cites if one.audience == "public"]
    return {
        "at": given.at.isoformat(),
        "sources": [{"title": one.title, "document": one.document} for one in public],
    }


def _base(house: House, form: Form, office: str) -> Base:
    keys = {cite.entry: subject_of(office, cite.entry) for cite in form.answer_cites}
    found = house.entries.load(sorted(set(keys.values())))
    cited = {entry: found[key].state for entry, key in keys.items() if key in found}
    return Base(cited=cited, internal=staff_only(house.entries, office))


def _day(at: datetime, office: OfficeFolder) -> date:
    return at.astimezone(ZoneInfo(office.rulebook.office.timezone)).date()
