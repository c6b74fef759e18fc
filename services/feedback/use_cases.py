"""What feedback does: load, decide, save; one function a verb."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

from joserfc.jwk import Key

from huiyin.chassis.askers import open_sealed, read_own_key
from huiyin.chassis.asking import Refused
from huiyin.chassis.calendar import WorkingCalendar, load_calendar
from huiyin.chassis.draft import Answer, Record
from huiyin.chassis.ear import Ear
from huiyin.chassis.errors import no_such
from huiyin.chassis.fold import Handler, Heard, existing
from huiyin.chassis.foundation import Foundation
from huiyin.chassis.leave import require_leave_to_read
from huiyin.chassis.rulebook import Rulebook
from huiyin.chassis.sight import seen_by
from huiyin.chassis.steps import Actor, Cause, Outcome
from huiyin.chassis.store import Documents
from huiyin.contracts import events as e
from huiyin.contracts.questions import CONTACT, HIDDEN
from services.feedback.domain import evaluation, opening, telling
from services.feedback.domain.echo import Attempt, Echo, Evaluation
from services.feedback.errors import ContactRefused, NoWords
from services.feedback.store import echoes

_ASKER: Final = "feedback"


@dataclass(frozen=True)
class House:
    """What the use cases need."""

    base: Foundation
    echoes: Documents[Echo]
    ear: Ear[Echo]
    calendar: WorkingCalendar
    #: Opens what is sealed to feedback.
    key: Key = field(repr=False)

    def now(self) -> datetime:
        """Office time."""
        return self.base.office_now()

    def book(self, echo: Echo) -> Rulebook:
        """The rulebook frozen into the case."""
        return self.base.rulebooks.version(echo.rulebook)


def house(base: Foundation) -> House:
    """Wire the house on its foundation."""
    documents = echoes(base)
    calendar = load_calendar(base.settings.offices_dir / "calendars")
    key = read_own_key(base.settings.keys_dir, _ASKER)
    return House(base, documents, base.ear(documents, handlers(base)), calendar, key)


# -- what people do ----------------------------------------------------------------------


def attempt(house: House, number: str, medium: e.Medium, reached: bool, cause: Cause) -> Answer:
    """The callback desk tried to reach the complainant (E-31)."""
    tried = Attempt(medium=medium, reached=reached, by=cause.who.subject, at=house.now())
    return house.echoes.take(
        number, cause, "attempt", lambda echo: evaluation.attempt(echo, tried, house.book(echo)), summary
    )


def tell(house: House, number: str, medium: e.Medium, cause: Cause) -> Answer:
    """The result was told (S4-39)."""
    now = house.now()
    return house.echoes.take(number, cause, "tell", lambda echo: telling.tell(echo, medium, now), summary)


def evaluate(house: House, number: str, said: Mapping[str, Any], cause: Cause) -> Answer:
    """The complainant evaluates one matter; the words are sealed where they are born (S3-27)."""
    now = house.now()
    words = house.base.sealer.seal(cause.who.office, f"{now:%Y-%m}", said["words"]) if said["words"] else None
    given = Evaluation(
        matter=said["matter"],
        reached=said["reached"],
        solved=said["solved"],
        satisfied=said["satisfied"],
        by=cause.who.subject,
        at=now,
        first_at=now,
        words=words,
    )
    return house.echoes.take(
        number,
        cause,
        "evaluate",
        lambda echo: evaluation.evaluate(echo, given, house.book(echo), house.calendar),
        summary,
        about=lambda echo: echo.evaluation(given.matter),
    )


def decline(house: House, number: str, cause: Cause) -> Answer:
    """The complainant knows the result and will not evaluate it (E-109)."""
    now = house.now()
    return house.echoes.take(number, cause, "decline", lambda echo: evaluation.decline(echo, now), summary)


def open_contact(house: House, number: str, purpose: str, cause: Cause) -> Mapping[str, Any]:
    """One contact of one party leaves intake's vault, for this request only, and is recorded."""
    found = house.echoes.whole(number, cause.who).state
    party = telling.to_call(found, house.book(found)).id
    who = asdict(cause.who)
    try:
        sealed = house.base.asker.ask(
            CONTACT, number=number, party=party, purpose=purpose, request=cause.id, asker=_ASKER, who=who
        )
    except Refused as refused:
        if refused.why == HIDDEN:
            raise no_such(number) from refused
        raise ContactRefused("受理环节不允许为此打开诉求人的联系方式。") from refused
    contact = open_sealed(house.key, sealed)
    detail = {"party": party, "purpose": purpose, "request": cause.id}
    house.base.audit.record("contact.opened", cause.who, number, house.now(), detail)
    return contact


# -- what people look at -----------------------------------------------------------------


def desk(house: House, who: Actor, state: str, skip: int, limit: int) -> list[Echo]:
    """The office's echoes in a state, oldest first."""
    return house.echoes.page({**seen_by(who), "desk": state}, who, skip, limit)


def echo(house: House, number: str, who: Actor) -> Echo:
    """One case's echo, as far as somebody sees it."""
    return house.echoes.seen(number, who).state


def read_words(house: House, number: str, matter: str, who: Actor) -> str:
    """What the complainant said in words, for those who call and those who review; recorded."""
    seen = echo(house, number, who)
    found = seen.evaluation(matter)
    require_leave_to_read(house.base.asker, who, number, matter)
    if found is None or found.words is None:
        raise NoWords(f"事项 {matter} 的评价没有留言。")
    words: str = house.base.sealer.open(found.words)
    house.base.audit.record("words.read", who, number, house.now(), {"matter": matter})
    return words


def summary(echo: Echo) -> Mapping[str, Any]:
    """What an echo looks like from outside: no text, no identity."""
    return {
        "number": echo.number,
        "round": echo.round,
        "withdrawn": echo.withdrawn,
        "state": echo.state,
        "channel": echo.channel,
        "owner": echo.owner,
        "matters": [{"id": m.id, "kind": m.kind, "category": m.category} for m in echo.matters],
        "replies": list(echo.replies),
        "attempts": [
            {"medium": a.medium, "reached": a.reached, "at": a.at.isoformat()} for a in echo.attempts
        ],
        "told": [{"medium": t.medium, "at": t.at.isoformat()} for t in echo.told],
        "undelivered": list(echo.undelivered),
        "evaluations": [_evaluation_summary(one) for one in echo.evaluations],
        "unevaluated": list(echo.unevaluated),
        "outcome": echo.outcome,
        "reason": echo.reason,
        "completed_at": echo.completed_at.isoformat() if echo.completed_at else None,
    }


def _evaluation_summary(given: Evaluation) -> dict[str, Any]:
    return {
        "matter": given.matter,
        "reached": given.reached,
        "solved": given.solved,
        "satisfied": given.satisfied,
        "words": given.words is not None,
        "at": given.at.isoformat(),
    }


def facts(records: Sequence[Record[Echo]]) -> list[Mapping[str, Any]]:
    """Feedback's own lines in the books: the round in hand and what was evaluated in it."""
    return [
        {"round": record.state.round, "evaluations": [given.matter for given in record.state.evaluations]}
        for record in records
    ]


# -- what feedback hears -----------------------------------------------------------------


def handlers(base: Foundation) -> dict[str, Handler[Echo]]:
    """Every event feedback hears and the rule that answers it."""

    def book(echo: Echo) -> Rulebook:
        return base.rulebooks.version(echo.rulebook)

    def registered(echo: Echo | None, heard: Heard) -> Outcome[Echo]:
        assert isinstance(heard.event, e.CaseRegistered)
        if echo is not None:
            return echo, []
        version = base.rulebooks.version(heard.event.rulebook)
        return opening.register(heard.event, heard.envelope.subject, version), []

    def encircled(echo: Echo, heard: Heard) -> Outcome[Echo]:
        assert isinstance(heard.event, e.CircleChanged)
        return opening.change_circle(echo, heard.event)

    def completed(echo: Echo, heard: Heard) -> Outcome[Echo]:
        assert isinstance(heard.event, e.HandlingCompleted)
        return opening.open_echo(echo, heard.event, book(echo))

    def raised(echo: Echo, heard: Heard) -> Outcome[Echo]:
        assert isinstance(heard.event, e.RoundRaised)
        return opening.raise_round(echo, heard.event)

    def upheld(echo: Echo, heard: Heard) -> Outcome[Echo]:
        assert isinstance(heard.event, e.ResultUpheld)
        return opening.uphold(echo, heard.event, book(echo))

    def delivered(echo: Echo, heard: Heard) -> Outcome[Echo]:
        assert isinstance(heard.event, e.MessageDelivered)
        return telling.delivered(echo, heard.event)

    def failed(echo: Echo, heard: Heard) -> Outcome[Echo]:
        assert isinstance(heard.event, e.MessageFailed)
        return telling.failed(echo, heard.event)

    def concluded(echo: Echo, heard: Heard) -> Outcome[Echo]:
        assert isinstance(heard.event, e.CaseConcluded)
        return opening.conclude(echo, heard.event, heard.said)

    def reclassified(echo: Echo, heard: Heard) -> Outcome[Echo]:
        assert isinstance(heard.event, e.CaseReclassified)
        return opening.reclassify(echo, heard.event)

    def reopened(echo: Echo, heard: Heard) -> Outcome[Echo]:
        assert isinstance(heard.event, e.CaseReopened)
        return opening.reopen(echo, heard.event)

    def consented(echo: Echo, heard: Heard) -> Outcome[Echo]:
        assert isinstance(heard.event, e.ConsentGiven)
        return telling.consented(echo, heard.event), []

    def withdrawn(echo: Echo, heard: Heard) -> Outcome[Echo]:
        assert isinstance(heard.event, e.ComplainantWithdrew)
        return opening.withdraw(echo, heard.event)

    return {
        "case.registered": registered,
        "case.reclassified": existing(reclassified),
        "case.reopened": existing(reopened),
        "case.concluded": existing(concluded),
        "complainant.withdrew": existing(withdrawn),
        "consent.given": existing(consented),
        "circle.changed": existing(encircled),
        "handling.completed": existing(completed),
        "round.raised": existing(raised),
        "result.upheld": existing(upheld),
        "message.delivered": existing(delivered),
        "message.failed": existing(failed),
    }
