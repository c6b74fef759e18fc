"""How the call centre and intake know each other: an HMAC over method, path, time and body.

Both sides sign what they send with one shared secret (docs/telephony.md). A request that was signed
too long ago is refused, and an event's id is handled once, so that nothing that was overheard can be
sent again. The body enters by its hash, so that a recording need not be held in memory to be checked.
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Final

TIME_HEADER: Final = "X-Huiyin-Time"
SIGNATURE_HEADER: Final = "X-Huiyin-Signature"
#: How far the clocks of the two may differ, and how long a request may be on its way.
FRESH: Final = timedelta(minutes=5)


def signature(secret: str, method: str, path: str, moment: str, body: bytes) -> str:
    """HMAC-SHA256, in hex, of four lines: method, path with query, Unix time, SHA-256 of the body."""
    lines = "\n".join((method.upper(), path, moment, hashlib.sha256(body).hexdigest()))
    return hmac.new(secret.encode(), lines.encode(), hashlib.sha256).hexdigest()


def signed(secret: str, method: str, path: str, now: datetime, body: bytes = b"") -> dict[str, str]:
    """The two headers of a request that is sent now."""
    moment = str(int(now.timestamp()))
    return {TIME_HEADER: moment, SIGNATURE_HEADER: signature(secret, method, path, moment, body)}


def is_fresh(moment: str, now: datetime) -> bool:
    """Whether the time that a request says it was signed at is near enough to now."""
    if not (moment.isascii() and moment.isdigit() and len(moment) <= len("9999999999")):
        return False
    return abs(datetime.fromtimestamp(int(moment), UTC) - now) <= FRESH


def is_right(secret: str, given: str, method: str, path: str, moment: str, body: bytes) -> bool:
    """Whether the secret's holder signed this, in constant time. Without a secret nobody is right."""
    right = signature(secret, method, path, moment, body)
    return hmac.compare_digest(right.encode(), given.encode()) and bool(secret)
