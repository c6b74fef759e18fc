"""Links: for one purpose, for a time, made by nobody without the key."""

from datetime import timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from huiyin.chassis.links import Link, Links, NoLink
from tests.unit.chassis.conftest import FixedClock

KEY, CASE, HOLDS = b"k" * 32, "SZ-D-20240927-000012-35", timedelta(days=60)


@pytest.fixture
def links(clock: FixedClock) -> Links:
    return Links(KEY, clock.now)


def test_a_link_opens_for_its_purpose_until_the_end_of_its_last_day(links: Links, clock: FixedClock) -> None:
    token = links.make("progress", CASE, "p1", HOLDS)
    clock.pass_by(HOLDS.total_seconds())
    assert links.open(token, "progress") == Link(CASE, "p1")
    clock.pass_by(86_400)
    with pytest.raises(NoLink):
        links.open(token, "progress")


def test_a_link_made_twice_in_a_day_is_the_same(links: Links, clock: FixedClock) -> None:
    token = links.make("progress", CASE, "p1", HOLDS)
    clock.pass_by(3600)
    assert links.make("progress", CASE, "p1", HOLDS) == token


def _signed(alg: str, key: bytes, clock: FixedClock) -> str:
    claims = {"aud": "progress", "sub": CASE, "party": "p1", "exp": int(clock.now().timestamp()) + 60}
    return jwt.encode({"alg": alg}, claims, OctKey.import_key(key), algorithms=[alg])


def test_no_other_purpose_key_or_algorithm_opens(links: Links, clock: FixedClock) -> None:
    good = links.make("progress", CASE, "p1", HOLDS)
    head, body, mark = good.split(".")
    forged = [
        links.make("evaluation", CASE, "p1", HOLDS),
        Links(b"x" * 32, clock.now).make("progress", CASE, "p1", HOLDS),
        f"{head}.{body}.{'A' if mark[0] != 'A' else 'B'}{mark[1:]}",
        f"{head}.{body}.",
        _signed("HS512", KEY + KEY, clock),
        f"eyJhbGciOiJub25lIn0.{body}.",  # alg none
        *("", "x", "a.b.c", "x" * 5000, "链接"),
    ]
    for token in forged:
        with pytest.raises(NoLink):
            links.open(token, "progress")
    assert links.open(_signed("HS256", KEY, clock), "progress").case == CASE
