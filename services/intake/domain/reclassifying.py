"""A case is sorted anew: what was is kept, its first times stay, and it goes on accordingly (E-46)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from huiyin.chassis.rulebook import OfficeFolder, Rulebook
from huiyin.contracts.events import CaseConcluded, CaseReclassified, Event
from services.intake.domain import circle, course, sorting, special
from services.intake.domain.case import Case, CaseMatter
from services.intake.domain.sorting import CaseSorting, Change, MatterSorting, Problem, SpecialForm
from services.intake.domain.weighing import Content, rank_of, weigh
from services.intake.errors import AlreadyConcluded, NotAsRuled, NothingChanged

Outcome = tuple[Case, list[Event]]


@dataclass(frozen=True, kw_only=True)
class Anew:
    """What an officer finds now, by field; what is not named stays. `special` None ends a special class."""

    matter: str
    found: Mapping[str, Any]
    why: str
    by: str
    at: datetime


def reclassify(case: Case, anew: Anew, office: OfficeFolder) -> Outcome:
    """The case sorted anew, with the reason; what it was is kept (E-46, V-06).

    An answer on the spot stands only for kinds that allow one: a consultation that becomes a complaint
    is dispatched, in a new round if it was concluded, and keeps its first time.
    """
    book = office.rulebook
    _require_known(case, anew, office)
    sorted_ = _case_anew(_with_matter(case, anew, book), anew, book)
    before, after = _differences(case, sorted_, anew.matter)
    if before == after:
        raise NothingChanged("没有任何改动。")
    kept = Change(before=before, after=after, why=anew.why, by=anew.by, at=anew.at)
    changed = replace(sorted_, sorting=replace(sorted_.sorting, changes=(*sorted_.sorting.changes, kept)))
    changed, walls = circle.resort(changed, anew.matter, book, anew.at)
    changed, moved = _go_on(changed, anew.at)
    return changed, [*walls, _said(changed, anew.at), *moved]


def dispatch_all(case: Case, why: str, by: str, at: datetime) -> Outcome:
    """What was another's to deal with goes to units after all, with the reason (S3-46, E-54)."""
    kept = Change(before={"dispatched": "false"}, after={"dispatched": "true"}, why=why, by=by, at=at)
    matters = tuple(replace(matter, dispatched=True) for matter in case.matters)
    sorted_ = replace(case.sorting, changes=(*case.sorting.changes, kept))
    dispatched = replace(case, matters=matters, sorting=sorted_)
    return dispatched, [_said(dispatched, at)]


def _with_matter(case: Case, anew: Anew, book: Rulebook) -> Case:
    matter, found = case.matter(anew.matter), anew.found
    told = found["special"] if "special" in found else _told(matter)
    after = replace(
        matter,
        kind=found.get("kind", matter.kind),
        category=found.get("category", matter.category),
        classes={**matter.classes, **found.get("classes", {})},
    )
    if "special" in found:
        after = replace(after, special=special.treatment(told, book, anew.by, anew.at) if told else None)
    after = _on_its_way(after, matter, MatterSorting(special=told, handed=_handed(matter)), case, book)
    after = replace(after, secret=special.is_sealed(MatterSorting(special=told), book)).worded({})
    return replace(case, matters=tuple(after if m.id == matter.id else m for m in case.matters))


def _on_its_way(
    after: CaseMatter, before: CaseMatter, told: MatterSorting, case: Case, book: Rulebook
) -> CaseMatter:
    if (after.kind, after.special) == (before.kind, before.special):
        return after
    way = special.way_of(told, after.kind, book)
    answered = case.answer is not None and book.classification.kinds[after.kind].on_the_spot
    return replace(after, dispatched=way.dispatched and not answered, travels_as=way.special, given=way.given)


def _case_anew(case: Case, anew: Anew, book: Rulebook) -> Case:
    held, found = case.sorting, anew.found
    sorted_ = replace(
        held,
        signs=found.get("signs", held.signs),
        why={**held.why, **found.get("why", {})},
        evidence=found.get("evidence", held.evidence),
        affected=found.get("affected", held.affected),
    )
    flags = tuple(found.get("flags", case.flags))
    case = replace(
        case,
        difficulty=found.get("difficulty", case.difficulty),
        legal_class=found.get("legal_class", case.legal_class),
        flags=flags,
        sorting=replace(sorted_, why={flag: why for flag, why in sorted_.why.items() if flag in flags}),
    )
    return _weighed(case, found.get("priority"), anew.why, book)


def _weighed(case: Case, named: str | None, why: str, book: Rulebook) -> Case:
    """An officer's priority holds until an officer names another (S0-13)."""
    content = Content(
        texts=[words for matter in case.matters for words in (matter.text, matter.wish)],
        kinds=[matter.kind for matter in case.matters],
        flags=case.flags,
        signs=case.sorting.signs,
        difficulty=case.difficulty,
        affected=case.sorting.affected,
    )
    weighing = weigh(content, book)
    before = case.sorting.weighing.overridden_why
    chosen = named or (case.priority if before else weighing.priority)
    if chosen != weighing.priority:
        weighing = replace(weighing, overridden_why=why if named else before)
    sorted_ = replace(case.sorting, weighing=weighing, rank=rank_of(chosen, book))
    return replace(case, priority=chosen, sorting=sorted_)


def _go_on(case: Case, at: datetime) -> Outcome:
    """Dispatched now: opened again if it was over. Nothing left to dispatch: over (S3-45, E-45)."""
    over, goes_on = case.outcome is not None, any(matter.dispatched for matter in case.matters)
    if over and not goes_on:
        raise AlreadyConcluded("该诉求已办结；改动后仍不派单，不需要重新分类。")
    if not goes_on and case.danger is not None and case.danger.at_line:
        return case, []  # a line has it, or is being rung: not over before that is known
    if goes_on:
        dispatched = replace(case, disposal="dispatch")
        return course.reopen(dispatched, at) if over else (dispatched, [])
    silent = _silent(case)
    said = CaseConcluded(outcome=silent, round=case.stage.round, concluded_at=at)
    return course.conclude(replace(case, disposal=silent), said)


def _silent(case: Case) -> Literal["told", "filed"]:
    return "told" if any(matter.special for matter in case.matters) else "filed"


def _said(case: Case, at: datetime) -> CaseReclassified:
    return CaseReclassified(
        version=case.sorting.version,
        matters=tuple(matter.public() for matter in case.matters),
        difficulty=case.difficulty,
        legal_class=case.legal_class,
        priority=case.priority,
        flags=case.flags,
        evidence=case.sorting.evidence,
        circle=case.circle.version,
        reclassified_at=at,
    )


def _require_known(case: Case, anew: Anew, office: OfficeFolder) -> None:
    if wrong := dict(_problems(case, anew, office)):
        raise NotAsRuled("重新分类不符合本机构规则，请按提示修改后重新提交。", wrong)
    if case.outcome in ("echoed", "withdrawn"):
        raise AlreadyConcluded("该诉求已办结，不能重新分类；如有新情况，请另行登记。")


def _problems(case: Case, anew: Anew, office: OfficeFolder) -> list[Problem]:
    book, found, matter = office.rulebook, anew.found, case.matter(anew.matter)
    sorting_ = book.classification
    known = {
        "kind": sorting_.kinds,
        "category": book.categories,
        "difficulty": sorting_.difficulties,
        "priority": sorting_.priorities,
        "legal_class": book.legal_class,
    }
    problems = [
        (name, f"本机构没有 {found[name]}；可用：{'、'.join(allowed)}")
        for name, allowed in known.items()
        if found.get(name) and found[name] not in allowed
    ]
    flags = tuple(found.get("flags", case.flags))
    problems += [("flags", f"本机构没有标记 {flag}") for flag in flags if flag not in sorting_.flags]
    told = MatterSorting(classes=found.get("classes", {}), special=found.get("special"))
    problems += sorting.matter_problems(told, book)
    problems += special.problems(told, matter.area, office) if told.special else []
    return problems + _case_problems(case, found, flags, book)


def _case_problems(
    case: Case, found: Mapping[str, Any], flags: tuple[str, ...], book: Rulebook
) -> list[Problem]:
    held = case.sorting
    why = {**held.why, **found.get("why", {})}
    after = CaseSorting(
        signs=tuple(found.get("signs", held.signs)),
        why={flag: reason for flag, reason in why.items() if flag in flags or flag in found.get("why", {})},
        evidence=found.get("evidence", held.evidence),
    )
    difficulty = found.get("difficulty", case.difficulty)
    legal = found.get("legal_class", case.legal_class)
    return list(sorting.case_problems(after, difficulty, legal, flags, book))


def _differences(before: Case, after: Case, matter: str) -> tuple[dict[str, str], dict[str, str]]:
    """What changed, by field, in the rulebook's ids: before and after."""
    was, now = _fields(before, matter), _fields(after, matter)
    changed = [name for name in now if was[name] != now[name]]
    return {name: was[name] for name in changed}, {name: now[name] for name in changed}


def _fields(case: Case, matter_id: str) -> dict[str, str]:
    matter = case.matter(matter_id)
    return {
        f"{matter_id}.kind": matter.kind,
        f"{matter_id}.category": matter.category,
        f"{matter_id}.classes": "、".join(f"{name}:{one}" for name, one in sorted(matter.classes.items())),
        f"{matter_id}.special": f"{matter.special.special}:{matter.special.which}" if matter.special else "",
        "difficulty": case.difficulty,
        "legal_class": case.legal_class or "",
        "evidence": "" if case.sorting.evidence is None else str(case.sorting.evidence).lower(),
        "flags": "、".join(case.flags),
        "signs": "、".join(case.sorting.signs),
        "affected": str(case.sorting.affected),
        "priority": case.priority,
    }


def _told(matter: CaseMatter) -> SpecialForm | None:
    """A special class that stays as it is, for the rules to look at."""
    if matter.special is None:
        return None
    unit = matter.given.unit if matter.given and matter.given.ground == "for_guidance" else ""
    held = matter.special
    return SpecialForm(special=held.special, which=held.which, said=held.said, unit=unit)


def _handed(matter: CaseMatter) -> Any:
    return matter.given if matter.given and matter.given.ground == "by_leader" else None
