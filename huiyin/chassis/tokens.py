"""Bearer tokens: who a member of staff is, checked against the sign-in's public keys."""

import json
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, TypeGuard
from uuid import uuid4

import httpx
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey, import_key

from huiyin.chassis.clocks import MachineClock, SystemMachineClock
from huiyin.chassis.errors import Unauthenticated, Unavailable, WrongSetting
from huiyin.chassis.steps import Actor
from huiyin.chassis.trust import verifying
from huiyin.contracts.roles import ROLES

_ALGORITHMS: Final = ("ES256", "RS256")
_LEEWAY: Final = 60
_FRESH_SECONDS: Final = 300.0
_STALE_SECONDS: Final = 3600.0
# A stranger can put any key id into a token: ask the sign-in again only this often.
_ASK_AGAIN_SECONDS: Final = 10.0
_LONGEST: Final = 8192
_LONGEST_CLAIM: Final = 200

Key = ECKey | RSAKey
Keys = Mapping[str, Key]
Claims = Mapping[str, Any]


def fetch_over_https(address: str) -> bytes:
    """The body behind an https address, or an httpx error."""
    answer = httpx.get(address, timeout=5.0, follow_redirects=False, verify=verifying())
    return answer.raise_for_status().content


class Tokens:
    """Verifies tokens of one issuer for one audience."""

    def __init__(
        self,
        jwks_source: str,
        issuer: str,
        audience: str,
        machine_clock: MachineClock,
        fetch: Callable[[str], bytes] = fetch_over_https,
    ) -> None:
        self._issuer, self._audience, self._clock = issuer, audience, machine_clock
        self._keys: _FileKeys | _RemoteKeys = (
            _RemoteKeys(jwks_source, machine_clock, fetch)
            if jwks_source.startswith("https://")
            else _FileKeys(Path(jwks_source))
        )

    def verify(self, bearer: str) -> Actor:
        """The actor a token stands for; Unauthenticated says what is wrong, never with what key."""
        return actor_of(self.claims(bearer))

    def claims(self, bearer: str) -> Claims:
        """What a token says, once signature, times, issuer and audience are found right."""
        key = self._keys.find(_key_id(bearer))
        if key is None:
            raise Unauthenticated("the token's key is not known; sign in again")
        try:
            claims: Claims = jwt.decode(bearer, key, algorithms=list(_ALGORITHMS)).claims
        except (JoseError, ValueError) as wrong:
            raise Unauthenticated("the token's signature does not hold; sign in again") from wrong
        self._check_times(claims)
        self._check_sides(claims)
        return claims

    def problem(self) -> str | None:
        """Why tokens cannot be checked now; a readiness check."""
        try:
            self._keys.load()
        except (WrongSetting, Unavailable) as wrong:
            return str(wrong)
        return None

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        now = self._clock.now().timestamp()
        expires, begins = claims.get("exp"), claims.get("nbf", 0)
        if not (_is_number(expires) and _is_number(begins)):
            raise Unauthenticated("the token does not say how long it is valid (exp, nbf)")
        if now > expires + _LEEWAY:
            raise Unauthenticated("the token has expired; sign in again")
        if now < begins - _LEEWAY:
            raise Unauthenticated("the token is not valid yet; check the clock of the sign-in")

    def _check_sides(self, claims: Mapping[str, Any]) -> None:
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        if claims.get("iss") != self._issuer:
            raise Unauthenticated("the token comes from another issuer")
        if self._audience not in audiences:
            raise Unauthenticated("the token is meant for another audience")


class _FileKeys:
    """Keys in a file; read again when it was replaced."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: tuple[tuple[int, int, int], Keys] | None = None

    def find(self, kid: str) -> Key | None:
        return self.load().get(kid)

    def load(self) -> Keys:
        held = self._held
        try:
            stat = self._path.stat()
            stamp = (stat.st_mtime_ns, stat.st_ino, stat.st_size)
            if held is None or held[0] != stamp:
                held = self._held = (stamp, read_keys(self._path.read_bytes()))
        except (OSError, ValueError) as wrong:
            raise WrongSetting(f"HUIYIN_TOKEN_JWKS={self._path}: not a readable key set") from wrong
        return held[1]


class _RemoteKeys:
    """Keys behind an https address, cached; asked again once when a key id is not known."""

    def __init__(self, address: str, clock: MachineClock, fetch: Callable[[str], bytes]) -> None:
        self._address, self._clock, self._fetch = address, clock, fetch
        self._lock = threading.Lock()
        self._keys: Keys | None = None
        self._fetched_at = self._asked_at = 0.0

    def find(self, kid: str) -> Key | None:
        found = self.load().get(kid)
        return found or self._refresh(older_than=_ASK_AGAIN_SECONDS).get(kid)

    def load(self) -> Keys:
        return self._refresh(older_than=_FRESH_SECONDS)

    def _refresh(self, older_than: float) -> Keys:
        with self._lock:
            now = self._clock.monotonic()
            due = self._keys is None or now - self._fetched_at >= older_than
            never_asked = self._asked_at == 0.0
            if due and (never_asked or now - self._asked_at >= _ASK_AGAIN_SECONDS):
                self._asked_at = now
                self._ask(now)
            return self._usable(now)

    def _ask(self, now: float) -> None:
        try:
            self._keys, self._fetched_at = read_keys(self._fetch(self._address)), now
        except (httpx.HTTPError, ValueError):
            return  # the keys at hand stay good for a while; see _usable

    def _usable(self, now: float) -> Keys:
        if self._keys is None or now - self._fetched_at > _STALE_SECONDS:
            raise Unavailable("the sign-in's keys cannot be fetched now; try again")
        return self._keys


def read_keys(data: bytes) -> Keys:
    """The EC and RSA keys of a JWKS by key id; others are left out. ValueError when it is none."""
    try:
        entries = json.loads(data)["keys"]
        return {e["kid"]: _public(e) for e in entries if e.get("kty") in {"EC", "RSA"} and "kid" in e}
    except (KeyError, TypeError, AttributeError, JoseError) as wrong:
        raise ValueError("not a JSON web key set") from wrong


def issue(
    private_jwk_path: Path,
    *,
    subject: str,
    role: str,
    office: str,
    unit: str = "",
    ttl: timedelta,
    issuer: str,
    audience: str,
    machine_clock: MachineClock | None = None,
) -> str:
    """A token for the local stack, signed with a private key of one's own."""
    entry = json.loads(private_jwk_path.read_bytes())
    now = int((machine_clock or SystemMachineClock()).now().timestamp())
    session = {"jti": uuid4().hex, "iat": now, "nbf": now, "exp": now + int(ttl.total_seconds())}
    claims = {"iss": issuer, "aud": audience, "sub": subject, "role": role, "office": office, **session}
    if unit:
        claims["unit"] = unit
    algorithm = "ES256" if entry["kty"] == "EC" else "RS256"
    header = {"alg": algorithm, "kid": entry["kid"]}
    return jwt.encode(header, claims, import_key(entry), algorithms=[algorithm])


def _public(entry: Mapping[str, Any]) -> Key:
    key = import_key(dict(entry))
    assert isinstance(key, ECKey | RSAKey)
    return key


def _key_id(bearer: str) -> str:
    if len(bearer) > _LONGEST or not bearer.isascii():
        raise Unauthenticated("that is no token")
    try:
        header = jws.extract_compact(bearer.encode()).headers()
    except (JoseError, ValueError, TypeError, AttributeError) as wrong:
        raise Unauthenticated("that is no token") from wrong
    kid = header.get("kid")
    if header.get("alg") not in _ALGORITHMS:
        raise Unauthenticated("the token must be signed with ES256 or RS256")
    if not isinstance(kid, str):
        raise Unauthenticated("the token does not name its key (kid)")
    return kid


def actor_of(claims: Claims) -> Actor:
    """The member of staff whom the claims name."""
    subject, role, office = (_text(claims, name) for name in ("sub", "role", "office"))
    if role not in ROLES:
        raise Unauthenticated("the token carries a role that is not known here")
    unit = _text(claims, "unit") if claims.get("unit") else ""
    return Actor(subject=subject, role=role, office=office, unit=unit)


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_CLAIM or not value.isprintable():
        raise Unauthenticated(f"the token lacks a usable claim {name}")
    return value


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
