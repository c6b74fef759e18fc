"""A case goes on to another office: asked here, registered there, told back when it is over (E-123)."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from huiyin.chassis.draft import Answer, Record
from huiyin.chassis.mongo import STORE_AWAY
from huiyin.chassis.rulebook import OfficeFolder, Rulebook
from huiyin.chassis.steps import Cause, machine
from huiyin.contracts.events import PassedFrom
from services.intake.domain import parties, passing, registration
from services.intake.domain.case import Case, CaseMatter, Party
from services.intake.domain.parties import PartyForm
from services.intake.domain.passed import Passing
from services.intake.domain.passing import Wanted
from services.intake.domain.registration import Form, MatterForm
from services.intake.errors import NotAsRuled
from services.intake.use_cases import acts, files
from services.intake.use_cases.house import House
from services.intake.use_cases.views import summary

_log = logging.getLogger(__name__)

_AT_ONCE: Final = 50


def pass_on(house: House, number: str, wanted: Wanted, reason: str, cause: Cause) -> Answer:
    """A person passes a case on; the other office's number comes a moment later."""
    now = house.now()
    why = house.base.sealer.seal(cause.who.office, f"{now:%Y-%m}", reason)

    def decide(case: Case) -> passing.Outcome:
        return passing.ask(case, wanted, _other(house, case, wanted.to), cause.who.subject, why, now)

    return house.cases.take(number, cause, "pass-on", decide, summary)


def _other(house: House, case: Case, to: str) -> OfficeFolder:
    others = [office for office in house.base.rulebooks.offices() if office != case.office]
    if to not in others:
        raise NotAsRuled("只能转往本平台的其他机构。", {"to": f"可用：{'、'.join(others)}"})
    return house.base.rulebooks.office(to)


def pass_cases(house: House) -> None:
    """Do what passings wait for; one that fails is told and does not stop the others."""
    for record in house.cases.find({"passing": True}, limit=_AT_ONCE):
        try:
            _settle(house, record)
        except STORE_AWAY:
            raise
        except Exception:  # noqa: BLE001 - the other cases must go on all the same
            _log.exception("a case could not be passed on", extra={"case": record.key})


def _settle(house: House, record: Record[Case]) -> None:
    case = record.state
    if case.passing is not None and not case.passing.number:
        number = _register_there(house, record, case.passing)
        book, now = house.base.rulebooks.version(case.rulebook), house.now()
        _step(house, record, "passed", lambda c: passing.registered(c, number, book, now))
    if case.passed_from is not None and case.outcome is not None and not case.told_back:
        before, now = house.cases.get(case.passed_from.number), house.now()
        _step(house, before, "answered-there", lambda c: passing.answered_there(c, now))
        _step(house, record, "told-back", passing.told_back)


def _step(house: House, record: Record[Case], what: str, decide: Callable[[Case], passing.Outcome]) -> None:
    """A step that intake takes by itself, once."""
    cause = Cause(
        id=f"{what}:{record.key}",
        kind="clock",
        who=machine("intake", record.office),
        correlation=record.correlation,
    )
    house.cases.take(record.key, cause, what, decide)


def _register_there(house: House, record: Record[Case], wanted: Passing) -> str:
    """The case under a number of the other office, made once however often it is asked for."""
    cause = Cause(
        id=f"passed:{record.key}",
        kind="request",
        who=machine("intake", wanted.to),
        correlation=record.correlation,
    )
    earlier = house.cases.answered(cause)
    if earlier is not None:
        return str(earlier["number"])
    who = machine("intake", record.office)
    house.base.audit.record("identity.passed", who, record.key, house.now(), {"to": wanted.to})
    case = _taken_along(house, record.state, wanted)
    outcome = registration.register(case)
    told = {"number": case.number}
    return str(house.cases.create(case.number, outcome, cause=cause, what="register", answer=told)["number"])


def _taken_along(house: House, case: Case, wanted: Passing) -> Case:
    """The case as the other office takes it down: opened here, sealed again under that office's key."""
    book = house.base.rulebooks.office(wanted.to).rulebook
    form = Form(
        channel=wanted.channel,
        language=case.language if case.language in book.office.languages else book.office.languages[0],
        difficulty=wanted.difficulty,
        legal_class=wanted.legal_class,
        priority=wanted.priority,
        flags=wanted.flags,
        received_at=case.received_at,
        matters=[_matter(house, case, matter, wanted) for matter in case.matters],
        parties=[_party(house, party, wanted.channel, book) for party in case.parties],
        answer=None,
        interest=case.interest,
        truth_stated=case.truth_stated,
        warned=case.warned,
    )
    who = machine("intake", wanted.to)
    taken = acts.take_down(house, form, book, who, house.now())
    came = PassedFrom(office=case.office, number=case.number)
    return replace(taken, passed_from=came, files=files.copied(house, case, taken))


def _matter(house: House, case: Case, matter: CaseMatter, wanted: Passing) -> MatterForm:
    there = next(one for one in wanted.matters if one.id == matter.id)
    original = house.base.sealer.open(matter.original)
    return MatterForm(
        kind=there.kind,
        category=there.category,
        area=there.area,
        place=original["place"],
        text=original["text"],
        wish=original["wish"],
        object=original.get("object", ""),
        told=passing.told(case, matter),
    )


def _party(house: House, party: Party, channel: str, book: Rulebook) -> PartyForm:
    """What the other office wants to know and nobody was asked here stands as not given (E-24)."""
    told = PartyForm(
        role=party.role,
        anonymous=party.anonymous,
        identity=house.base.sealer.open(party.identity),
        kind=party.kind,
        needs=party.needs,
        consents=party.consents,
    )
    missing = [
        name for name in parties.required(told, channel, book) if not parties.given(told.identity, name)
    ]
    return replace(told, not_given=tuple(dict.fromkeys((*party.not_given, *missing))))
