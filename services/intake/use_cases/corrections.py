"""What was taken down is corrected: the version before stays, sealed, and is listed (S0-05, S0-08, E-121)."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from huiyin.chassis.draft import Answer
from huiyin.chassis.steps import Actor, Cause
from huiyin.contracts.events import MatterPart
from services.intake.domain import corrections, wording
from services.intake.domain.case import Case, CaseMatter
from services.intake.domain.notes import Correction
from services.intake.domain.redaction import redact
from services.intake.domain.registration import MatterForm
from services.intake.errors import NotAsRuled
from services.intake.use_cases.house import House
from services.intake.use_cases.known import known_of


def correct(
    house: House,
    number: str,
    matter: str,
    given: Mapping[MatterPart, str],
    based_on: int,
    reason: str,
    cause: Cause,
) -> Answer:
    """Seal the corrected words; the copy for work is redacted anew from them."""

    def decide(case: Case) -> corrections.Outcome:
        case.require_open()
        before = case.matter(matter)
        held = house.base.sealer.open(before.original)
        changed = corrections.require_change(held, given)
        whole = {"object": "", **held, **changed}
        _require_wording(house, case, before, whole, changed)
        known = known_of(house, case)
        original = house.base.sealer.seal(case.office, f"{case.accepted_at:%Y-%m}", whole)
        words: dict[str, str] = {part: redact(told, known) for part, told in changed.items()}
        after = replace(before.worded(words), original=original)
        told = redact(reason, known)
        return corrections.correct(case, after, changed, based_on, cause.who.subject, house.now(), told)

    return house.cases.take(
        number, cause, "correct-matter", decide, _receipt, about=lambda case: case.matter(matter)
    )


def listed(house: House, number: str, who: Actor) -> list[Mapping[str, Any]]:
    """Every correction of what somebody sees of a case, first to last, with the words before it."""
    case = house.cases.seen(number, who).state
    case.require_open()
    return [_told(one) for one in case.corrections]


def _require_wording(
    house: House, case: Case, matter: CaseMatter, whole: Mapping[str, str], changed: Collection[str]
) -> None:
    """What is corrected, too, is as the rulebook wants it; what stays is not judged again."""
    book = house.base.rulebooks.version(case.rulebook)
    told = MatterForm(
        kind=matter.kind,
        category=matter.category,
        area=matter.area,
        place=whole["place"],
        text=whole["text"],
        wish=whole["wish"],
        object=whole["object"],
    )
    wrong = {part: words for part, words in wording.problems(told, book) if part in changed}
    if wrong:
        raise NotAsRuled("更正内容不符合本机构规则，请按提示修改后重新提交。", wrong)


def _receipt(case: Case) -> Answer:
    return {"number": case.number, "revision": case.revision, "corrections": len(case.corrections)}


def _told(one: Correction) -> dict[str, Any]:
    return {
        "revision": one.revision,
        "matter": one.matter,
        "parts": list(one.parts),
        "by": one.by,
        "at": one.at.isoformat(),
        "reason": one.reason,
        "before": dict(one.words),
    }
