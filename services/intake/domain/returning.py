"""The ways back of an enclosure: registered mail, its failure, and what finance takes (S2-62, E-87)."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from huiyin.chassis.rulebook import Rulebook
from huiyin.contracts.events import Event, MessageRequested
from services.intake.domain.case import Case
from services.intake.domain.enclosure import Enclosure, Finance, Holding, Return, Way
from services.intake.domain.enclosures import confirmed, require_holder, settled, some_of, with_
from services.intake.errors import NoAddress, NotAsRuled, NothingHeld, NotYetFinance, StillReturnable

Outcome = tuple[Case, list[Event]]


@dataclass(frozen=True, kw_only=True)
class Sent:
    """How a return goes: `mail` is the number of the registered mail."""

    way: Way
    mail: str
    lines: tuple[str, ...] = ()


def give_back(case: Case, enclosure_id: str, sent: Sent, book: Rulebook, by: str, at: datetime) -> Outcome:
    """Returned as the rulebook has it, by registered mail with its number kept (S2-62, E-88, E-91)."""
    held = confirmed(case, enclosure_id)
    require_holder(held, by)
    lines = some_of(held, sent.lines)
    wanted = book.letter.enclosures_returned_by
    if sent.way != wanted:
        raise NotAsRuled("本机构规定了退还方式，请按规定退还。", {"way": f"须为 {wanted}"})
    if wanted == "registered_mail" and not sent.mail:
        raise NotAsRuled("须填写挂号邮件编号。", {"mail": "挂号邮件编号必填"})
    if wanted != "in_person" and not writers(case):
        raise NoAddress("没有可寄送的地址：请妥善保管，期满移交财务；知道地址后请先更正当事人的联系方式。")
    done = Return(n=len(held.returns) + 1, way=sent.way, mail=sent.mail, lines=lines, by=by, at=at)
    changed = replace(held, returns=(*held.returns, done), offer=None).settled(lines, "returned")
    return with_(case, changed), [settled(held, "returned", lines, at), *_tell_writers(case, held, done)]


def came_back(case: Case, enclosure_id: str, mail: str, why: str, by: str, at: datetime) -> Outcome:
    """The mail came back: it is in custody again, with whoever took it in (E-87)."""
    held = case.enclosure(enclosure_id)
    sent = next((r for r in held.returns if r.mail == mail and r.came_back_at is None), None)
    if not mail or sent is None:
        raise NothingHeld(f"凭证 {held.voucher} 没有以此编号寄出的邮件。", {"mail": "没有这件邮件"})
    back = replace(sent, came_back_at=at, came_back_why=why)
    kept = replace(
        held,
        returns=tuple(back if r.n == sent.n else r for r in held.returns),
        custody=(*held.custody, Holding(holder=by, since=at)),
    )
    return with_(case, kept.settled(sent.lines, "held")), []


def to_finance(case: Case, enclosure_id: str, receipt: str, book: Rulebook, by: str, at: datetime) -> Outcome:
    """What cannot be returned is kept safe and, after the rulebook's time, handed to finance (E-87)."""
    held = confirmed(case, enclosure_id)
    require_holder(held, by)
    lines = some_of(held, ())
    if writers(case) and held.came_back_at is None:
        raise StillReturnable("有可寄送的地址，请先退还；退回后方可移交财务。")
    first = finance_from(held, book)
    if at.astimezone(ZoneInfo(book.office.timezone)).date() < first:
        raise NotYetFinance(f"妥善保管期未满，{first} 起方可移交财务。")
    done = Finance(receipt=receipt, lines=lines, by=by, at=at)
    changed = replace(held, finance=(*held.finance, done), offer=None).settled(lines, "finance")
    return with_(case, changed), [settled(held, "finance", lines, at)]


def finance_from(held: Enclosure, book: Rulebook) -> date:
    """The first day finance may take it: the rulebook's days from when it came, or came back (E-87)."""
    since = held.came_back_at or held.count.at
    kept = timedelta(days=book.enclosure.finance_after_days)
    return since.astimezone(ZoneInfo(book.office.timezone)).date() + kept


def writers(case: Case) -> tuple[str, ...]:
    """The complainants who can be written to."""
    return tuple(p.id for p in case.parties if p.role == "complainant" and "letter" in p.media)


def _tell_writers(case: Case, held: Enclosure, done: Return) -> list[Event]:
    """The writer learns what is on its way, and under which number (S2-62)."""
    return [
        MessageRequested(
            message=f"enclosure-returned:{held.id}:{done.n}:{party}",
            template="enclosure_returned",
            addressee_kind="party",
            addressee=party,
            params={"voucher": held.voucher, "mail": done.mail or "-"},
        )
        for party in writers(case)
    ]
