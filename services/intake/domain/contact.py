"""Correcting what is held of a party."""

from collections.abc import Mapping
from dataclasses import replace

from huiyin.contracts import events as e
from services.intake.domain.case import Case, Party
from services.intake.domain.masking import mask
from services.intake.errors import ChangedMeanwhile

Outcome = tuple[Case, list[e.Event]]


def correct(case: Case, corrected: Party, told: Mapping[str, str], based_on: int) -> Outcome:
    """The case with a party corrected; the newly told values are cut out of the words for work (E-35).

    Who had not seen another's correction of the same party is warned of it, without its words (E-121).
    """
    place = f"{corrected.id}:contact"
    if case.edited.get(place, 0) > based_on:
        told_fields = dict.fromkeys(told, "已由他人更正，请向诉求人核实")
        raise ChangedMeanwhile(
            f"您打开之后，其他人已更正了该当事人；请核实后再以 revision {case.revision} 提交。",
            {**told_fields, "revision": str(case.revision)},
        )
    revision = case.revision + 1
    still = tuple(name for name in corrected.not_given if name not in told)
    now = replace(corrected, not_given=still)
    parties = tuple(now if party.id == now.id else party for party in case.parties)
    after = replace(case, parties=parties, revision=revision, edited={**case.edited, place: revision})
    return mask(after, told.values()), []
