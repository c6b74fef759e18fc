"""Whether a case is archived: decided as the rulebook has it, once a case, with the reason (S0-38, X-31).

The journal is chained and kept of every case, whatever is decided: nothing is destroyed by it (E-127).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bson import Binary

from huiyin.chassis.rulebook import Rulebook
from huiyin.chassis.rulebook.archive import Material
from services.intake.errors import AlreadyFiled, FiledByRule, NotAsRuled, NotConcluded


@dataclass(frozen=True, kw_only=True)
class Filing:
    """One decision; a bound volume has a `volume` number. The reason is sealed; a rule needs none."""

    kept: bool
    by: str
    at: datetime
    reason: Binary | None = None
    materials: tuple[Material, ...] = ()
    volume: str = ""


@dataclass(frozen=True, kw_only=True)
class Reopening:
    """An archived case was opened again by a person (E-107); the reason is sealed."""

    round: int
    part: int
    by: str
    at: datetime
    reason: Binary


#: Which materials a row of the journal is, by the type of its event (S4-54).
OF_TYPE: Final[Mapping[str, Material]] = {
    "contact.attempted": "telephone_records",
    "result.told": "telephone_records",
    "order.dispatched": "assignment_and_reply",
    "order.accepted": "assignment_and_reply",
    "order.returned": "assignment_and_reply",
    "order.recalled": "assignment_and_reply",
    "order.urged": "assignment_and_reply",
    "supervision.issued": "assignment_and_reply",
    "reply.submitted": "assignment_and_reply",
    "reply.approved": "assignment_and_reply",
    "reply.returned": "assignment_and_reply",
    "handling.completed": "assignment_and_reply",
    "instruction.asked": "leader_instructions",
    "instruction.given": "leader_instructions",
}


def by_rule(book: Rulebook, before: Filing | None, volume: str, by: str, at: datetime) -> Filing | None:
    """Where the office archives every closed case, the sealing files it; else a person decides (X-31)."""
    if book.archive.rule != "all" or before is not None:
        return None
    return Filing(kept=True, by=by, at=at, volume=volume)


def check(
    book: Rulebook,
    before: Filing | None,
    filing: Filing,
    *,
    concluded: bool,
    there: Collection[Material],
) -> None:
    """Refuse a decision that the rule leaves to nobody, or that the case does not bear.

    S0-38: yes or no, with a reason. S4-54: materials of value are named, and are there.
    """
    if not concluded:
        raise NotConcluded("诉求办结后方可决定是否归档。")
    if book.archive.rule == "all":
        raise FiledByRule("本机构的诉求办结后全部归档，无须逐件决定。")
    if before is not None and before.kept:
        raise AlreadyFiled("该诉求已归档；归档后不撤销。")
    if filing.kept and book.archive.rule == "of_value":
        _check_materials(book, filing, there)


def _check_materials(book: Rulebook, filing: Filing, there: Collection[Material]) -> None:
    known = "、".join(book.archive.materials)
    if not filing.materials:
        raise NotAsRuled("须写明有保存价值的材料。", {"materials": f"至少一类：{known}"})
    for material in filing.materials:
        if material not in book.archive.materials:
            raise NotAsRuled("本机构不归档这类材料。", {"materials": f"可用：{known}"})
        if material not in there:
            raise NotAsRuled("该诉求没有这类材料。", {"materials": f"没有 {material}"})
