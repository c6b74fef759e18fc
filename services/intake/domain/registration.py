"""Taking a complaint down as the office's rulebook wants it (X-16…X-20, S2-12…S2-16)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from huiyin.chassis.rulebook import Rulebook
from huiyin.contracts.events import (
    CaseConcluded,
    CaseRegistered,
    Disposal,
    Event,
    MessageRequested,
    PartyRef,
    TakenOver,
    ToldOf,
)
from services.intake.domain import emergency, special
from services.intake.domain.arrival import ArrivalForm, Interest
from services.intake.domain.case import Case, Party
from services.intake.domain.circle import Told
from services.intake.domain.citing import Citing
from services.intake.domain.danger import CallRef
from services.intake.domain.enclosure import EnclosedForm
from services.intake.domain.parties import PartyForm
from services.intake.domain.repeats import Repeated
from services.intake.domain.sorting import CaseSorting, MatterSorting, Weighing
from services.intake.domain.stages import stage
from services.intake.domain.weighing import Content, weigh


@dataclass(frozen=True, kw_only=True)
class MatterForm:
    """One matter as it was told; `object` is whom or what the complaint is about (S1-30)."""

    kind: str
    category: str
    area: str
    place: str
    text: str
    wish: str
    object: str = ""
    told: Told = field(default_factory=Told)
    sorted: MatterSorting = field(default_factory=MatterSorting)


@dataclass(frozen=True, kw_only=True)
class Form:
    """A complaint as it was taken down.

    `truth_stated`: the complainant said that it is true and objective (S1-31, S3-31); `warned`: what
    distortion and fabrication lead to was read out (S1-32).
    """

    channel: str
    language: str
    difficulty: str
    legal_class: str | None
    priority: str | None
    flags: Sequence[str]
    received_at: datetime
    matters: Sequence[MatterForm]
    parties: Sequence[PartyForm]
    answer: str | None
    answered_at: datetime | None = None
    answer_cites: Sequence[Citing] = ()
    taken_over: TakenOver | None = None
    enclosed: EnclosedForm | None = None
    sorted: CaseSorting = field(default_factory=CaseSorting)
    arrival: ArrivalForm = field(default_factory=ArrivalForm)
    interest: Interest = "own"
    truth_stated: bool = False
    warned: bool = False
    call: CallRef | None = None
    repeat_of: Repeated | None = None


def register(case: Case, words: str = "") -> tuple[Case, list[Event]]:
    """The case is taken down: said to all. Answered on the spot (S0-22, S1-16), told as its special class
    wants (S3-45) or only filed (E-45), it is over at once. `words` are the office's standard ones that a
    complainant of a special class is sent.
    """
    confirmations = _confirmations(case, words) if case.taken_over is None else []  # told long ago
    events: list[Event] = [_registered(case), *confirmations]
    if case.disposal == "dispatch":
        return case, events
    end = CaseConcluded(outcome=case.disposal, round=1, concluded_at=case.accepted_at)
    if case.outstanding:  # E-86
        return replace(case, pending=end), events
    over = replace(case, stage=stage("concluded"), outcome=case.disposal, concluded_at=case.accepted_at)
    return over, [*events, end]


def disposal_of(form: Form, book: Rulebook) -> Disposal:
    """What becomes of it: answered at once, dispatched if any matter is; else told what its special
    class wants, or only filed, as praise, a wrong number and nonsense are (S0-22, S3-45, E-45).
    """
    if form.answer is not None:
        return "answered"
    if any(special.way_of(matter.sorted, matter.kind, book).dispatched for matter in form.matters):
        return "dispatch"
    return "told" if any(matter.sorted.special for matter in form.matters) else "filed"


def only_filed(case: Case) -> Case:
    """Nothing of it is dispatched."""
    matters = tuple(replace(matter, dispatched=False) for matter in case.matters)
    return replace(case, disposal="filed", matters=matters)


def only_told(case: Case) -> Case:
    """Nothing of it is dispatched: the complainant is told how it stands, or what to do (S3-48)."""
    return replace(only_filed(case), disposal="told")


def call_back(case: Case, events: Sequence[Event]) -> list[Event]:
    """E-41: whoever was cut off is called back, by a person; nothing was told that could be confirmed."""
    asked = [
        MessageRequested(
            message=f"dropped-call:{party.id}",
            template="dropped_call",
            addressee_kind="party",
            addressee=party.id,
        )
        for party in case.parties
        if "call" in party.media
    ]
    return [*asked, *(event for event in events if not isinstance(event, MessageRequested))]


def sorted_as_ruled(form: Form, book: Rulebook) -> Form:
    """The form; in danger, and where a channel is open to all, what nobody sorted yet
    stands as unsorted (E-50, S0-09).
    """
    way, unsorted = book.taking.ways.get(form.channel), book.taking.unsorted
    if not (emergency.is_emergency(form.flags) or (way is not None and way.open_to_all)):
        return form
    placed = (
        replace(
            matter,
            kind=matter.kind or unsorted.kind,
            category=matter.category or unsorted.category,
            area=matter.area or unsorted.area,
        )
        for matter in form.matters
    )
    return replace(form, matters=tuple(placed))


def told_of(case: Case, party: Party) -> ToldOf:
    """Who reports for another learns the result only with the other's consent (E-27)."""
    others = [one for one in case.parties if one.role == "interested"]
    free = case.interest != "others" or party.role == "interested" or all(one.consents for one in others)
    return "result" if free else "notice"


def _registered(case: Case) -> CaseRegistered:
    return CaseRegistered(
        rulebook=case.rulebook,
        channel=case.channel,
        language=case.language,
        difficulty=case.difficulty,
        legal_class=case.legal_class,
        priority=case.priority,
        received_at=case.received_at,
        accepted_at=case.accepted_at,
        disposal=case.disposal,
        flags=case.flags,
        evidence=case.sorting.evidence,
        taken_over=case.taken_over,
        passed_from=case.passed_from,
        repeat=case.alike.link.claim if case.alike.link else None,
        matters=tuple(matter.public() for matter in case.matters),
        parties=tuple(
            PartyRef(id=p.id, role=p.role, anonymous=p.anonymous, media=p.media, told=told_of(case, p))
            for p in case.parties
        ),
        circle=case.circle,
    )


def _confirmations(case: Case, words: str) -> list[Event]:
    """Of a special class nothing but the office's standard words is written, of a secret not even these."""
    told = case.disposal == "told"
    if told and not words:
        return []
    return [
        MessageRequested(
            message=f"case-registered:{party.id}",
            template="case_told" if told else "case_registered",
            params={"words": words} if told else {},
            addressee_kind="party",
            addressee=party.id,
        )
        for party in case.parties
        if party.role == "complainant" and party.media
    ]


def phone_of(form: Form) -> str:
    """The telephone of the first who complains."""
    return next((p.identity.get("phone", "") for p in form.parties if p.role == "complainant"), "")


def weighing_of(form: Form, book: Rulebook) -> Weighing:
    """What the form's content weighs (S0-13)."""
    content = Content(
        texts=[words for matter in form.matters for words in (matter.text, matter.wish)],
        kinds=[matter.kind for matter in form.matters],
        flags=form.flags,
        signs=form.sorted.signs,
        difficulty=form.difficulty,
        affected=form.sorted.affected,
    )
    return weigh(content, book)
