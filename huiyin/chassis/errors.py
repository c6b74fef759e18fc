"""The refusals every service shares, each with its HTTP status and code.

A refusal is an answer, not a failure: the web turns it into problem+json from these two
class attributes. A service adds its own in its `errors.py`.
"""

from collections.abc import Mapping
from typing import ClassVar


class Refusal(Exception):
    """The command cannot be done; `detail` says why and what to do."""

    status: ClassVar[int] = 409
    code: ClassVar[str] = "refused"

    def __init__(self, detail: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.fields = dict(fields or {})


class Invalid(Refusal):
    """The request does not fit its schema; `fields` names each wrong field."""

    status = 422
    code = "invalid"


class Malformed(Refusal):
    """The request cannot be read at all (broken JSON, not UTF-8, no idempotency key)."""

    status = 400
    code = "malformed"


class Unauthenticated(Refusal):
    """No valid bearer token."""

    status = 401
    code = "unauthenticated"


class SessionRevoked(Unauthenticated):
    """The token was taken back before its end."""

    code = "session-revoked"


class Forbidden(Refusal):
    """The token's role or unit may not do this; recorded in the audit."""

    status = 403
    code = "forbidden"


class ViewRestricted(Forbidden):
    """At the complainant's request identity and original words are no longer opened (S0-05, E-35)."""

    code = "view-restricted"

    def __init__(self) -> None:
        super().__init__("应诉求人要求，该诉求的身份信息和原文已限制查看。")


class NotFound(Refusal):
    """There is no such thing, or the caller may not know of it."""

    status = 404
    code = "not-found"


def no_such(number: str) -> NotFound:
    """What is hidden is told in the same words as what is not there."""
    return NotFound(f"没有编号为 {number} 的记录。请核对编号。")


class Conflict(Refusal):
    """The thing changed meanwhile, or its state does not allow the command."""

    status = 409
    code = "conflict"


class KeyDestroyed(Refusal):
    """The data key was destroyed on purpose: what it sealed cannot be read any more."""

    status = 410
    code = "key-destroyed"


class RetentionRuns(Conflict):
    """The month's retention is not over: nothing of it is destroyed without saying that it is early."""

    code = "retention-runs"


class TooLarge(Refusal):
    """The body is over the limit."""

    status = 413
    code = "too-large"


class KeyReused(Refusal):
    """The idempotency key was used before with another body."""

    status = 422
    code = "idempotency-key-reused"


class TooMany(Refusal):
    """Asked too often, or wrong too often; `wait_s` tells when to try again."""

    status = 429
    code = "too-many"

    def __init__(self, detail: str, wait_s: int) -> None:
        super().__init__(detail)
        self.wait_s = wait_s


class Unavailable(Refusal):
    """Something this command needs does not answer now; try again."""

    status = 503
    code = "unavailable"


class NotYet(Exception):
    """The message speaks of what has not come yet; it waits and is tried again."""


class WrongSetting(Exception):
    """A setting, rulebook or calendar is wrong; the message names the key. Stops the start."""
