"""Links that carry their own permission: signed, for one purpose, one case and one party, expiring.

The key lies outside the store, so whoever reads the store can make no link; nothing is kept of a link.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final, Self

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from huiyin.chassis.keyfile import read_key

LINK_KEY_BYTES: Final = 32
_ALGORITHM: Final = "HS256"
_LONGEST: Final = 1024


class NoLink(Exception):
    """No link of ours for this purpose, or one that has expired."""


@dataclass(frozen=True)
class Link:
    """What a link was made for."""

    case: str
    party: str


class Links:
    """Makes links and opens them, by the machine's clock."""

    def __init__(self, key: bytes, now: Callable[[], datetime]) -> None:
        self._key = OctKey.import_key(key)
        self._now = now

    @classmethod
    def from_file(cls, path: Path, now: Callable[[], datetime]) -> Self:
        """Links whose key lies in a file."""
        return cls(read_key(path, LINK_KEY_BYTES), now)

    def make(self, purpose: str, case: str, party: str, holds: timedelta) -> str:
        """A link's token; it ends with a day (UTC), so that one asked for again that day is the same."""
        last = (self._now() + holds).astimezone(UTC).date()
        ends = datetime.combine(last, time.max, UTC)
        claims: dict[str, Any] = {"aud": purpose, "sub": case, "party": party, "exp": int(ends.timestamp())}
        return jwt.encode({"alg": _ALGORITHM}, claims, self._key, algorithms=[_ALGORITHM])

    def open(self, token: str, purpose: str) -> Link:
        """What the link was made for, or NoLink; it never says why."""
        if len(token) > _LONGEST or not token.isascii():
            raise NoLink
        try:
            claims = jwt.decode(token, self._key, algorithms=[_ALGORITHM]).claims
        except (JoseError, ValueError) as wrong:
            raise NoLink from wrong
        if claims["aud"] != purpose or claims["exp"] <= self._now().timestamp():
            raise NoLink
        return Link(case=claims["sub"], party=claims["party"])
