"""`huiyin deadline`: the last day on time of many starts, by the very rules supervision counts by."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import typer

from huiyin.chassis.calendar import load_calendar
from huiyin.chassis.rulebook import Rulebook, Term
from huiyin.cli.ends import WRONG_USE, fail
from huiyin.cli.local import office as one_office
from huiyin.cli.moments import moment_of
from huiyin.cli.options import OFFICES, AsJson, OfficeName, OfficesFolder, single
from huiyin.cli.saying import say
from services.supervision.domain.clocks import term_of
from services.supervision.domain.dates import Rules
from services.supervision.domain.supervision import Case

app = single()

#: What a case is of when nothing else is said, as intake registers it.
_DIFFICULTY: Final = "ordinary"
_PRIORITY: Final = "normal"
_LONGEST_TOLD: Final = 40


@app.command()
def deadline(
    office: OfficeName,
    class_: Annotated[
        str, typer.Option("--class", "-c", help="general, complex, legacy, letter, leader, consumer …")
    ],
    file: Annotated[
        typer.FileText,
        typer.Argument(help="One ISO time a line; - is stdin.", encoding="utf-8-sig", errors="replace"),
    ] = "-",  # type: ignore[assignment]  # typer opens it
    as_json: AsJson = False,
    offices: OfficesFolder = OFFICES,
) -> None:
    """Read one ISO time a line, and print its deadline on a line each.

    A time without a zone is Shanghai's. A line is `2026-11-20`, or `2027-01-08 provisional` while
    a year on the way is not published, or `error: …` in place; any error makes the exit code 2.
    """
    rules = Rules(one_office(offices, office).rulebook, load_calendar(offices / "calendars"))
    term = _term(rules.book, office, class_)
    found = [_answered(rules, term, line) for line in file]
    say(found, as_json, *map(_line, found))
    if any("error" in one for one in found):
        raise typer.Exit(WRONG_USE)


def _answered(rules: Rules, term: Term, line: str) -> dict[str, Any]:
    try:
        start = moment_of(line)
    except ValueError:
        return {"error": f"{_told(line)} 不是 ISO 时间，写作 2026-11-20T09:00 (not an ISO time)"}
    try:
        due = rules.capped(rules.counted("started", start, start, term), start)
    except (ValueError, OverflowError):
        return {"error": f"{_told(line)} 的期限超出历法 (its deadline lies beyond the calendar)"}
    urge_at = due.urge_at.astimezone(rules.zone).isoformat() if due.urge_at else None
    told = {"start": start.isoformat(), "due_on": due.due_on.isoformat(), "provisional": due.provisional}
    return {**told, "urge_at": urge_at}


def _told(line: str) -> str:
    return repr(line.strip()[:_LONGEST_TOLD])


def _line(found: Mapping[str, Any]) -> str:
    if "error" in found:
        return f"error: {found['error']}"
    return f"{found['due_on']} provisional" if found["provisional"] else str(found["due_on"])


def _term(book: Rulebook, office: str, class_: str) -> Term:
    terms = dict(terms_of(book))
    if class_ not in terms:
        fail(f"{office} 没有类别 {class_}；可用：{'、'.join(terms)} (no such class)", WRONG_USE)
    return terms[class_]


def terms_of(book: Rulebook) -> Iterator[tuple[str, Term]]:
    """Every class an office has a limit for, with the limit: what supervision's `term_of` says of it."""
    limits = book.deadline
    if limits.general or _DIFFICULTY in limits.classes or _PRIORITY in limits.urgency:
        yield "general", _limit(book)
    yield from ((name, _limit(book, difficulty=name)) for name in limits.classes if name != _DIFFICULTY)
    yield from ((name, _limit(book, priority=name)) for name in limits.urgency if name != _PRIORITY)
    for name, channel in limits.by_channel.items():
        yield name, _limit(book, channel=name, difficulty=channel.classes[0])
    if limits.leader_assigned is not None:  # without a date of the leader's own (XI-03)
        yield "leader", limits.leader_assigned.general
    yield from ((name, _limit(book, legal_class=name)) for name in book.legal_class)


def _limit(book: Rulebook, **of: str) -> Term:
    then = datetime.min.replace(tzinfo=UTC)  # a limit does not depend on when
    plain = {"channel": "", "difficulty": _DIFFICULTY, "priority": _PRIORITY, "legal_class": None, **of}
    return term_of(Case(flags=(), received_at=then, accepted_at=then, complainants=(), **plain), book)[0]  # type: ignore[arg-type]
