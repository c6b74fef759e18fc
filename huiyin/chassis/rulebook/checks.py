"""Refuses rulebooks that contradict themselves or their office; each check names the key."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from huiyin.chassis.rulebook.office import ALWAYS_GIVEN, TEMPLATE_PARAMS, Person, Template, Unit
from huiyin.chassis.rulebook.shape import WHOLE_CITY, Rulebook, Term
from huiyin.chassis.rulebook.values import is_id

Problem = tuple[str, str]
"""A dotted key and what is wrong with it."""

_DAYS: Final = {"day": 1.0, "wd": 1.0, "month": 20.0, "hour": 1 / 24, "minute": 1 / 1440}
"""Rough lengths, good enough to see that a cap lies under the limit it should extend."""


def contradictions(rulebook: Rulebook) -> list[Problem]:
    """What contradicts itself inside rulebook.yaml."""
    return [problem for check in _RULEBOOK for problem in check(rulebook)]


def _ids(book: Rulebook) -> Iterator[Problem]:
    maps: dict[str, Iterable[str]] = {
        "intake.channels": book.intake.channels,
        "classification.kinds": book.classification.kinds,
        "classification.difficulties": book.classification.difficulties,
        "classification.priorities": book.classification.priorities,
        "classification.flags": book.classification.flags,
        "legal_class": book.legal_class,
    }
    for key, names in maps.items():
        for name in names:
            if not is_id(name):
                yield f"{key}.{name}", "Not an id (lower-case ASCII)"


def _timezone(book: Rulebook) -> Iterator[Problem]:
    try:
        ZoneInfo(book.office.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        yield "office.timezone", f"{book.office.timezone!r} is no time zone"


def _channels(book: Rulebook) -> Iterator[Problem]:
    channels = book.intake.channels
    if not channels:
        yield "intake.channels", "At least one channel is needed"
    for code in _repeated(channel.code for channel in channels.values()):
        yield "intake.channels", f"The code {code} stands for more than one channel"
    for key, names in {
        "deadline.by_channel": book.deadline.by_channel,
        "intake.hours": book.intake.hours,
        "notify.on_transfer": book.notify.on_transfer,
        "reply.owner": book.reply.owner,
    }.items():
        yield from _known(key, names, channels, "channel")
    for missing in sorted(channels.keys() - book.reply.owner.keys()):
        yield f"reply.owner.{missing}", "Who answers this channel is not said"


def _deadlines(book: Rulebook) -> Iterator[Problem]:
    deadline, difficulties = book.deadline, book.classification.difficulties
    yield from _known("deadline.classes", deadline.classes, difficulties, "difficulty")
    yield from _known("deadline.urgency", deadline.urgency, book.classification.priorities, "priority")
    if deadline.general is None:
        limited = difficulties.keys() <= deadline.classes.keys()
        if not limited and not book.classification.priorities.keys() <= deadline.urgency.keys():
            yield "deadline.general", "Without it every difficulty or every priority needs a limit"
        if book.urge.before is not None and not deadline.classes and not deadline.urgency:
            yield "urge.before", "There is no deadline to urge before"
    for channel, limit in deadline.by_channel.items():
        yield from _known(f"deadline.by_channel.{channel}.classes", limit.classes, difficulties, "difficulty")


def _extension(book: Rulebook) -> Iterator[Problem]:
    extension, general = book.extension, book.deadline.general
    if not extension.allowed:
        return
    if extension.approver is None:
        yield "extension.approver", "Needed when extension.allowed is true"
    if extension.cap is None:
        yield "extension.cap", "Needed when extension.allowed is true"
    elif extension.cap_counts == "total" and general is not None and _days(extension.cap) <= _days(general):
        yield "extension.cap", "Not longer than deadline.general, so nothing could be extended"
    yield from _known("extension.not_for", extension.not_for, {*book.legal_class, "emergency"}, "legal class")


def _days(term: Term) -> float:
    return term.amount * _DAYS[term.unit]


def _overdue(book: Rulebook) -> Iterator[Problem]:
    if "written_supervision" in book.overdue.actions and book.overdue.new_limit is None:
        yield "overdue.new_limit", "Needed when overdue.actions holds written_supervision (S4-43)"


def _urge(book: Rulebook) -> Iterator[Problem]:
    before = book.urge.before
    if before is not None and book.urge.form == "none":
        yield "urge.form", "Needs a form when urge.before is set"
    if before is not None and before.unit == "month":
        yield "urge.before.unit", "An urging is days or hours before the limit, not months"


def _gates(book: Rulebook) -> Iterator[Problem]:
    flags = book.classification.flags
    yield from _known("dispatch.gate_flags", book.dispatch.gate_flags, flags, "flag")
    if book.dispatch.leader_gate == "flagged" and not book.dispatch.gate_flags:
        yield "dispatch.gate_flags", "Needed when dispatch.leader_gate is flagged"
    if book.multi_unit.raises_to is not None:
        raised = (book.multi_unit.raises_to,)
        yield from _known("multi_unit.raises_to", raised, book.classification.difficulties, "difficulty")


def _review(book: Rulebook) -> Iterator[Problem]:
    if not book.review.criteria:
        yield "review.criteria", "At least one criterion is needed"
    for criterion in _repeated(criterion.id for criterion in book.review.criteria):
        yield "review.criteria", f"{criterion} stands twice"


def _categories(book: Rulebook) -> Iterator[Problem]:
    if not book.classification.kinds:
        yield "classification.kinds", "At least one kind is needed"
    for category in book.categories:
        parent, _, below = category.rpartition("/")
        if not below.isascii() or (parent and parent not in book.categories):
            yield f"categories.{category}", "Its upper category is not listed, or it is not ASCII"


_RULEBOOK: Final[tuple[Callable[[Rulebook], Iterator[Problem]], ...]] = (
    _ids,
    _timezone,
    _channels,
    _deadlines,
    _extension,
    _overdue,
    _urge,
    _gates,
    _review,
    _categories,
)


def catalogue_problems(book: Rulebook, units: Mapping[str, Unit]) -> Iterator[Problem]:
    """What the catalogue names that is not there."""
    for entry_id in _repeated(entry.id for entry in book.catalogue):
        yield entry_id, "Stands twice"
    for entry in book.catalogue:
        for unit in (entry.unit, *entry.assisting):
            if unit not in units:
                yield f"{entry.id}.unit", f"{unit} is not in units.yaml"
        if entry.unit in entry.assisting or len(set(entry.assisting)) < len(entry.assisting):
            yield f"{entry.id}.assisting", "A unit stands twice"
        if entry.category not in book.categories:
            yield f"{entry.id}.category", f"{entry.category} is not in categories.yaml"
        if entry.area != WHOLE_CITY and entry.area not in book.areas:
            yield f"{entry.id}.area", f"{entry.area} is not in areas.yaml"


def unit_problems(book: Rulebook, units: tuple[Unit, ...], people: Mapping[str, Person]) -> Iterator[Problem]:
    """What units.yaml names that is not there."""
    known = {unit.id for unit in units}
    for unit_id in _repeated(unit.id for unit in units):
        yield unit_id, "Stands twice"
    for unit in units:
        for key, other in (("parent", unit.parent), ("successor", unit.successor)):
            if other is not None and other not in known - {unit.id}:
                yield f"{unit.id}.{key}", f"{other} is not another unit of this file"
        if unit.abolished_on is not None and unit.successor is None:
            yield f"{unit.id}.successor", "An abolished unit names who has its orders (E-62)"
        if unit.leader is not None and unit.leader not in people:
            yield f"{unit.id}.leader", f"{unit.leader} is not in people.yaml"
        if missing := sorted(set(unit.areas) - book.areas.keys() - {WHOLE_CITY}):
            yield f"{unit.id}.areas", f"{missing[0]} is not in areas.yaml"
    yield from _rings(units)


def people_problems(
    book: Rulebook, people: tuple[Person, ...], units: Mapping[str, Unit]
) -> Iterator[Problem]:
    """People without a unit, leavers' successors, and mandatory roles nobody holds for good (E-126)."""
    for subject in _repeated(person.subject for person in people):
        yield subject, "Stands twice"
    staying = {person.subject for person in people if person.left_on is None}
    for person in people:
        if person.unit not in units:
            yield f"{person.subject}.unit", f"{person.unit} is not in units.yaml"
        if person.successor is not None and person.left_on is None:
            yield f"{person.subject}.left_on", "Who has a successor says when the work was left"
        if person.successor is not None and person.successor not in staying:
            yield f"{person.subject}.successor", f"{person.successor} is nobody of this file who stays"
    held = {role for person in people if person.left_on is None for role in person.roles}
    for role in book.roles.mandatory:
        if role not in held:
            yield f"roles.{role}", "Nobody holds this mandatory role (E-126)"


def template_problems(
    languages: Iterable[str], templates: Mapping[tuple[str, str], Template]
) -> Iterator[Problem]:
    """Templates that are missing in a language, or ask for what nobody gives."""
    for language in languages:
        for name, given in TEMPLATE_PARAMS.items():
            template = templates.get((language, name))
            if template is None:
                yield f"{language}/{name}.txt", "Missing"
            elif unknown := sorted(template.params - given - ALWAYS_GIVEN):
                yield f"{language}/{name}.txt", f"Nobody gives ${unknown[0]}"


def _rings(units: tuple[Unit, ...]) -> Iterator[Problem]:
    parents = {unit.id: unit.parent for unit in units}
    for unit in units:
        seen, above = {unit.id}, unit.parent
        while above is not None and above not in seen:
            seen.add(above)
            above = parents.get(above)
        if above == unit.id and unit.parent != unit.id:
            yield f"{unit.id}.parent", "It stands above itself"


def _known(key: str, names: Iterable[str], allowed: Iterable[str], what: str) -> Iterator[Problem]:
    for name in names:
        if name not in set(allowed):
            yield f"{key}.{name}", f"{name} is no {what} of this office"


def _repeated(names: Iterable[str]) -> list[str]:
    return sorted(name for name, count in Counter(names).items() if count > 1)
