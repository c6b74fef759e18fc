"""What the tests of feedback start from: a case, its echo in some state, the words it hears."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from huiyin.chassis.rulebook import Rulebook
from huiyin.contracts import events as e
from services.feedback.domain import evaluation, opening, telling
from services.feedback.domain.echo import Attempt, Echo, Evaluation

#: Friday 2026-06-05, 10:00 in Shanghai.
AT = datetime(2026, 6, 5, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ROAD = e.Matter(id="m1", kind="complaint", category="municipal/road", area="990101")
LIGHT = e.Matter(id="m2", kind="complaint", category="municipal/lighting", area="990101")
WANG = e.PartyRef(id="p1", role="complainant", anonymous=False, media=("call", "letter"))
NOBODY = e.PartyRef(id="p1", role="complainant", anonymous=True)
CALLER = e.PartyRef(id="p1", role="complainant", anonymous=True, media=("call",))


def registered(
    *,
    channel: str = "call",
    language: str = "zh",
    legal_class: str | None = None,
    flags: tuple[str, ...] = (),
    matters: tuple[e.Matter, ...] = (ROAD,),
    parties: tuple[e.PartyRef, ...] = (WANG,),
) -> e.CaseRegistered:
    return e.CaseRegistered(
        rulebook="hash",
        channel=channel,
        language=language,
        difficulty="ordinary",
        legal_class=legal_class,
        priority="normal",
        received_at=AT,
        accepted_at=AT,
        disposal="dispatch",
        flags=flags,
        matters=matters,
        parties=parties,
    )


def completed(round_: int = 1, replies: tuple[str, ...] = ("m1-1:2",)) -> e.HandlingCompleted:
    return e.HandlingCompleted(round=round_, replies=replies, completed_at=AT)


def raised(round_: int) -> e.RoundRaised:
    return e.RoundRaised(round=round_, orders=("m1-1",), raised_at=AT)


def upheld(round_: int = 1) -> e.ResultUpheld:
    return e.ResultUpheld(round=round_, upheld_at=AT)


def concluded(outcome: str, round_: int = 1) -> e.CaseConcluded:
    return e.CaseConcluded(outcome=outcome, round=round_, concluded_at=AT)  # type: ignore[arg-type]


def delivered(message: str = "echo-result:1:p1", medium: e.Medium = "letter") -> e.MessageDelivered:
    return e.MessageDelivered(message=message, template="result_ready", medium=medium, delivered_at=AT)


def failed(message: str = "echo-result:1:p1") -> e.MessageFailed:
    return e.MessageFailed(message=message, template="result_ready", reason="unknown number")


def waiting(book: Rulebook, case: e.CaseRegistered | None = None) -> Echo:
    return opening.register(case or registered(), "SZ20260605D00001", book)


def opened(book: Rulebook, case: e.CaseRegistered | None = None) -> Echo:
    return opening.open_echo(waiting(book, case), completed(), book)[0]


def told(book: Rulebook, case: e.CaseRegistered | None = None) -> Echo:
    return telling.tell(opened(book, case), "call", AT)[0]


def call(at: datetime = AT, *, reached: bool = False) -> Attempt:
    return Attempt(medium="call", reached=reached, by="callback-1", at=at)


def says(satisfied: bool, matter: str = "m1", at: datetime = AT) -> Evaluation:
    return Evaluation(
        matter=matter,
        reached=True,
        solved=satisfied,
        satisfied=satisfied,
        by="callback-1",
        at=at,
        first_at=at,
    )


def tried(echo: Echo, book: Rulebook, times: int) -> Echo:
    """The echo after so many failed calls, far enough apart."""
    for n in range(times):
        echo = evaluation.attempt(echo, call(AT + n * book.callback.gap_hours * HOUR), book)[0]
    return echo


def with_callback(book: Rulebook, **changed: object) -> Rulebook:
    return replace(book, callback=replace(book.callback, **changed))  # type: ignore[arg-type]


def types(events: object) -> list[str]:
    return [event.type for event in events]  # type: ignore[attr-defined]
