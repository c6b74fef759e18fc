"""Which true tokens still hold: not revoked, and of somebody who is in office as the token says."""

import base64
import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from huiyin.chassis.errors import Forbidden, NotFound, SessionRevoked, Unavailable
from huiyin.chassis.revocations import Revocation, Revocations, read_revocations, revoke
from huiyin.chassis.rulebook import OfficeFolder, load_offices
from huiyin.chassis.sessions import NotInOffice, Sessions
from huiyin.chassis.steps import Actor
from huiyin.chassis.tokens import Tokens
from tests.unit.chassis.conftest import FixedClock, SignedToken
from tests.unit.offices import OFFICES

OFFICE = "mayors-line"
SUBJECT = "ml-operator-1"


@pytest.fixture(scope="module")
def offices() -> dict[str, OfficeFolder]:
    return load_offices(OFFICES)


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "tokens.revoked.jsonl"
    path.touch()
    return path


@pytest.fixture
def sessions(tokens: Tokens, listed: Path, clock: FixedClock, offices: dict[str, OfficeFolder]) -> Sessions:
    def office(name: str) -> OfficeFolder:
        if name not in offices:
            raise NotFound(name)
        return offices[name]

    return Sessions(tokens, Revocations(listed), office, clock.now)


def _jti(token: str) -> str:
    part = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return str(claims["jti"])


def _revocation(clock: FixedClock, **whom: str) -> Revocation:
    return Revocation(at=clock.now(), by="root", why="手机遗失", **whom)


def test_the_actor_serves_the_unit_that_the_directory_names(sessions: Sessions, signed: SignedToken) -> None:
    who = sessions.verify(signed(subject=SUBJECT, office=OFFICE))
    assert who == Actor(subject=SUBJECT, role="operator", office=OFFICE, unit="duty_room")


@pytest.mark.clause("E-84")
@pytest.mark.parametrize(
    "claims",
    [
        {"subject": "ml-operator-99"},
        {"role": "custodian"},
        {"unit": "police"},
        {"office": "community-centre"},
        {"office": "nowhere"},
    ],
    ids=["a stranger", "a role not held", "a unit not served", "another office", "an office not served"],
)
def test_who_is_not_what_the_token_says_is_refused_by_name(
    sessions: Sessions, signed: SignedToken, claims: dict[str, str]
) -> None:
    with pytest.raises(NotInOffice) as refused:
        sessions.verify(signed(**({"subject": SUBJECT, "office": OFFICE} | claims)))
    assert isinstance(refused.value, Forbidden)
    assert refused.value.who.subject == claims.get("subject", SUBJECT)


@pytest.mark.clause("E-84")
def test_who_left_is_refused_from_that_day_on(
    tokens: Tokens, listed: Path, clock: FixedClock, signed: SignedToken, offices: dict[str, OfficeFolder]
) -> None:
    leaver = replace(offices[OFFICE].people[SUBJECT], left_on=clock.now().date())
    office = replace(offices[OFFICE], people={SUBJECT: leaver})
    days: list[datetime] = [clock.now() - timedelta(days=1)]
    sessions = Sessions(tokens, Revocations(listed), lambda _: office, lambda: days[0])
    assert sessions.verify(signed(subject=SUBJECT, office=OFFICE))
    days[0] = clock.now()
    with pytest.raises(NotInOffice):
        sessions.verify(signed(subject=SUBJECT, office=OFFICE))


def test_one_revoked_token_holds_no_more_and_the_others_do(
    sessions: Sessions, listed: Path, signed: SignedToken, clock: FixedClock
) -> None:
    lost, other = (signed(subject=SUBJECT, office=OFFICE) for _ in range(2))
    assert sessions.verify(lost)
    revoke(listed, _revocation(clock, jti=_jti(lost)))
    with pytest.raises(SessionRevoked):
        sessions.verify(lost)
    assert sessions.verify(other)


def test_a_revoked_subject_signs_in_anew_and_old_tokens_hold_no_more(
    sessions: Sessions, listed: Path, signed: SignedToken, clock: FixedClock
) -> None:
    old, colleague = signed(subject=SUBJECT, office=OFFICE), signed(subject="ml-operator-2", office=OFFICE)
    revoke(listed, _revocation(clock, subject=SUBJECT))
    with pytest.raises(SessionRevoked):
        sessions.verify(old)
    assert sessions.verify(colleague)
    clock.pass_by(1)
    fresh = signed(subject=SUBJECT, office=OFFICE)
    assert sessions.verify(fresh)
    revoke(listed, _revocation(FixedClock(clock.now() - timedelta(hours=2)), subject=SUBJECT))
    assert sessions.verify(fresh), "an older line takes nothing more back"


def test_while_the_list_cannot_be_read_nobody_is_let_in(
    sessions: Sessions, listed: Path, signed: SignedToken, clock: FixedClock
) -> None:
    token = signed(subject=SUBJECT, office=OFFICE)
    assert sessions.problem() is None
    for broken in ("not json\n", "[1]\n", '{"at": "2026-01-01T00:00:00+00:00", "who": "x"}\n'):
        listed.write_text(broken)
        with pytest.raises(Unavailable):
            sessions.verify(token)
    listed.unlink()
    with pytest.raises(Unavailable):
        sessions.verify(token)
    assert str(listed) in (sessions.problem() or "")


def test_a_line_says_who_revoked_when_and_why(listed: Path, clock: FixedClock) -> None:
    lines = [_revocation(clock, subject=SUBJECT), _revocation(clock, jti="0" * 32)]
    for line in lines:
        revoke(listed, line)
    assert read_revocations(listed) == lines
