"""What of a complaint the office's rulebook does not take: every field at once (X-16…X-20, S2-12…S2-16)."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from huiyin.chassis.rulebook import OfficeFolder, Rulebook
from services.intake.domain import arrival, circle, emergency, parties, sorting, special, takeover, wording
from services.intake.domain.parties import PartyForm
from services.intake.domain.registration import Form, MatterForm, phone_of, weighing_of
from services.intake.errors import NotAsRuled

#: A paper entry may be typed in later with its original time (E-42), but not from the future.
_CLOCKS_DIFFER: Final = timedelta(minutes=5)

Problem = tuple[str, str]


def check(form: Form, office: OfficeFolder, now: datetime, registrar: str) -> None:
    """Refuse what the rulebook does not take; NotAsRuled names every field at once.

    The accused must stand in the office's directory, and cannot be who registers (S2-89).
    """
    book = office.rulebook
    problems = dict(
        [
            *_problems(form, office, now),
            *_window_problems(form, office, registrar),
            *_takeover_problems(form, book, office.units),
            *_accused_problems(form, office, registrar),
        ]
    )
    if problems:
        raise NotAsRuled("登记内容不符合本机构规则，请按提示修改后重新提交。", problems)


def _problems(form: Form, office: OfficeFolder, now: datetime) -> Iterator[Problem]:
    book = office.rulebook
    if form.channel not in book.intake.channels:
        yield "channel", f"本机构不受理渠道 {form.channel}；可用：{'、'.join(book.intake.channels)}"
        return
    yield from _class_problems(form, book)
    if form.received_at > now + _CLOCKS_DIFFER:
        yield "received_at", "收到时间不能晚于现在"
    for n, matter in enumerate(form.matters):
        yield from ((f"matters.{n}.{name}", wrong) for name, wrong in _matter_problems(matter, office))
    if not emergency.is_emergency(form.flags):
        yield from _gaps(form, book)
    yield from _answer_problems(form, book, now)


def _gaps(form: Form, book: Rulebook) -> Iterator[Problem]:
    """What the office asks of a form and it lacks; danger to life waits for none of it (E-50)."""
    if form.language not in book.office.languages and not _interpreted(form, book):
        yield "language", f"可用：{'、'.join(book.office.languages)}；其他语言须登记协助人（needs: language）"
    for n, matter in enumerate(form.matters):
        yield from ((f"matters.{n}.{name}", wrong) for name, wrong in _matter_gaps(matter, form, book))
    for n, party in enumerate(form.parties):
        yield from ((f"parties.{n}.{name}", wrong) for name, wrong in _party_problems(party, form, book))
    yield from parties.group_problems(form.parties, form.interest, form.channel, book)
    came = arrival.problems(form.arrival, form.channel, form.received_at, phone_of(form), book)
    yield from ((f"arrival.{name}", wrong) for name, wrong in came)
    yield from _truth_problems(form, book)


def _matter_gaps(matter: MatterForm, form: Form, book: Rulebook) -> Iterator[Problem]:
    if not book.taking.ways[form.channel].open_to_all:
        running = form.taken_over is not None  # it has what the older system asked for
        yield from ((n, w) for n, w in wording.problems(matter, book) if not (running and n == "object"))
    if form.taken_over is None:
        yield from sorting.unsorted(matter.sorted, matter.kind, book)


def _party_problems(party: PartyForm, form: Form, book: Rulebook) -> Iterator[Problem]:
    """A call has its number, by the call centre or as it was said (S0-02), or why it has none (E-25)."""
    hidden = form.call is not None and form.call.number != "shown"
    for name, wrong in parties.problems(party, form.channel, book):
        if not (hidden and name in ("phone", "contact")):
            yield name, wrong
    if party.role == "complainant" and _lacks_number(form, book):
        yield "phone", "来电须登记号码；号码未显示或来自总机的，请注明 number_mark"


def _lacks_number(form: Form, book: Rulebook) -> bool:
    asked = book.telephony.number_required and form.channel == book.telephony.channel
    return asked and form.call is None and not (phone_of(form) or form.arrival.calling_number)


def _interpreted(form: Form, book: Rulebook) -> bool:
    """Somebody helps who speaks the language (E-34), or the channel turns nobody away (S0-09)."""
    return book.taking.ways[form.channel].open_to_all or any("language" in p.needs for p in form.parties)


def _truth_problems(form: Form, book: Rulebook) -> Iterator[Problem]:
    """The office may ask that truth be stated and the warning be read out (S1-31, S1-32)."""
    truth = book.taking.truth
    if not truth.required or form.taken_over is not None or book.taking.ways[form.channel].open_to_all:
        return
    if not form.truth_stated:
        yield "truth_stated", f"须由诉求人确认：{truth.words}"
    if not form.warned:
        yield "warned", f"须先向诉求人告知：{truth.warning}"


def _takeover_problems(form: Form, book: Rulebook, units: Collection[str]) -> Iterator[Problem]:
    if form.taken_over is None:
        return
    received_on = form.received_at.astimezone(ZoneInfo(book.office.timezone)).date()
    given = [value for party in form.parties for value in party.identity.values()]
    yield from takeover.problems(form.taken_over, received_on, given, units)
    if form.answer is not None:
        yield "answer", "接管的诉求由承办单位办理，不能当场答复"
    for n, matter in enumerate(form.matters):
        kind = book.classification.kinds.get(matter.kind)
        if kind is not None and not kind.dispatched:
            yield f"matters.{n}.kind", f"{kind.name}类诉求不派单，不会在办理中"
        if matter.sorted.special is not None or matter.sorted.handed is not None:
            yield f"matters.{n}", "接管的诉求已在单位办理，不能按特殊类别处理或由领导交办"


def _accused_problems(form: Form, office: OfficeFolder, registrar: str) -> Iterator[Problem]:
    for n, matter in enumerate(form.matters):
        for name, wrong in circle.problems(matter.told.accused, office):
            yield f"matters.{n}.accused.{name}", wrong
        if registrar in matter.told.accused.people:
            yield f"matters.{n}.accused.people", "涉及登记人本人，须回避，请由他人登记"


def _window_problems(form: Form, office: OfficeFolder, registrar: str) -> Iterator[Problem]:
    """A channel that has a window is taken down there alone (S2-01)."""
    window = office.rulebook.intake.windows.get(form.channel)
    if window is None or form.taken_over is not None:
        return
    person = office.people.get(registrar)
    if person is None or person.unit != window:
        yield "channel", f"本渠道的诉求由{office.units[window].name}受理，请转到该处登记"


def _class_problems(form: Form, book: Rulebook) -> Iterator[Problem]:
    known = {
        "difficulty": (form.difficulty, book.classification.difficulties),
        **({"priority": (form.priority, book.classification.priorities)} if form.priority else {}),
        **({"legal_class": (form.legal_class, book.legal_class)} if form.legal_class else {}),
    }
    for name, (value, allowed) in known.items():
        if value not in allowed:
            yield name, f"本机构没有 {value}；可用：{'、'.join(allowed)}"
    for flag in form.flags:
        if flag not in book.classification.flags:
            yield "flags", f"本机构没有标记 {flag}；可用：{'、'.join(book.classification.flags)}"
    yield from sorting.case_problems(form.sorted, form.difficulty, form.legal_class, tuple(form.flags), book)
    yield from _priority_problems(form, book)


def _priority_problems(form: Form, book: Rulebook) -> Iterator[Problem]:
    """An officer who finds another priority than the content gives says why (S0-13, V-06)."""
    found = weighing_of(form, book)
    if form.priority and form.priority != found.priority and not form.sorted.priority_why.strip():
        given = book.classification.priorities[found.priority].name
        reasons = "；".join(f"{book.priority.reasons[one.reason].name}：{one.seen}" for one in found.because)
        yield "priority_why", f"按内容应为{given}（{reasons or '无加重情形'}）；改为其他等级须写明理由"


def _matter_problems(matter: MatterForm, office: OfficeFolder) -> Iterator[Problem]:
    yield from _catalogue_problems(matter, office.rulebook)
    yield from sorting.matter_problems(matter.sorted, office.rulebook)
    yield from special.problems(matter.sorted, matter.area, office)
    if matter.sorted.handed is not None:
        yield from sorting.handed_problems(matter.sorted.handed, office)


def _catalogue_problems(matter: MatterForm, book: Rulebook) -> Iterator[Problem]:
    known = {
        "kind": (matter.kind, book.classification.kinds, "本机构没有诉求类型"),
        "category": (matter.category, book.categories, "事项目录里没有"),
        "area": (matter.area, book.areas, "区域目录里没有"),
    }
    for name, (value, allowed, wrong) in known.items():
        if not value:
            yield name, "必填，请从目录中选择"
        elif value not in allowed and not (name == "area" and special.is_outside(value, book)):
            yield name, f"{wrong} {value}"


def _answer_problems(form: Form, book: Rulebook, now: datetime) -> Iterator[Problem]:
    """What can be answered at once is answered and recorded; else it goes to a unit (S3-37, S4-23)."""
    if form.answer is None:
        if form.answer_cites or form.answered_at:
            yield "answer", "没有当场答复，不能写答复依据或答复时间"
        return
    if form.answered_at and not form.received_at <= form.answered_at <= now + _CLOCKS_DIFFER:
        yield "answered_at", "答复时间须在收到之后、现在之前"
    if not book.intake.on_the_spot:
        yield "answer", "本机构不作当场答复"
    kinds = book.classification.kinds
    for matter in form.matters:
        if matter.kind in kinds and not kinds[matter.kind].on_the_spot:
            yield "answer", f"{kinds[matter.kind].name}类诉求不能当场答复，须派单办理"
