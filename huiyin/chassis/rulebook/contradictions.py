"""What one line of a rulebook says against another (X, XI and V lines); each problem names its key."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from huiyin.chassis.rulebook.shape import Rulebook
from huiyin.chassis.rulebook.values import Term

Problem = tuple[str, str]
"""A dotted key and what is wrong with it."""

_DAYS: Final = {"day": 1.0, "wd": 1.0, "month": 20.0, "hour": 1 / 24, "minute": 1 / 1440}
"""Rough lengths, good enough to see that a cap lies under the limit it should extend."""

_CONSUMER_WD: Final = 7
#: What a complaint is when nobody says otherwise.
_DEFAULTS: Final = {"difficulties": "ordinary", "priorities": "normal"}


def days(term: Term) -> float:
    """About how many days a term is."""
    return term.amount * _DAYS[term.unit]


def conflicts(book: Rulebook) -> Iterator[Problem]:
    """Every line that another one contradicts."""
    for check in _CHECKS:
        yield from check(book)


def _sorting(book: Rulebook) -> Iterator[Problem]:
    sorting = book.classification
    for scheme, name in _DEFAULTS.items():
        if name not in getattr(sorting, scheme):
            yield (
                f"classification.{scheme}.{name}",
                "Missing: it is what a complaint is unless said otherwise",
            )
    for name, kind in sorting.kinds.items():
        if not kind.dispatched and not kind.on_the_spot:
            yield (
                f"classification.kinds.{name}",
                "Neither dispatched nor answered on the spot: nobody answers",
            )
        if kind.on_the_spot and not book.intake.on_the_spot:
            yield f"classification.kinds.{name}.on_the_spot", "intake.on_the_spot is false"
        if kind.accusing and not kind.dispatched:
            yield f"classification.kinds.{name}.accusing", "An accusation must go to somebody (S0-36, S2-26)"


def _limits(book: Rulebook) -> Iterator[Problem]:
    """X-01…X-05, XI-03: a target lies within its limit, no limit beyond the cap, the complex is longer."""
    deadline = book.deadline
    if deadline.target is not None and (
        deadline.general is None or days(deadline.target) > days(deadline.general)
    ):
        yield "deadline.target", "Beyond deadline.general (X-05)"
    given = deadline.leader_assigned
    if given is not None and days(given.complex) < days(given.general):
        yield "deadline.leader_assigned.complex", "Shorter than the general one (XI-03)"
    if deadline.cap is not None:
        longer = (key for key, term in _own_limits(book) if days(term) > days(deadline.cap))
        yield from ((key, "Longer than deadline.cap (E-15)") for key in longer)


def _own_limits(book: Rulebook) -> Iterator[tuple[str, Term]]:
    deadline = book.deadline
    if deadline.general is not None:
        yield "deadline.general", deadline.general
    yield from ((f"deadline.classes.{name}", term) for name, term in deadline.classes.items())
    yield from ((f"deadline.urgency.{name}", term) for name, term in deadline.urgency.items())
    yield from ((f"deadline.by_channel.{name}", limit.term) for name, limit in deadline.by_channel.items())
    if deadline.leader_assigned is not None:
        yield "deadline.leader_assigned.complex", deadline.leader_assigned.complex


def _more_time(book: Rulebook) -> Iterator[Problem]:
    """X-06, XI-09; E-19, X-34: what a law does not extend, no office extends."""
    extension = book.extension
    if not extension.allowed:
        for key in ("approver", "cap"):
            if getattr(extension, key) is not None:
                yield f"extension.{key}", "Nothing can be extended: extension.allowed is false (X-06)"
        return
    for name, law in book.legal_class.items():
        if law.extendable == (name in extension.not_for):
            yield f"legal_class.{name}.extendable", "extension.not_for says the contrary (E-19)"


def _consumers(book: Rulebook) -> Iterator[Problem]:
    """X-34, S4-55: seven working days from the department's receipt, not extendable, whatever the office."""
    law = book.legal_class.get("consumer")
    if law is None:
        return
    if law.term is None or law.term.unit != "wd" or law.term.amount > _CONSUMER_WD:
        yield "legal_class.consumer.term", f"The law gives {_CONSUMER_WD} wd (X-34)"
    if law.start != "unit_received":
        yield "legal_class.consumer.start", "The law counts from the department's receipt (X-34)"
    if law.extendable:
        yield "legal_class.consumer.extendable", "The law does not extend it (X-34, E-19)"


def _past_the_limit(book: Rulebook) -> Iterator[Problem]:
    """X-07, X-08."""
    overdue, urge = book.overdue, book.urge
    if overdue.new_limit is not None and "written_supervision" not in overdue.actions:
        yield "overdue.new_limit", "Only written supervision sets one (X-07)"
    if urge.form == "none" and (urge.after or urge.by_priority):
        yield "urge.form", "Needs a form when somebody is urged (X-08)"
    shortest = min((days(term) for _, term in _own_limits(book)), default=None)
    if urge.before is not None and shortest is not None and days(urge.before) >= shortest:
        yield "urge.before", "Not shorter than the shortest limit: it would urge before the work begins"


def _leaders(book: Rulebook) -> Iterator[Problem]:
    """X-09, X-12, X-13, XI-07: gates and forms that other lines need."""
    dispatch = book.dispatch
    if dispatch.gate_flags and dispatch.leader_gate != "flagged":
        yield "dispatch.gate_flags", f"dispatch.leader_gate is {dispatch.leader_gate} (X-09)"
    if dispatch.submission_first and not {"submit", "direct"} <= set(dispatch.forms):
        yield "dispatch.submission_first", "Needs both forms, direct and submit (XI-07)"
    if dispatch.direct is not None and "direct" not in dispatch.forms:
        yield "dispatch.direct", "dispatch.forms has no direct (S1-20)"
    for key, policy in (
        ("multi_unit.policy", book.multi_unit.policy),
        ("dispute.policy", book.dispute.policy),
    ):
        if policy == "submit" and "submit" not in dispatch.forms:
            yield key, "dispatch.forms has no submit (X-12, X-13)"


def _emergencies(book: Rulebook) -> Iterator[Problem]:
    """X-11."""
    emergency = book.emergency
    if emergency.policy == "transfer" and not emergency.lines:
        yield "emergency.lines", "Needed when emergency.policy is transfer (X-11)"
    if emergency.policy in ("report_first", "report_at_once") and not emergency.report_to:
        yield "emergency.report_to", f"Needed when emergency.policy is {emergency.policy} (X-11)"


def _secrecy(book: Rulebook) -> Iterator[Problem]:
    """X-14, X-15, X-29, X-30, XI-05."""
    everything = "everything" in book.confidential.default
    if everything and len(book.confidential.default) > 1:
        yield "confidential.default", "Beside everything nothing else can be named (X-15)"
    if everything and book.publish.enabled:
        yield "publish.enabled", "confidential.default is everything (X-29, S0-34)"
    if everything and book.site_visit.media == "may_join":
        yield "site_visit.media", "confidential.default is everything (X-30)"
    if (book.accusation.unit is None) == (book.accusation.route == "named_unit"):
        yield "accusation.unit", "Said with the route named_unit, and only then (X-14)"
    if book.accusation.staff_override != "none" and book.accusation.override == "none":
        yield "accusation.staff_override", "Weaker for the office's own staff than for others (XI-05)"


def _elsewhere(book: Rulebook) -> Iterator[Problem]:
    """X-21, X-22, XI-10."""
    if book.excluded_channels.policy == "point" and not book.excluded_channels.channels:
        yield "excluded_channels.channels", "Needed when excluded_channels.policy is point (X-21)"
    if book.out_of_scope.policy == "none":
        if book.out_of_scope.follow_up:
            yield "out_of_scope.follow_up", "out_of_scope.policy is none (X-22)"
        if book.reply.referral_counts:
            yield "reply.referral_counts", "out_of_scope.policy is none, so nobody is referred (XI-10)"


def _exemptions(book: Rulebook) -> Iterator[Problem]:
    """X-16, X-24, E-111: nobody is exempt for what cannot occur here."""
    cannot = dict(_cannot_occur(book))
    for key, names in (("reply.exempt", book.reply.exempt), ("callback.exempt", book.callback.exempt)):
        yield from ((f"{key}.{name}", cannot[name]) for name in names if name in cannot)


def _cannot_occur(book: Rulebook) -> Iterator[Problem]:
    if not book.anonymous.accept:
        yield "anonymous_letter", "anonymous.accept is false (X-16)"
        yield "anonymous_without_contact", "anonymous.accept is false (X-16)"
    if "letter" not in book.intake.channels:
        yield "anonymous_letter", "intake.channels has no letter"
    if "praise" not in book.classification.kinds:
        yield "praise", "classification.kinds has no praise (E-45)"
    if book.excluded_channels.policy != "point":
        yield "excluded_channel", "excluded_channels.policy is not point (X-21)"
    if all(law.tell_result == "always" for law in book.legal_class.values()):
        yield "unnamed_report", "legal_class has none that tells only real names (S4-61)"


def _media(book: Rulebook) -> Iterator[Problem]:
    """X-18, X-23: every channel's return path is a medium of the office."""
    media = book.notify.media
    for name, channel in book.intake.channels.items():
        if not channel.reply_media:
            yield f"intake.channels.{name}.reply_media", "Needed: nobody could be answered"
        for medium in channel.reply_media:
            if medium not in media:
                yield f"intake.channels.{name}.reply_media", f"notify.media has no {medium}"
    if book.callback.letter_after and "letter" not in media:
        yield "callback.letter_after", "notify.media has no letter"
    if book.letter.excerpt_for_leaders and "letter" not in book.intake.channels:
        yield "letter.excerpt_for_leaders", "intake.channels has no letter"


def _keeping(book: Rulebook) -> Iterator[Problem]:
    """X-28, X-31, E-127."""
    if book.archive.destroy and book.archive.retention_years is None:
        yield "archive.retention_years", "Needed when archive.destroy is true (E-127)"
    for report in book.reports.issued:
        if not report.recipients:
            yield f"reports.issued.{report.kind}.recipients", "Needed: nobody would read it (X-28)"


def _words(book: Rulebook) -> Iterator[Problem]:
    """V-01…V-03, V-06: immediately is no later than quickly, quickly no later than timely."""
    terms = book.terms
    for sooner, later in (("immediately", "quickly"), ("quickly", "timely")):
        if days(getattr(terms, sooner)) > days(getattr(terms, later)):
            yield f"terms.{sooner}", f"Longer than terms.{later}"
    for name, word in terms.criteria.items():
        if (word.cases is None) != (word.within is None):
            yield f"terms.criteria.{name}", "cases and within belong together (V-06)"
        if word.cases is None and not word.any_of:
            yield f"terms.criteria.{name}", "Neither cases nor any_of: it is never proposed (V-06)"


def _roles(book: Rulebook) -> Iterator[Problem]:
    """X-33, E-126: whom a rule names must be held by somebody, so it is mandatory."""
    if not book.roles.escalation_chain:
        yield "roles.escalation_chain", "At least one step up is needed (X-33)"
    for key, roles in _named_roles(book):
        for role in roles:
            if role is not None and role != "unit" and role not in book.roles.mandatory:
                yield "roles.mandatory", f"{role} is missing, whom {key} names (E-126)"


def _named_roles(book: Rulebook) -> Iterator[tuple[str, Iterable[str | None]]]:
    yield "extension.approver", (book.extension.approver,)
    yield "overdue.explain_to", (book.overdue.explain_to,)
    yield "urge.by", (book.urge.by,)
    yield "review.owner", (book.review.owner,)
    yield "accusation.staff_route", (book.accusation.staff_route,)
    yield "emergency.report_to", book.emergency.report_to
    yield "roles.escalation_chain", (step.role for step in book.roles.escalation_chain)
    for report in book.reports.issued:
        yield f"reports.issued.{report.kind}", report.recipients


_CHECKS: Final[tuple[Callable[[Rulebook], Iterator[Problem]], ...]] = (
    _sorting,
    _limits,
    _more_time,
    _consumers,
    _past_the_limit,
    _leaders,
    _emergencies,
    _secrecy,
    _elsewhere,
    _exemptions,
    _media,
    _keeping,
    _words,
    _roles,
)
