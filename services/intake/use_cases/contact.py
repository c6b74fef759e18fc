"""A party's contact is corrected: the version before stays, sealed, and nothing is lost (S0-05, E-35)."""

from collections.abc import Mapping
from dataclasses import replace

from huiyin.chassis.draft import Answer
from huiyin.chassis.lookup import Lookup
from huiyin.chassis.steps import Cause
from services.intake.domain import contact, parties
from services.intake.domain.case import Case, Party
from services.intake.errors import NotAsRuled, NothingToCorrect
from services.intake.use_cases.house import House


def correct(
    house: House, number: str, party: str, given: Mapping[str, str], based_on: int, cause: Cause
) -> Answer:
    """Seal the corrected identity; the look-ups follow it, and the words are freed of it, too."""

    def decide(case: Case) -> contact.Outcome:
        case.require_open()
        before = case.party(party)
        held = house.base.sealer.open(before.identity)
        identity = {**held, **given}
        if identity == held:
            raise NothingToCorrect("更正内容与现有登记相同，未作改动。")
        # Under the case's own month: one key ends all that the case holds of a person.
        sealed = house.base.sealer.seal(case.office, f"{case.accepted_at:%Y-%m}", identity)
        corrected = replace(
            before,
            identity=sealed,
            media=parties.media_of(identity, before.needs),
            former=(*before.former, before.identity),
            phone_hash=phone_hash(house.lookup, identity),
            person_hash=person_hash(house.lookup, identity),
        )
        if wrong := dict(parties.of_kind(before.kind, identity)):
            raise NotAsRuled("更正内容不符合本机构规则，请按提示修改后重新提交。", wrong)
        return contact.correct(case, corrected, given, based_on)

    told = house.cases.take(number, cause, "correct-contact", decide, lambda case: _told(case.party(party)))
    house.learning.note({number}, house.base.machine_clock.now())  # what is cut now is not to stay learnt
    return told


def phone_hash(lookup: Lookup, identity: Mapping[str, str]) -> str | None:
    """By what a phone is found again."""
    phone = identity.get("phone")
    return lookup.of(phone) if phone else None


def person_hash(lookup: Lookup, identity: Mapping[str, str]) -> str | None:
    """By what a person is found again whose letters give no phone: name with address."""
    return lookup.of_person(identity.get("name", ""), identity.get("address", ""))


def _told(party: Party) -> Answer:
    return {"party": party.id, "media": list(party.media), "versions": len(party.former) + 1}
