"""Why a request's step is taken: its actor, its idempotency key and its correlation."""

import hashlib
import re
import uuid
from typing import Any, Final

from flask import g, request

from huiyin.chassis.errors import Malformed, Unauthenticated
from huiyin.chassis.steps import Actor, Cause, key_id
from huiyin.chassis.web.bodies import canonical

KEY_HEADER: Final = "Idempotency-Key"
CORRELATION_HEADER: Final = "X-Correlation-Id"
CORRELATION_ENVIRON: Final = "huiyin.correlation"
_KEY: Final = re.compile(r"[\x21-\x7e]{8,128}")
#: A UUID or 32 hexadecimal digits, as trace ids are: whatever else fits could be somebody's account.
_CORRELATION: Final = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def request_actor() -> Actor:
    """The member of staff behind this request."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        raise Unauthenticated("this needs a member of staff")
    return actor


def request_cause(who: Actor | None = None, key: str | None = None, body: bytes | None = None) -> Cause:
    """The cause of this request's step.

    A public view gives its own `who` and, for a signed webhook, the sender's id as `key`;
    a view that accepts files gives the bytes that make the request what it is as `body`.
    """
    actor = who or request_actor()
    given = _given_key() if key is None else key
    return Cause(
        id=key_id(actor.office, actor.subject, given),
        kind="request",
        who=actor,
        correlation=correlation(),
        body=_fingerprint(given, canonical(g.get("body")) if body is None else body),
    )


def correlation() -> str:
    """The id that ties this request's logs and events together."""
    return str(request.environ[CORRELATION_ENVIRON])


def sane_correlation(environ: dict[str, Any]) -> str:
    """The caller's correlation id when it is one; else a new one."""
    given = str(environ.get("HTTP_X_CORRELATION_ID", ""))
    return given if _CORRELATION.fullmatch(given) else uuid.uuid4().hex


def _given_key() -> str:
    key = request.headers.get(KEY_HEADER, "")
    if not _KEY.fullmatch(key):
        raise Malformed(
            f"send the header {KEY_HEADER}: 8 to 128 printable ASCII characters, new for each act and "
            "the same when it is repeated, such as a UUID"
        )
    return key


def _fingerprint(key: str, body: bytes) -> str:
    # The route belongs to it: a key reused for another act is seen even when both bodies are empty.
    # The key, kept nowhere, salts it: the store's hash of a body that is only a phone tells nothing.
    head = f"{key}\x1f{request.method}\x1f{request.path}\x1f".encode()
    return hashlib.sha256(head + body).hexdigest()
