"""Correcting what was taken down: the old version stays, and nobody's correction is overwritten unseen."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from huiyin.contracts.events import Event, MatterCorrected, MatterPart
from services.intake.domain.case import Case, CaseMatter
from services.intake.domain.notes import Correction
from services.intake.errors import ChangedMeanwhile, NothingToCorrect

Outcome = tuple[Case, list[Event]]


def correct(
    case: Case,
    after: CaseMatter,
    changed: Mapping[MatterPart, str],
    based_on: int,
    by: str,
    at: datetime,
    reason: str,
) -> Outcome:
    """The matter corrected, its version before kept (S0-05, S0-08); a part that another officer changed
    since `based_on` is shown to who would overwrite it (E-121).
    """
    before = case.matter(after.id)
    _require_fresh(case, before, changed, based_on)
    parts: tuple[MatterPart, ...] = tuple(sorted(changed))
    revision = case.revision + 1
    kept = Correction(
        revision=revision,
        matter=before.id,
        parts=parts,
        by=by,
        at=at,
        reason=reason,
        before=before.original,
        words={part: getattr(before, part) for part in parts},
    )
    corrected = replace(
        case,
        matters=tuple(after if matter.id == after.id else matter for matter in case.matters),
        revision=revision,
        edited={**case.edited, **{_place(before.id, part): revision for part in parts}},
        corrections=(*case.corrections, kept),
    )
    said = MatterCorrected(matter=after.public(), parts=parts, revision=revision, corrected_at=at)
    return corrected, [said]


def _require_fresh(case: Case, now: CaseMatter, changed: Mapping[MatterPart, str], based_on: int) -> None:
    """409 only for parts that somebody else changed; other parts and other matters do not matter."""
    clashes = [part for part in changed if case.edited.get(_place(now.id, part), 0) > based_on]
    if not clashes:
        return
    newer: dict[str, str] = {part: getattr(now, part) for part in clashes}
    raise ChangedMeanwhile(
        f"您打开之后，其他人已更正了这些内容；请核对现在的内容，再以 revision {case.revision} 提交。",
        {**newer, "revision": str(case.revision)},
    )


def require_change(before: Mapping[str, str], given: Mapping[MatterPart, str]) -> dict[MatterPart, str]:
    """What of it is new; a correction that says nothing new is none."""
    changed = {part: words for part, words in given.items() if before.get(part, "") != words}
    if not changed:
        raise NothingToCorrect("更正内容与现有登记相同，未作改动。")
    return changed


def _place(matter: str, part: str) -> str:
    return f"{matter}:{part}"
