"""What calls need that nobody asks for: found under an index by the worker, so no crash loses it."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from huiyin.chassis.mongo import STORE_AWAY, due_by
from huiyin.chassis.steps import key_id
from services.intake.domain import contents, filing
from services.intake.domain.calls import Call, channel_of
from services.intake.domain.case import Case
from services.intake.domain.due import unregistered_at
from services.intake.domain.files import Bytes
from services.intake.domain.registration import Form, MatterForm
from services.intake.errors import CallCentreAway, FileNotTaken, FileTooLarge, TooManyFiles
from services.intake.use_cases import acts
from services.intake.use_cases.calls import by_itself, link, number_of
from services.intake.use_cases.hand_overs import bring_on, caller_party, seal
from services.intake.use_cases.house import House

_log = logging.getLogger(__name__)

_AT_ONCE: Final = 50
_LATER_AT_MOST: Final = timedelta(hours=1)


def look(house: House) -> None:
    """Do what is due of every call; one that fails is told and does not stop the others."""
    due = due_by("due_at", house.now())
    for record in house.calls.find(due, sort=(("due_at", 1),), limit=_AT_ONCE):
        for work in (bring_on, _register_dropped, _keep_recordings):
            _try(work, house, record.key)


def _try(work: Callable[[House, str], None], house: House, key: str) -> None:
    try:
        work(house, key)
    except STORE_AWAY:
        raise
    except Exception:  # noqa: BLE001 - the other calls must be looked at all the same
        _log.exception("a call's due work failed", extra={"call": key})


def _register_dropped(house: House, key: str) -> None:
    """E-41: a dropped or silent call is registered, and called back; one that was registered is linked."""
    call = house.calls.get(key).state
    book = house.base.rulebooks.office(call.office).rulebook
    due = unregistered_at(call, book)
    if due is None or due > house.now():
        return
    if not house.cases.find({"call": key}):
        request = key_id(call.office, call.id, "dropped")
        acts.keep(house, _form(house, call), replace(by_itself(call, request)), by_call="dropped")
        house.counts.by_itself.labels("dropped").inc()
    for case in house.cases.find({"call": key}):
        link(house, call, case.key)


def _form(house: House, call: Call) -> Form:
    book, number = house.base.rulebooks.office(call.office).rulebook, number_of(house, call)
    matter = MatterForm(
        kind=book.telephony.dropped_kind,
        category=book.telephony.dropped_category,
        area=min(book.areas, key=len),
        place="",
        text=f"{book.categories[book.telephony.dropped_category].name}，未登记事项。",
        wish="",
    )
    return Form(
        channel=channel_of(book),
        language=book.office.languages[0],
        difficulty=next(iter(book.classification.difficulties)),
        legal_class=None,
        priority=None,
        flags=(),
        received_at=call.began_at,
        matters=[matter],
        parties=[caller_party(number)],
        answer=None,
        call=call.ref(),
    )


def _keep_recordings(house: House, key: str) -> None:
    """S3-35: every recording is kept with the text, sealed, in each case of the call."""
    for one in house.calls.get(key).state.recordings:
        for number in house.calls.get(key).state.cases:
            _keep(house, key, one.id, number)


def _keep(house: House, key: str, recording: str, number: str) -> None:
    call = house.calls.get(key).state
    one = next(one for one in call.recordings if one.id == recording)
    if number in one.kept or one.refused or one.due_at > house.now():
        return
    cause = by_itself(call, f"recording:{call.id}:{one.id}:{number}")
    try:
        if cause.id not in house.cases.of_office(number, call.office, [cause.id]).handled:
            with house.call_centre.recording(one.id) as pieces:
                _attach(house, house.cases.get(number).state, contents.recognised(pieces), cause)
        kept = replace(one, kept=(*one.kept, number))
    except (FileNotTaken, FileTooLarge, TooManyFiles) as refused:
        kept = replace(one, refused=refused.code)
    except CallCentreAway as away:
        _log.warning("a recording does not come yet: %s", away)
        later = min(timedelta(minutes=2**one.tries), _LATER_AT_MOST)
        kept = replace(one, tries=one.tries + 1, due_at=house.now() + later)

    def decide(found: Call) -> tuple[Call, list[Any]]:
        return found.with_recording(kept), []

    house.calls.take(call.id, by_itself(call, f"kept:{cause.id}:{one.tries}"), "recording", decide)


def _attach(house: House, case: Case, sent: tuple[str, Any], cause: Any) -> None:
    media, pieces = sent
    stored = house.files.put(case.office, f"{case.accepted_at:%Y-%m}", case.number, pieces)
    original = Bytes(id=stored.id, media=media, size=stored.size, sha256=stored.sha256, key=stored.key)
    name, at = seal(house, case.office, "录音"), house.now()
    house.cases.take(
        case.number, cause, "add-file", lambda c: filing.add(c, "", name, original, cause.who.subject, at)
    )
