"""What is typed in: complaints by every channel, with somebody in every field that takes words."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from deploy.local.leaks.office import COURSES, Course
from deploy.local.leaks.people import Identity
from deploy.local.leaks.planting import Crowd, told_by
from deploy.local.leaks.walls import NO_WALL, WALLS, Wall
from huiyin.chassis.rulebook import OfficeFolder, Rulebook
from huiyin.client.line import Json

_FIELDS: Final = ("name", "email", "address", "work_unit", "occupation")
_OF_FIRM: Final = {"contact_person": "name", "registered_address": "address"}
#: Who writes a letter or a mail is answered by letter or mail.
_NOT_GIVEN: Final = {"letter": ("phone", "helper_phone", "email"), "mailbox": ("phone", "helper_phone")}
#: A mark that opens no emergency; the first of these that an office knows.
_MARKS: Final = ("hot", "common", "widespread", "important", "policy")


@dataclass(frozen=True)
class Complaint:
    """What is typed in, the course it is meant to take, and its parties."""

    form: Json
    course: Course
    wall: Wall
    parties: tuple[Identity, ...]


def complaints(
    folder: OfficeFolder, crowd: Crowd, cases: int, now: datetime, turn: int
) -> Iterator[Complaint]:
    """So many complaints of an office, by all its channels, for courses and walls from a turn on."""
    book = folder.rulebook
    channels = itertools.cycle(book.intake.channels)
    entries = itertools.cycle(book.catalogue)
    courses = itertools.islice(itertools.cycle(COURSES), turn, None)
    walls = itertools.islice(itertools.cycle(WALLS), turn, None)
    for n, course, wall, channel, entry in zip(range(cases), courses, walls, channels, entries, strict=False):
        matter = wall.told(folder, entry.unit) | _sorted(book)
        told = _complaint(book, crowd, (channel, entry.category, entry.area), course, n)
        if n % len(_PARTIES) == 0:
            matter["classes"] |= own_word(book, crowd)
        told.form["matters"][0] |= matter
        told.form["arrival"] |= _forwarded(told.form, crowd, now)
        yield Complaint(told.form, course, wall, told.parties)


def plain(folder: OfficeFolder, crowd: Crowd, channel: str, n: int = 0) -> Complaint:
    """A complaint of which nothing is expected but that it is handled; every third is a firm's, too."""
    book = folder.rulebook
    entry = book.catalogue[0]
    told = _complaint(book, crowd, (channel, entry.category, entry.area), "ordinary", n)
    told.form["matters"][0] |= _sorted(book)
    return told


def called(book: Rulebook) -> Json:
    """What an office calls a case that comes from another."""
    entry, sorted_by = book.catalogue[0], book.classification
    area = entry.area if entry.area != "*" else max(book.areas, key=len)
    matter = {"kind": _of_complaint(book), "category": _leaf(book, entry.category), "area": area}
    first = {"difficulty": next(iter(sorted_by.difficulties)), "priority": next(iter(sorted_by.priorities))}
    return {"channel": next(iter(book.intake.channels)), "matters": [{"id": "m1", **matter}], **first}


def _complaint(book: Rulebook, crowd: Crowd, by: tuple[str, str, str], course: Course, n: int) -> Complaint:
    channel, category, area = by
    kind = "consultation" if course == "on_the_spot" else _of_complaint(book)
    place = {
        "category": _leaf(book, category),
        "area": area if area != "*" else max(book.areas, key=len),
        "kind": kind,
    }
    first, *others = (crowd.next(f"party by {channel}") for _ in range(2))
    forms = [_PARTIES[n % len(_PARTIES)](channel, first, others[0])]
    form = {
        "channel": channel,
        "matters": [_matter(place, first, crowd)],
        "parties": list(itertools.chain(*forms)),
        "arrival": _arrived(book, channel, first, crowd),
        **_asked(book, crowd),
    }
    if course == "on_the_spot":
        form["answer"] = f"已当场答复。{crowd.named('answer')}"
    return Complaint(form, course, NO_WALL, (first, *others))


def _of_complaint(book: Rulebook) -> str:
    """The office's kind for what somebody complains of."""
    kinds = book.classification.kinds
    return "complaint" if "complaint" in kinds else next(k for k, kind in kinds.items() if kind.dispatched)


def _asked(book: Rulebook, crowd: Crowd) -> Json:
    """What some offices ask of every form; a mark, and a priority that is not the content's, say why."""
    lowest = book.priority.levels[-1].priority
    mark = next(mark for mark in _MARKS if mark in book.classification.flags)
    why = f"诉求人说不急。{crowd.named('why this priority')}"
    marked = {"flags": [mark], "why": {mark: f"多人反映。{crowd.named('why this mark')}"}}
    return {"truth_stated": True, "warned": True, "priority": lowest, "priority_why": why, **marked}


def _arrived(book: Rulebook, channel: str, who: Identity, crowd: Crowd) -> Json:
    """How it came in: from whose telephone or account, over which merged line; what a paper wrote of it."""
    seen = {"calling_number": who.mobile, "account": who.wechat, "line": next(iter(book.taking.lines), "")}
    way = book.taking.ways[channel]
    known = {*way.facts, *(("account", "calling_number") if way.way == "message" else ())}
    return {**{fact: seen[fact] for fact in known}, "news_outlet": f"晚报，{crowd.named('news')}"}


def _forwarded(form: Json, crowd: Crowd, now: datetime) -> Json:
    """A letter that another organ sent on."""
    if form["channel"] != "letter":
        return {}
    by = f"市妇联，{crowd.named('forwarded by')}"
    return {"delivered": "forwarded", "forwarded_by": by, "first_received_on": f"{now:%Y-%m-%d}"}


def _sorted(book: Rulebook) -> Json:
    """A class in each scheme of the office."""
    schemes = book.classification.schemes.items()
    return {"classes": {name: next(iter(scheme.classes)) for name, scheme in schemes}}


def own_word(book: Rulebook, crowd: Crowd) -> Json:
    """In a scheme that is open, a class of the officer's own (S3-24)."""
    schemes = book.classification.schemes.items()
    return {name: f"联系人{crowd.next('class').name}" for name, scheme in schemes if scheme.open}


def _matter(place: Json, first: Identity, crowd: Crowd) -> Json:
    return {
        **place,
        "object": f"物业公司，{crowd.named('object')}",
        "place": f"{crowd.next('place').address}门前",
        "text": f"门前积水多日。{told_by(first)}{crowd.named('text')}",
        "wish": f"请尽快处理，{crowd.named('wish')}",
    }


def _with_speaker(channel: str, first: Identity, second: Identity) -> list[Json]:
    """Who complains, and who speaks for them."""
    return [_party(first, "complainant", channel), _party(second, "representative", channel)]


def _with_helper(channel: str, first: Identity, second: Identity) -> list[Json]:
    """Who complains with somebody's help (E-34)."""
    helped = {"needs": ["other"], "helper_name": second.name, "helper_phone": second.mobile}
    return [_kept(_party(first, "complainant", channel) | helped, channel)]


def _with_firm(channel: str, first: Identity, second: Identity) -> list[Json]:
    """Who complains, and a firm beside them (E-26)."""
    firm = {field: getattr(second, held) for field, held in _OF_FIRM.items()}
    reached = {"name": f"{second.name}经营部", "phone": second.mobile, "email": second.email}
    told = {"role": "complainant", "kind": "legal_person", **reached, **firm}
    return [_party(first, "complainant", channel), _kept(told, channel)]


_PARTIES: Final = (_with_speaker, _with_helper, _with_firm)


def _party(person: Identity, role: str, channel: str) -> Json:
    given = {"phone": person.mobile, **{field: getattr(person, field) for field in _FIELDS}}
    return _kept({"role": role, **given}, channel)


def _kept(told: Mapping[str, Any], channel: str) -> Json:
    return {name: value for name, value in told.items() if name not in _NOT_GIVEN.get(channel, ())}


def _leaf(book: Rulebook, category: str) -> str:
    return next(c for c in book.categories if c == category or c.startswith(f"{category}/"))
