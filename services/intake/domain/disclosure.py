"""Who may open an identity: somebody who asked with a reason, granted by another, for a time.

Whoever asks is answered alike whether there is an identity or not, until a custodian grants it.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bson import Binary

from huiyin.contracts import events as e
from services.intake.domain.case import Case, IdentityRequest, Party
from services.intake.errors import (
    AlreadyAsked,
    AlreadyDecided,
    NoConsent,
    NoSuchRequest,
    NotGranted,
    OwnRequest,
    TooLong,
)

Outcome = tuple[Case, list[e.Event]]

#: Longer than any act needs; who needs more asks again.
_LONGEST: Final = timedelta(days=30)


def ask(case: Case, request: IdentityRequest) -> Outcome:
    """Somebody asks for who complained; nothing is looked at, so that the answer betrays nothing."""
    waits = (r for r in case.requests if r.asker == request.asker and r.state == "asked")
    if any(r.party == request.party for r in waits):
        raise AlreadyAsked("您对该诉求的申请正在等待审批，请勿重复申请。")
    return replace(case, requests=(*case.requests, request)), []


def grant(case: Case, request: str, by: str, until: datetime, note: Binary, now: datetime) -> Outcome:
    """A custodian who is not the asker grants it to that person until a moment.

    For the press only where each party it names has consented to it (E-83).
    """
    asked = _pending(case, request, by)
    case.require_open()
    if not _is_consented(case, asked):
        raise NoConsent("未经本人同意，不得向媒体提供其身份；请先登记本人同意。")
    if not now < until <= now + _LONGEST:
        raise TooLong(f"准许期限须晚于现在，且不超过 {_LONGEST.days} 天。", {"until": "out of range"})
    decided = replace(asked, state="granted", decided_by=by, decided_at=now, until=until, note=note)
    return _changed(case, decided), []


def refuse(case: Case, request: str, by: str, note: Binary, now: datetime) -> Outcome:
    """A custodian who is not the asker refuses it; the asker is answered as before."""
    asked = _pending(case, request, by)
    return _changed(case, replace(asked, state="refused", decided_by=by, decided_at=now, note=note)), []


def opened(case: Case, asker: str, now: datetime) -> tuple[tuple[IdentityRequest, ...], tuple[Party, ...]]:
    """The grants that hold for somebody now, and the parties they open; else NotGranted.

    One for the press opens nothing any more when a consent was withdrawn (E-83).
    """
    held = tuple(r for r in case.requests if r.asker == asker and r.holds(now) and _is_consented(case, r))
    if not held or case.restricted_at is not None:
        raise NotGranted("该身份未获准调阅，或已过期。")
    named = {r.party for r in held}
    return held, tuple(p for p in case.parties if p.id in named or None in named)


def _is_consented(case: Case, asked: IdentityRequest) -> bool:
    named = [case.party(asked.party)] if asked.party else case.parties
    return not asked.for_press or all(party.consents_to_press for party in named)


def _pending(case: Case, request: str, by: str) -> IdentityRequest:
    found = next((r for r in case.requests if r.id == request), None)
    if found is None:
        raise NoSuchRequest(f"该诉求没有编号为 {request} 的身份调阅申请。")
    if found.asker == by:
        raise OwnRequest("不能审批本人提出的申请，请由其他身份保管员审批。")
    if found.state != "asked":
        raise AlreadyDecided("该申请已有决定。")
    return found


def _changed(case: Case, request: IdentityRequest) -> Case:
    changed = (request if r.id == request.id else r for r in case.requests)
    return replace(case, requests=tuple(changed))
