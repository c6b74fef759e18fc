"""Refuses rulebooks that contradict themselves or their office; each check names the key."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from huiyin.chassis.rulebook import sorting_checks
from huiyin.chassis.rulebook.contradictions import Problem, conflicts, days
from huiyin.chassis.rulebook.office import ALWAYS_GIVEN, TEMPLATE_PARAMS, Person, Template, Unit
from huiyin.chassis.rulebook.shape import WHOLE_CITY, Rulebook
from huiyin.chassis.rulebook.values import is_id
from huiyin.contracts.events import EMERGENCY


def contradictions(rulebook: Rulebook) -> list[Problem]:
    """What contradicts itself inside rulebook.yaml."""
    return [*(problem for check in _RULEBOOK for problem in check(rulebook)), *conflicts(rulebook)]


def _ids(book: Rulebook) -> Iterator[Problem]:
    maps: dict[str, Iterable[str]] = {
        "intake.channels": book.intake.channels,
        "classification.kinds": book.classification.kinds,
        "classification.difficulties": book.classification.difficulties,
        "classification.priorities": book.classification.priorities,
        "classification.flags": book.classification.flags,
        "legal_class": book.legal_class,
        "taking.duties": book.taking.duties,
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
        "intake.windows": book.intake.windows,
        "notify.on_transfer": book.notify.on_transfer,
        "reply.owner": book.reply.owner,
        "taking.ways": book.taking.ways,
    }.items():
        yield from _known(key, names, channels, "channel")
    for missing in sorted(channels.keys() - book.reply.owner.keys()):
        yield f"reply.owner.{missing}", "Who answers this channel is not said"


def _taking(book: Rulebook) -> Iterator[Problem]:
    """Each channel says how it comes in; emergency lines are never merged into the hotline (S3-05)."""
    taking, sorting = book.taking, book.classification
    for missing in sorted(book.intake.channels.keys() - taking.ways.keys()):
        yield f"taking.ways.{missing}", "How this channel's complaints come in is not said"
    for line in sorted(taking.lines.keys() & set(book.emergency.lines)):
        yield f"taking.lines.{line}", "An emergency line is not merged into a hotline (S3-05)"
    if taking.draft_kept.unit not in ("minute", "hour", "day"):
        yield "taking.draft_kept.unit", "A draft is kept for minutes, hours or days"
    yield from _known("taking.no_object_kinds", taking.no_object_kinds, sorting.kinds, "kind")
    yield from _known("taking.unsorted.kind", (taking.unsorted.kind,), sorting.kinds, "kind")
    yield from _known("taking.unsorted.category", (taking.unsorted.category,), book.categories, "category")
    yield from _known("taking.unsorted.area", (taking.unsorted.area,), book.areas, "area")


def _hours(book: Rulebook) -> Iterator[Problem]:
    for channel, openings in book.intake.hours.items():
        if not openings:
            yield (
                f"intake.hours.{channel}",
                "It would never be looked at; leave it out when it is always open",
            )
        if any(opening.from_ >= opening.to for opening in openings):
            yield f"intake.hours.{channel}", "An opening ends on the day it begins; write two for a night"


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
    elif extension.cap_counts == "total" and general is not None and days(extension.cap) <= days(general):
        yield "extension.cap", "Not longer than deadline.general, so nothing could be extended"
    yield from _known("extension.not_for", extension.not_for, {*book.legal_class, "emergency"}, "legal class")


def _overdue(book: Rulebook) -> Iterator[Problem]:
    if "written_supervision" in book.overdue.actions and book.overdue.new_limit is None:
        yield "overdue.new_limit", "Needed when overdue.actions holds written_supervision (S4-43)"


def _archive(book: Rulebook) -> Iterator[Problem]:
    if book.archive.rule == "of_value" and not book.archive.materials:
        yield "archive.materials", "Needed when archive.rule is of_value (S4-54)"


def _urge(book: Rulebook) -> Iterator[Problem]:
    before = book.urge.before
    if before is not None and book.urge.form == "none":
        yield "urge.form", "Needs a form when urge.before is set"
    if before is not None and before.unit == "month":
        yield "urge.before.unit", "An urging is days or hours before the limit, not months"


def _words(book: Rulebook) -> Iterator[Problem]:
    if book.terms.immediately.unit not in ("minute", "hour"):
        yield "terms.immediately.unit", "Immediately is minutes or hours (V-02)"


def _gates(book: Rulebook) -> Iterator[Problem]:
    flags = book.classification.flags
    direct = book.dispatch.direct
    yield from _known("dispatch.gate_flags", book.dispatch.gate_flags, flags, "flag")
    yield from _known("dispatch.direct.flags", direct.flags if direct else (), flags, "flag")
    if book.dispatch.leader_gate == "flagged" and not book.dispatch.gate_flags:
        yield "dispatch.gate_flags", "Needed when dispatch.leader_gate is flagged"
    if book.multi_unit.raises_to is not None:
        raised = (book.multi_unit.raises_to,)
        yield from _known("multi_unit.raises_to", raised, book.classification.difficulties, "difficulty")


def _repeat(book: Rulebook) -> Iterator[Problem]:
    flag, flags = book.repeat.flag, book.classification.flags
    if flag is not None:
        yield from _known("repeat.flag", (flag,), flags, "flag")
    if book.repeat.policy == "special" and flag is None:
        yield "repeat.flag", "Needed when repeat.policy is special (S2-66)"


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


def _emergency(book: Rulebook) -> Iterator[Problem]:
    emergency, classes = book.emergency, book.classification
    yield from _known("emergency.priority", (emergency.priority,), classes.priorities, "priority")
    yield from _known("emergency.kind", (emergency.kind,), classes.kinds, "kind")
    yield from _known("emergency.unread_after", emergency.unread_after, book.intake.channels, "channel")
    yield from _known("classification.flags", (EMERGENCY,), classes.flags, "flag")
    yield from _known("emergency.categories", emergency.categories.values(), book.categories, "category")
    for line in sorted(set(emergency.lines) - emergency.categories.keys()):
        yield f"emergency.categories.{line}", "What is handed over to this line has no category"
    if not emergency.lines:
        yield "emergency.lines", "Danger to life has to be handed over to somebody (S3-46)"


def _telephony(book: Rulebook) -> Iterator[Problem]:
    telephony = book.telephony
    if telephony.channel is not None:
        yield from _known("telephony.channel", (telephony.channel,), book.intake.channels, "channel")
    yield from _known(
        "telephony.dropped_category", (telephony.dropped_category,), book.categories, "category"
    )
    kinds = book.classification.kinds
    yield from _known("telephony.dropped_kind", (telephony.dropped_kind,), kinds, "kind")


_RULEBOOK: Final[tuple[Callable[[Rulebook], Iterator[Problem]], ...]] = (
    _ids,
    _timezone,
    _channels,
    _taking,
    _hours,
    _deadlines,
    _extension,
    _overdue,
    _archive,
    _urge,
    _words,
    _gates,
    _repeat,
    _review,
    _categories,
    sorting_checks.schemes,
    sorting_checks.signs,
    sorting_checks.priority,
    sorting_checks.special,
    _emergency,
    _telephony,
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
    direct = book.dispatch.direct.unit if book.dispatch.direct else None
    named = {"accusation.unit": book.accusation.unit, "dispatch.direct.unit": direct}
    for key, centre in named.items():
        if centre is not None and centre not in known:
            yield key, f"{centre} is no unit of this file"
    for channel, window in book.intake.windows.items():
        if not any(person.unit == window and "operator" in person.roles for person in people.values()):
            yield f"intake.windows.{channel}", f"Nobody takes complaints down in {window} (S2-01)"
    for unit in units:
        for key, other in (("parent", unit.parent), ("successor", unit.successor)):
            if other is not None and other not in known - {unit.id}:
                yield f"{unit.id}.{key}", f"{other} is not another unit of this file"
        if unit.abolished_on is not None and unit.successor is None:
            yield f"{unit.id}.successor", "An abolished unit names who has its orders (E-62)"
        if unit.leader is not None and unit.leader not in people:
            yield f"{unit.id}.leader", f"{unit.leader} is not in people.yaml"
        if (head := people.get(unit.leader or "")) and not _leads_on(unit, head, people):
            yield f"{unit.id}.leader", f"{head.subject} leaves and has no successor in {unit.id} (E-84)"
        if missing := sorted(set(unit.areas) - book.areas.keys() - {WHOLE_CITY}):
            yield f"{unit.id}.areas", f"{missing[0]} is not in areas.yaml"
    yield from _rings(units)
    districts = ((u.id, (u.coordinates,) if u.coordinates else ()) for u in units if u.successor is None)
    yield from _one_each("roles.coordinated", book.roles.coordinated, districts)


def _leads_on(unit: Unit, head: Person, people: Mapping[str, Person]) -> bool:
    """Whether somebody leads the unit also when its leader has left: what accuses goes to a head (S2-26)."""
    after = people.get(head.successor or "")
    return head.left_on is None or (after is not None and after.unit == unit.id)


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
        for role, unit in book.roles.held_in.items():
            if role in person.roles and person.unit != unit:
                yield f"{person.subject}.roles", f"{role} is held in {unit} alone (roles.held_in)"
        if person.successor is not None and person.left_on is None:
            yield f"{person.subject}.left_on", "Who has a successor says when the work was left"
        if person.successor is not None and person.successor not in staying:
            yield f"{person.subject}.successor", f"{person.successor} is nobody of this file who stays"
    held = {role for person in people if person.left_on is None for role in person.roles}
    for role in book.roles.mandatory:
        if role not in held:
            yield f"roles.{role}", "Nobody holds this mandatory role (E-126)"
    yield from _one_each(
        "roles.posts", book.roles.posts, ((p.subject, p.posts) for p in people if p.left_on is None)
    )


def _one_each(
    key: str, wanted: Iterable[str], held: Iterable[tuple[str, Iterable[str]]]
) -> Iterator[Problem]:
    """E-126: each post is held by one person (S2-85), each district coordinated by one unit (S3-10)."""
    holders: dict[str, list[str]] = {name: [] for name in wanted}
    for holder, names in held:
        for name in names:
            if name not in holders:
                yield f"{holder}.{name}", f"{key} does not have it"
            holders.setdefault(name, []).append(holder)
    for name in wanted:
        if len(holders[name]) != 1:
            yield f"{key}.{name}", f"Held by {', '.join(holders[name]) or 'nobody'}, not by one (E-126)"


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
    for language, name in sorted(templates):
        if name not in TEMPLATE_PARAMS:
            yield f"{language}/{name}.txt", "Nobody sends it; is it the name of another, misspelt?"


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
