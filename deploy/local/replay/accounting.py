"""The books of a replay: what the platform says happened, and what the file alone says of its replies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from deploy.local.desks import Desks
from deploy.local.replay.course import Course
from deploy.local.replay.reading import Message
from huiyin.books import KINDS, Finding, audit
from huiyin.chassis.calendar import WorkingCalendar
from huiyin.chassis.rulebook import Rulebook, Term

_DAY_UNITS: Final = ("day", "wd", "month")
#: What is told, in a case's order; the names are event types.
TOLD: Final[Mapping[str, str]] = {
    "case.registered": "登记 registered",
    "order.dispatched": "派单 dispatched",
    "order.accepted": "接单 accepted",
    "order.returned": "退单 given back by units",
    "order.urged": "催办 urged",
    "supervision.issued": "督办 supervised in writing",
    "reply.submitted": "答复 replies",
    "reply.returned": "退回重办 returned by reviewers",
    "reply.approved": "审核通过 approved",
    "contact.attempted": "回访 calls",
    "evaluation.recorded": "评价 evaluated",
    "round.raised": "重新办理 next rounds",
    "result.upheld": "维持结果 upheld",
    "case.concluded": "办结 concluded",
}


@dataclass(frozen=True)
class Punctuality:
    """First replies on time and late."""

    on_time: int
    late: int

    @classmethod
    def of(cls, judged: Iterable[bool]) -> "Punctuality":
        """Counted from judgements."""
        told = list(judged)
        return cls(sum(told), len(told) - sum(told))


@dataclass(frozen=True)
class Books:
    """What was counted; `checked` are the cases whose books were proved (`huiyin check`).

    `alone` is nothing where the file does not tell when replies were given.
    """

    events: Mapping[str, int]
    archived: int
    refused: Mapping[str, int]
    platform: Punctuality
    alone: Punctuality | None
    checked: int
    problems: tuple[str, ...]


def count(
    desks: Desks, calendar: WorkingCalendar, courses: Sequence[Course], refused: Mapping[str, int]
) -> Books:
    """The platform's counts over HTTP; beside them the file's, with the calendar and nothing else.

    Comes when all is quiet, so that every case is judged at once.
    """
    report = audit(desks.role("auditor"), quiet_s=0, again_after_s=1)
    registered = [course for course in courses if course.number]
    judged = [course for course in registered if course.on_time is not None]
    alone = [
        told
        for c in registered
        if (told := alone_on_time(c.message, desks.folder.rulebook, calendar)) is not None
    ]
    events, archived = desks.tally(), desks.stages().get("archived", 0)
    books = Books(
        events={name: events.get(name, 0) for name in TOLD},
        archived=archived,
        refused=dict(refused),
        platform=Punctuality.of(course.on_time is True for course in judged),
        alone=Punctuality.of(alone) if alone else None,
        checked=report.counts.cases,
        problems=tuple(_words(finding) for finding in report.findings),
    )
    problems = (*books.problems, *_problems(books, registered, desks, calendar))
    return replace(books, problems=problems)


def _words(finding: Finding) -> str:
    return f"{finding.number} {finding.service} {finding.which}: {KINDS[finding.kind].name} {finding.words}"


def alone_on_time(message: Message, book: Rulebook, calendar: WorkingCalendar) -> bool | None:
    """Whether the file's reply came in time by its day, the office's term and the calendar.

    None where the file alone cannot tell: without a reply time, or where the term begins with an act
    that the file does not know, or is the channel's or the law's own.
    """
    term = book.deadline.classes.get(message.form.get("difficulty", "ordinary")) or book.deadline.general
    known = book.deadline.start == "accepted" and message.channel not in book.deadline.by_channel
    if message.replied_at is None or not known or not isinstance(term, Term) or term.unit not in _DAY_UNITS:
        return None
    last = calendar.add(message.received_at.date(), term.amount, term.unit).on
    return message.replied_at.date() <= last


def _problems(
    books: Books, registered: Sequence[Course], desks: Desks, calendar: WorkingCalendar
) -> Iterable[str]:
    if books.events["case.registered"] != len(registered):
        yield f"收件 {len(registered)} 件，平台登记 {books.events['case.registered']} 件 (registered differ)"
    if books.archived != len(registered):
        yield f"登记 {len(registered)} 件，归档 {books.archived} 件 (archived differ)"
    if books.alone is not None and books.alone != books.platform:
        yield f"首次答复按时：平台 {books.platform.on_time}，文件 {books.alone.on_time} (on time differ)"
    for course in registered:
        alone = alone_on_time(course.message, desks.folder.rulebook, calendar)
        if alone is not None and alone is not course.on_time:
            yield f"{course.number} ({course.id}): 平台 {course.on_time}，文件 {alone} (on time differs)"
