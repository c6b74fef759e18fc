"""The broker's management API, as far as departments' feeds need it.

A department's user may read its own stream and nothing else: it has no tag, so the management API is
shut to it, and few connections, so that it cannot take those of others.
"""

import re
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

import httpx

from huiyin.chassis.trust import trusted_at
from huiyin.contracts.feeds import KEPT, MOST_BYTES, SEGMENT_BYTES, VHOST

_TIMEOUT_S: Final = 30.0
_NOTHING: Final = "^$"
_ALL: Final = {"configure": ".*", "write": ".*", "read": ".*"}
_DEFAULT_EXCHANGE: Final = r"^amq\.default$"
_LIMITS: Final = {"max-connections": 4, "max-channels": 16}
_STREAM: Final = {
    "x-queue-type": "stream",
    "x-max-age": KEPT,
    "x-max-length-bytes": MOST_BYTES,
    "x-stream-max-segment-size-bytes": SEGMENT_BYTES,
}


class BrokerRefused(Exception):
    """The broker's management API said no; the message names what was asked, never a password."""


class Broker:
    """The administrator's way to the broker; the URL's password goes into a header, never into a log."""

    def __init__(self, api_url: str) -> None:
        parts = urlsplit(api_url)
        host = parts.netloc.rpartition("@")[2]
        self._administrator = unquote(parts.username or "")
        self._client = httpx.Client(
            base_url=parts._replace(netloc=host).geturl().rstrip("/"),
            auth=(self._administrator, unquote(parts.password or "")),
            timeout=_TIMEOUT_S,
            verify=trusted_at(api_url),
        )

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def ensure_stream(self, feed: str, sayer: str) -> None:
        """The virtual host, the sayer's right to put lines into its streams, and the stream.

        The broker gives rights in a new virtual host to whoever made it, and a moment after it is there:
        the administrator takes them, since another, or another command just now, may have made it.
        """
        self._ask("PUT", f"/vhosts/{VHOST}")
        self._ask("PUT", f"/permissions/{VHOST}/{_name(self._administrator)}", _ALL)
        if sayer:
            rights = {"configure": _NOTHING, "write": _DEFAULT_EXCHANGE, "read": _NOTHING}
            self._ask("PUT", f"/permissions/{VHOST}/{_name(sayer)}", rights)
        self._ask("PUT", f"/queues/{VHOST}/{_name(feed)}", {"durable": True, "arguments": _STREAM})

    def has_user(self, feed: str) -> bool:
        """Whether the department's user is there."""
        return self._client.get(f"/users/{_name(feed)}").status_code == httpx.codes.OK

    def ensure_user(self, feed: str, password: str) -> None:
        """The department's user under this password, which may read its stream and nothing else."""
        self._ask("PUT", f"/users/{_name(feed)}", {"password": password, "tags": ""})
        self._bound(feed)

    def mend_user(self, feed: str) -> None:
        """The department's user as `ensure_user` makes it, under the password it has."""
        held = self._ask("GET", f"/users/{_name(feed)}").json()
        password = {name: held[name] for name in ("password_hash", "hashing_algorithm")}
        self._ask("PUT", f"/users/{_name(feed)}", {**password, "tags": ""})
        self._bound(feed)

    def _bound(self, feed: str) -> None:
        """What the department's user may, and how often at once."""
        rights = {"configure": _NOTHING, "write": _NOTHING, "read": f"^{re.escape(feed)}$"}
        self._ask("PUT", f"/permissions/{VHOST}/{_name(feed)}", rights)
        for limit, value in _LIMITS.items():
            self._ask("PUT", f"/user-limits/{_name(feed)}/{limit}", {"value": value})

    def cut_off(self, feed: str) -> None:
        """Close every connection of the department's user."""
        self._ask("DELETE", f"/connections/username/{_name(feed)}")

    def remove(self, feed: str) -> None:
        """The user, whose connections the broker closes with it, and the stream; neither need be there."""
        for path in (f"/users/{_name(feed)}", f"/queues/{VHOST}/{_name(feed)}"):
            self._ask("DELETE", path, missing_is_fine=True)

    def looks(self, feed: str) -> dict[str, Any]:
        """Whether stream and user are there, and how many read the stream now."""
        answer = self._client.get(f"/queues/{VHOST}/{_name(feed)}")
        found = answer.json() if answer.is_success else {}
        return {
            "stream": answer.is_success,
            "user": self.has_user(feed),
            "readers": found.get("consumers"),
        }

    def _ask(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, missing_is_fine: bool = False
    ) -> httpx.Response:
        answer = self._client.request(method, path, json=body)
        if answer.is_error and not (missing_is_fine and answer.status_code == httpx.codes.NOT_FOUND):
            reason = (
                answer.json().get("reason", "") if "json" in answer.headers.get("content-type", "") else ""
            )
            raise BrokerRefused(f"{method} {path}: {answer.status_code} {reason}")
        return answer


def _name(name: str) -> str:
    return quote(name, safe="")
