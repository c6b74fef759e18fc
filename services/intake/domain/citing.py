"""An answer given at once, and the entries of the knowledge base it rests on (S1-16, S3-37, S4-23, V-02)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from huiyin.chassis.rulebook import Term
from services.intake.domain import quoting
from services.intake.domain.knowledge import Audience, Entry, Standing, Version, standing

Problem = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Citing:
    """Which version of which entry an answer rests on, as the operator names it."""

    entry: str
    version: int


@dataclass(frozen=True, kw_only=True)
class Cite:
    """The same as the case keeps it. What is for staff only is its basis, and no citizen is told (E-128)."""

    entry: str
    version: int
    audience: Audience
    title: str
    document: str


@dataclass(frozen=True, kw_only=True)
class Answered:
    """An answer given at once: its redacted words, when, and whether within the office's `immediately`."""

    text: str
    at: datetime
    in_time: bool
    cites: tuple[Cite, ...]


@dataclass(frozen=True, kw_only=True)
class Base:
    """What an answer is held against: the entries it cites, and all that is for staff only."""

    cited: Mapping[str, Entry]
    internal: Sequence[str]


def problems(answer: str, cites: Sequence[Citing], base: Base, on: date) -> Iterator[Problem]:
    """What is wrong with an answer: it cites what is not there or not in force, or repeats what is internal.

    S2-88, E-128: guidance for staff may be cited as the basis; its words never go to a citizen.
    """
    public = []
    for n, cite in enumerate(cites):
        entry = base.cited.get(cite.entry)
        wrong = _wrong(cite, entry, on)
        if wrong is not None:
            yield f"answer_cites.{n}", wrong
        elif entry is not None and entry.version(cite.version).wording.audience == "public":
            public.append(entry.version(cite.version).wording.searched)
    if quoting.quoted(answer, base.internal, public):
        yield "answer", "答复引用了仅供内部的指引原文；可引为依据，但须用自己的话答复"


def warnings(cites: Sequence[Citing], base: Base, now: date, warn_days: int) -> list[str]:
    """What the operator should know of entries that were in force when the answer was given."""
    found = ((base.cited[cite.entry], cite.version) for cite in cites)
    return [words for entry, n in found if (words := _warning(entry, entry.version(n), now, warn_days))]


def kept(cites: Sequence[Citing], base: Base) -> tuple[Cite, ...]:
    """What the case keeps of its citations."""
    return tuple(_kept(base.cited[cite.entry], cite.version) for cite in cites)


def is_immediate(received_at: datetime, answered_at: datetime, immediately: Term) -> bool:
    """Whether an answer came in the same call, as the office measures "immediately" (V-02, S3-37, S4-23)."""
    lengths = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1)}
    return answered_at - received_at <= immediately.amount * lengths[immediately.unit]


def warning_of(version: Version, now: date, warn_days: int) -> str:
    """What is said of an entry that has expired, is about to, or has not begun; else nothing."""
    until = version.wording.valid_until
    words: dict[Standing, str] = {
        "expired": f"已于 {until} 失效，不得再引用",
        "expiring": f"将于 {until} 失效，请责任单位及时修订",
        "coming": f"自 {version.wording.valid_from} 起施行，现在尚未生效",
    }
    return words.get(standing(version, now, warn_days), "")


def _wrong(cite: Citing, entry: Entry | None, on: date) -> str | None:
    if entry is None or all(one.n != cite.version for one in entry.versions):
        return f"知识库没有条目 {cite.entry} 第 {cite.version} 版"
    version, current = entry.version(cite.version), entry.at(on)
    if standing(version, on, 0) == "coming":
        return f"第 {cite.version} 版自 {version.wording.valid_from} 起施行，答复时尚未生效"
    if current is not None and current.n != cite.version:
        return f"第 {cite.version} 版已由第 {current.n} 版取代，请核对后引用第 {current.n} 版"
    if standing(version, on, 0) == "expired":
        return f"该条目已于 {version.wording.valid_until} 失效，不能作为答复依据"
    return None


def _warning(entry: Entry, version: Version, now: date, warn_days: int) -> str:
    current = entry.at(now)
    if current is not None and current.n != version.n:
        return f"《{version.wording.title}》现已由第 {current.n} 版取代"
    words = warning_of(version, now, warn_days)
    return f"《{version.wording.title}》{words}" if words else ""


def _kept(entry: Entry, n: int) -> Cite:
    wording = entry.version(n).wording
    return Cite(
        entry=entry.id,
        version=n,
        audience=wording.audience,
        title=wording.title,
        document=wording.document or wording.law,
    )
