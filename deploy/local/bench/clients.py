"""A lean HTTP client: what measures must not take the processor from what is measured."""

import json
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

from huiyin.client.line import Json

_TIMEOUT_S: Final = 30


class Connection:
    """One kept connection to one service, in one person's name."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        address = urlsplit(url)
        self._http = HTTPConnection(str(address.hostname), address.port, timeout=_TIMEOUT_S)
        self._headers = {**headers, "Content-Type": "application/json"}

    def get(self, path: str) -> tuple[int, Json]:
        """Status and body."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, body: Any = None) -> tuple[int, Json]:
        """Status and body; every call is an act of its own."""
        return self._ask("POST", path, body, {"Idempotency-Key": uuid4().hex})

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def _ask(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> tuple[int, Json]:
        sent = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        try:
            self._http.request(method, path, sent, {**self._headers, **headers})
            answer = self._http.getresponse()
            return answer.status, json.loads(answer.read() or b"{}")
        except (HTTPException, OSError):
            self._http.close()  # the next request connects again
            return 0, {}
