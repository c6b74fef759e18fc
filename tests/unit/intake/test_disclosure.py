"""Who may open an identity, when, and that nothing betrays whether there is one."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from bson import Binary

from huiyin.chassis.errors import ViewRestricted
from services.intake.domain import disclosure, findings
from services.intake.domain.case import Case, IdentityRequest
from services.intake.errors import (
    AlreadyAsked,
    AlreadyDecided,
    NoConsent,
    NoSuchParty,
    NoSuchRequest,
    NotGranted,
    OwnRequest,
    TooLong,
)
from tests.unit.intake.cases import AT, case

WORDS = Binary(b"sealed")
SOON = AT + timedelta(hours=2)


def _request(**changes: Any) -> IdentityRequest:
    asked: dict[str, Any] = {
        "id": "r1",
        "asker": "ml-leader-1",
        "role": "leader",
        "party": None,
        "reason": WORDS,
        "asked_at": AT,
    }
    return IdentityRequest(**{**asked, **changes})


def _asked(**changes: Any) -> Case:
    asked, events = disclosure.ask(case(), _request(**changes))
    assert not events
    return asked


def _granted(**changes: Any) -> Case:
    return disclosure.grant(_asked(**changes), "r1", "ml-custodian-1", SOON, WORDS, AT)[0]


def test_a_grant_opens_to_its_asker_until_its_end_and_to_nobody_else() -> None:
    granted = _granted()
    held, parties = disclosure.opened(granted, "ml-leader-1", SOON - timedelta(seconds=1))
    assert ([r.id for r in held], [p.id for p in parties]) == (["r1"], ["p1"])
    for asker, now in (("ml-leader-1", SOON), ("ml-leader-2", AT), ("ml-custodian-1", AT)):
        with pytest.raises(NotGranted):
            disclosure.opened(granted, asker, now)


def test_what_was_asked_or_refused_opens_nothing() -> None:
    refused, _ = disclosure.refuse(_asked(), "r1", "ml-custodian-1", WORDS, AT)
    for state in (case(), _asked(), refused):
        with pytest.raises(NotGranted):
            disclosure.opened(state, "ml-leader-1", AT)


@pytest.mark.clause("E-83")
@pytest.mark.parametrize("party", [None, "p2"])
def test_for_the_press_an_identity_is_granted_only_by_the_consent_of_each_it_names(party: str | None) -> None:
    (first,) = case().parties
    two = case(parties=(first, replace(first, id="p2")))
    asked, _ = disclosure.ask(two, _request(party=party, for_press=True))
    one, said = findings.consent_to_press(asked, "p1", consents=True)
    assert said == []
    for state in (asked, one):
        with pytest.raises(NoConsent):
            disclosure.grant(state, "r1", "ml-custodian-1", SOON, WORDS, AT)
    both, _ = findings.consent_to_press(one, "p2", consents=True)
    granted, _ = disclosure.grant(both, "r1", "ml-custodian-1", SOON, WORDS, AT)
    assert granted.requests[0].state == "granted"
    assert disclosure.opened(granted, "ml-leader-1", AT)
    withdrawn, _ = findings.consent_to_press(granted, "p2", consents=False)
    with pytest.raises(NotGranted):
        disclosure.opened(withdrawn, "ml-leader-1", AT)


def test_a_grant_for_one_party_opens_no_other() -> None:
    two = case(parties=(*case().parties, *(p.__class__(**{**vars(p), "id": "p2"}) for p in case().parties)))
    asked, _ = disclosure.ask(two, _request(party="p2"))
    granted, _ = disclosure.grant(asked, "r1", "ml-custodian-1", SOON, WORDS, AT)
    assert [p.id for p in disclosure.opened(granted, "ml-leader-1", AT)[1]] == ["p2"]


def test_a_restriction_shuts_what_was_granted_and_lets_nothing_be_granted() -> None:
    shut = case(requests=_granted().requests, restricted_at=AT)
    with pytest.raises(NotGranted):
        disclosure.opened(shut, "ml-leader-1", AT)
    with pytest.raises(ViewRestricted):
        disclosure.grant(
            case(requests=_asked().requests, restricted_at=AT), "r1", "ml-custodian-1", SOON, WORDS, AT
        )


def test_a_custodian_never_decides_on_his_own_request() -> None:
    own = _asked(asker="ml-custodian-1")
    with pytest.raises(OwnRequest):
        disclosure.grant(own, "r1", "ml-custodian-1", SOON, WORDS, AT)
    with pytest.raises(OwnRequest):
        disclosure.refuse(own, "r1", "ml-custodian-1", WORDS, AT)


def test_a_request_is_decided_once() -> None:
    for decided in (_granted(), disclosure.refuse(_asked(), "r1", "ml-custodian-1", WORDS, AT)[0]):
        with pytest.raises(AlreadyDecided):
            disclosure.grant(decided, "r1", "ml-custodian-2", SOON, WORDS, AT)
    with pytest.raises(NoSuchRequest):
        disclosure.grant(_asked(), "r2", "ml-custodian-1", SOON, WORDS, AT)


def test_a_party_that_is_not_there_is_seen_by_the_custodian_only() -> None:
    with pytest.raises(NoSuchParty):
        disclosure.grant(_asked(party="p9"), "r1", "ml-custodian-1", SOON, WORDS, AT)


@pytest.mark.parametrize("end", [AT, AT - timedelta(hours=1), AT + timedelta(days=31)])
def test_a_grant_ends_after_now_and_within_thirty_days(end: Any) -> None:
    with pytest.raises(TooLong):
        disclosure.grant(_asked(), "r1", "ml-custodian-1", end, WORDS, AT)


def test_the_same_wish_does_not_wait_twice() -> None:
    with pytest.raises(AlreadyAsked):
        disclosure.ask(_asked(), _request(id="r2"))
    others = (_request(id="r2", asker="ml-leader-2"), _request(id="r2", party="p1"))
    assert all(len(disclosure.ask(_asked(), other)[0].requests) == 2 for other in others)
