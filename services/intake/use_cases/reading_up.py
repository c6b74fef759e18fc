"""Looking into the knowledge base: searching, one entry, its versions, what changed between them."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from huiyin.chassis.draft import Record
from huiyin.chassis.mongo import Doc
from huiyin.chassis.steps import Actor
from services.intake.domain import citing, ranking
from services.intake.domain.knowledge import Entry, Proposal, Standing, Version, Wording, entry_of, standing
from services.intake.errors import NotDisclosable
from services.intake.store.knowledge import found_by, nearest
from services.intake.use_cases.house import House
from services.intake.use_cases.knowledge import entry_for, is_keeper_or_owner, today


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is looked for; nothing means all."""

    q: str = ""
    standing: str | None = None
    owner: str | None = None
    category: str | None = None
    kind: str | None = None
    audience: str | None = None
    proposed: bool = False


@dataclass(frozen=True, kw_only=True)
class _Hit:
    entry: Entry
    version: Version | None
    stands: Standing | None
    score: float


def search(house: House, who: Actor, asked: Asked, skip: int, limit: int) -> Mapping[str, Any]:
    """Entries that hold every word, best first; when none does, those that share most of it (`near`)."""
    found = house.entries.each({**_selected(who, asked), **found_by(asked.q)})
    hits = list(_exact(asked, _wanted(house, who, asked, found)))
    nearly = [] if hits or not asked.q else list(_near(house, who, asked))
    best = sorted(hits or nearly, key=lambda hit: (-hit.score, hit.entry.id))
    page = [_row(house, hit, who) for hit in best[skip : skip + limit]]
    return {"total": len(best), "near": bool(nearly), "entries": page}


def show(house: House, entry_id: str, who: Actor) -> Mapping[str, Any]:
    """An entry as it stands today, and to its owner and the keeper what is proposed."""
    entry = entry_for(house, entry_id, who).state
    on = today(house, who.office)
    hit = _hit(entry, on, _warn_days(house, who.office))
    words = wording_of(hit.version.wording) if hit.version else {}
    inner = is_keeper_or_owner(house, entry, who)
    proposals = [_proposal(one) for one in entry.proposals] if inner else []
    return {**_row(house, hit, who), **words, "proposals": proposals}


def versions(house: House, entry_id: str, who: Actor) -> list[Mapping[str, Any]]:
    """Every version, first to last, with who published it and why."""
    entry = entry_for(house, entry_id, who).state
    return [
        {"version": v.n, **wording_of(v.wording), "by": v.by, "at": v.at.isoformat(), "why": v.why}
        for v in entry.versions
    ]


def compare(house: House, entry_id: str, who: Actor, old: int, new: int) -> Mapping[str, Any]:
    """What changed between two versions: the fields, and the text line by line."""
    entry = entry_for(house, entry_id, who).state
    before, after = (wording_of(entry.version(n).wording) for n in (old, new))
    changed = {
        name: {"old": before[name], "new": after[name]}
        for name in before
        if name != "text" and before[name] != after[name]
    }
    lines = difflib.unified_diff(_lines(before["text"]), _lines(after["text"]), lineterm="", n=1)
    return {"entry": entry.id, "old": old, "new": new, "changed": changed, "text": list(lines)[2:]}


def supplied(house: House, subject: str, version: int, reader: str) -> str:
    """The words of a guidance for a message to a department; never to a party of a case (S2-88, E-128)."""
    entry = house.entries.get(subject).state
    wording = entry.version(version).wording
    if reader != "unit" and wording.audience == "staff_only":
        office, name = entry_of(subject)
        raise NotDisclosable(f"{office} 的条目 {name} 仅供内部使用，不得发给诉求人。")
    return wording.text


def wording_of(wording: Wording) -> dict[str, Any]:
    """A wording as it is shown."""
    return {
        "title": wording.title,
        "text": wording.text,
        "kind": wording.kind,
        "audience": wording.audience,
        "valid_from": wording.valid_from.isoformat(),
        "valid_until": wording.valid_until.isoformat() if wording.valid_until else None,
        "law": wording.law,
        "document": wording.document,
        "categories": list(wording.categories),
        "areas": list(wording.areas),
    }


def _wanted(house: House, who: Actor, asked: Asked, found: Iterable[Record[Entry]]) -> Iterator[_Hit]:
    """What of the entries is looked for, as each stands today."""
    on, warn_days = today(house, who.office), _warn_days(house, who.office)
    hits = (_hit(record.state, on, warn_days) for record in found)
    return (hit for hit in hits if _is_wanted(house, hit, asked, who))


def _exact(asked: Asked, hits: Iterable[_Hit]) -> Iterator[_Hit]:
    """The entries that hold every word, scored; the index finds pairs, so the texts are read once more."""
    for hit in hits:
        if hit.version is None or hit.stands is None:
            yield hit
            continue
        score = ranking.score(asked.q, hit.version.wording, hit.stands)
        if score is not None:
            yield replace(hit, score=score)


def _near(house: House, who: Actor, asked: Asked) -> Iterator[_Hit]:
    least = ranking.least_shared(asked.q)
    for hit in _wanted(house, who, asked, nearest(house.entries, _selected(who, asked), asked.q)):
        if hit.version is not None and hit.stands is not None:
            share = ranking.likeness(asked.q, hit.version.wording, hit.stands)
            if share >= least:
                yield replace(hit, score=share)


def _selected(who: Actor, asked: Asked) -> Doc:
    selected: Doc = {"office": who.office, **({"owner": asked.owner} if asked.owner else {})}
    if asked.proposed:
        return {**selected, "proposed": True}
    return {**selected, "published": True}


def _is_wanted(house: House, hit: _Hit, asked: Asked, who: Actor) -> bool:
    if asked.proposed and not is_keeper_or_owner(house, hit.entry, who):
        return False
    if hit.version is None:
        return asked.proposed
    wording = hit.version.wording
    return (
        asked.standing in (None, hit.stands)
        and asked.kind in (None, wording.kind)
        and asked.audience in (None, wording.audience)
        and (asked.category is None or _is_about(wording, asked.category))
    )


def _is_about(wording: Wording, category: str) -> bool:
    """Whether it speaks of a category, of one below, or of a whole branch that holds it."""
    return any(
        f"{one}/".startswith(f"{category}/") or f"{category}/".startswith(f"{one}/")
        for one in wording.categories
    )


def _hit(entry: Entry, on: date, warn_days: int) -> _Hit:
    version = entry.shown(on)
    stands = standing(version, on, warn_days) if version else None
    return _Hit(entry=entry, version=version, stands=stands, score=0)


def _row(house: House, hit: _Hit, who: Actor) -> dict[str, Any]:
    """An entry in a list: without its text, with the warning that it has ended or will."""
    on, warn_days = today(house, who.office), _warn_days(house, who.office)
    row: dict[str, Any] = {
        "entry": hit.entry.id,
        "owner": hit.entry.owner,
        "version": hit.version.n if hit.version else None,
        "standing": hit.stands,
        "warning": citing.warning_of(hit.version, on, warn_days) if hit.version else "",
    }
    if hit.version is not None:
        shown = wording_of(hit.version.wording)
        row |= {name: value for name, value in shown.items() if name != "text"}
    waiting = [one.id for one in hit.entry.proposals if one.state == "waiting"]
    return {**row, **({"waiting": waiting} if is_keeper_or_owner(house, hit.entry, who) else {})}


def _proposal(one: Proposal) -> dict[str, Any]:
    return {
        "id": one.id,
        "state": one.state,
        "wording": wording_of(one.wording),
        "by": one.by,
        "at": one.at.isoformat(),
        "why": one.why,
        "note": one.note,
    }


def _warn_days(house: House, office: str) -> int:
    return house.base.rulebooks.office(office).rulebook.knowledge.warn_days


def _lines(text: str) -> list[str]:
    return text.splitlines()
