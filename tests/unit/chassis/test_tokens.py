"""Which tokens are believed."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from joserfc.jwk import RSAKey

from huiyin.chassis.errors import Unauthenticated, Unavailable, WrongSetting
from huiyin.chassis.steps import Actor
from huiyin.chassis.tokens import Tokens
from tests.unit.chassis.conftest import FixedClock, KeyPair, SignedToken, make_key, write_jwks


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _payload(token: str) -> str:
    return token.split(".")[1]


def test_a_good_token_names_its_actor(tokens: Tokens, signed: SignedToken) -> None:
    actor = tokens.verify(signed(role="unit", unit="water"))
    assert actor == Actor(subject="s-1", role="unit", office="12345", unit="water")


def test_an_rsa_signature_is_believed(
    tmp_path: Path, jwks: Path, tokens: Tokens, signed: SignedToken
) -> None:
    rsa = make_key(tmp_path, "rsa", RSAKey)
    write_jwks(jwks, rsa)
    assert tokens.verify(signed(path=rsa.path)).subject == "s-1"


def test_a_token_is_believed_for_a_minute_past_its_end(
    tokens: Tokens, signed: SignedToken, clock: FixedClock
) -> None:
    token = signed(ttl=timedelta(minutes=5))
    clock.pass_by(355)
    assert tokens.verify(token)
    clock.pass_by(10)
    with pytest.raises(Unauthenticated, match="expired"):
        tokens.verify(token)


def test_a_token_from_the_future_is_refused(tokens: Tokens, signed: SignedToken, clock: FixedClock) -> None:
    token = signed()
    clock.pass_by(-61)
    with pytest.raises(Unauthenticated, match="not valid yet"):
        tokens.verify(token)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"audience": "other"}, "audience"),
        ({"issuer": "other"}, "issuer"),
        ({"role": "emperor"}, "role"),
        ({"subject": ""}, "sub"),
        ({"office": "x" * 300}, "office"),
    ],
)
def test_a_token_with_a_wrong_claim_is_refused(
    tokens: Tokens, signed: SignedToken, changed: dict[str, object], says: str
) -> None:
    with pytest.raises(Unauthenticated, match=says):
        tokens.verify(signed(**changed))


def test_a_token_without_a_signature_is_refused(tokens: Tokens, signed: SignedToken) -> None:
    header = _part({"alg": "none", "kid": "first"})
    with pytest.raises(Unauthenticated, match="ES256 or RS256"):
        tokens.verify(f"{header}.{_payload(signed())}.")


def test_hs256_keyed_with_the_public_key_is_refused(
    tokens: Tokens, signed: SignedToken, key: KeyPair
) -> None:
    text = _part({"alg": "HS256", "kid": "first"}) + "." + _payload(signed())
    mac = hmac.new(json.dumps(key.public).encode(), text.encode(), hashlib.sha256).digest()
    forged = text + "." + base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
    with pytest.raises(Unauthenticated, match="ES256 or RS256"):
        tokens.verify(forged)


def test_a_changed_payload_is_refused(tokens: Tokens, signed: SignedToken) -> None:
    head, _, tail = signed(role="operator").split(".")
    with pytest.raises(Unauthenticated, match="signature"):
        tokens.verify(".".join((head, _payload(signed(role="admin")), tail)))


@pytest.mark.parametrize("bad", ["", "x", "a.b.c", "é", "a" * 9000, "..", "e30.e30.e30", "W10.e30.e30"])
def test_what_is_no_token_is_refused(tokens: Tokens, bad: str) -> None:
    with pytest.raises(Unauthenticated):
        tokens.verify(bad)


def test_a_rotated_key_is_believed_and_the_old_one_no_more(
    tmp_path: Path, jwks: Path, tokens: Tokens, signed: SignedToken
) -> None:
    assert tokens.verify(signed())
    second = make_key(tmp_path, "second")
    with pytest.raises(Unauthenticated, match="not known"):
        tokens.verify(signed(path=second.path))
    write_jwks(jwks, second)
    assert tokens.verify(signed(path=second.path))
    with pytest.raises(Unauthenticated, match="not known"):
        tokens.verify(signed())


def test_a_missing_key_file_is_a_wrong_setting(
    tmp_path: Path, signed: SignedToken, clock: FixedClock
) -> None:
    tokens = Tokens(str(tmp_path / "none.json"), "huiyin", "huiyin", clock)
    with pytest.raises(WrongSetting, match="HUIYIN_TOKEN_JWKS"):
        tokens.verify(signed())
    assert "HUIYIN_TOKEN_JWKS" in (tokens.problem() or "")


class SignIn:
    """A sign-in that serves keys and counts how often it is asked."""

    def __init__(self, *keys: KeyPair) -> None:
        self.keys, self.asked, self.away = list(keys), 0, False

    def fetch(self, address: str) -> bytes:
        assert address == "https://sign-in/jwks"
        self.asked += 1
        if self.away:
            raise httpx.ConnectError("away")
        return json.dumps({"keys": [key.public for key in self.keys]}).encode()


def _remote(sign_in: SignIn, clock: FixedClock) -> Tokens:
    return Tokens("https://sign-in/jwks", "huiyin", "huiyin", clock, fetch=sign_in.fetch)


def test_fetched_keys_are_kept_for_five_minutes(signed: SignedToken, key: KeyPair, clock: FixedClock) -> None:
    sign_in = SignIn(key)
    tokens = _remote(sign_in, clock)
    for _ in range(3):
        assert tokens.verify(signed())
    assert sign_in.asked == 1
    clock.pass_by(301)
    assert tokens.verify(signed())
    assert sign_in.asked == 2


def test_an_unknown_key_is_asked_for_once_and_strangers_cannot_make_us_ask_often(
    tmp_path: Path, signed: SignedToken, key: KeyPair, clock: FixedClock
) -> None:
    sign_in, second = SignIn(key), make_key(tmp_path, "second")
    tokens = _remote(sign_in, clock)
    assert tokens.verify(signed())
    sign_in.keys.append(second)
    clock.pass_by(11)
    assert tokens.verify(signed(path=second.path))
    assert sign_in.asked == 2
    for stranger in ("a", "b", "c"):
        with pytest.raises(Unauthenticated):
            tokens.verify(signed(path=make_key(tmp_path, stranger).path))
    assert sign_in.asked == 2


def test_while_the_sign_in_is_away_known_keys_hold_for_an_hour(
    signed: SignedToken, key: KeyPair, clock: FixedClock
) -> None:
    sign_in = SignIn(key)
    tokens = _remote(sign_in, clock)
    assert tokens.verify(signed())
    sign_in.away = True
    clock.pass_by(3000)
    assert tokens.verify(signed())
    clock.pass_by(1000)
    with pytest.raises(Unavailable):
        tokens.verify(signed())


def test_a_sign_in_that_was_never_reached_is_unavailable(signed: SignedToken, clock: FixedClock) -> None:
    sign_in = SignIn()
    sign_in.away = True
    tokens = _remote(sign_in, clock)
    with pytest.raises(Unavailable):
        tokens.verify(signed())
    assert tokens.problem()
