"""A way to the platform that keeps every answer, with the people whom its request named."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from huiyin.client.line import Line
from huiyin.contracts.services import Service


@dataclass(frozen=True)
class Answered:
    """One answer: to what, to whom, and all that was asked; `body` field by field, a file as one of them."""

    method: str
    service: Service
    path: str
    asked: bytes
    content: bytes
    status: int
    body: object


@dataclass
class KeepingLine(Line):
    """A line that keeps what is answered, refusals and errors included."""

    answered: list[Answered] = field(default_factory=list)
    _keeping: threading.Lock = field(default_factory=threading.Lock)

    def send(self, method: str, service: Service, path: str, **request: Any) -> httpx.Response:
        """The answer, kept."""
        answer = super().send(method, service, path, **request)
        named = [request.get(part) for part in ("json", "params", "files")]
        asked = json.dumps([path, *named], ensure_ascii=False, default=_words).encode()
        body = request.get("json") or _parts(request.get("files", {}))
        self.keep(Answered(method, service, path, asked, whole(answer), answer.status_code, body))
        return answer

    def keep(self, told: Answered) -> None:
        """Keep an answer, also one to somebody else's request."""
        with self._keeping:
            self.answered.append(told)


def _parts(files: Mapping[str, tuple[str, bytes]]) -> dict[str, bytes]:
    """Of each file its name and its content."""
    return {part: name.encode() + b"\n" + content for part, (name, content) in files.items()}


def _words(sent: bytes) -> str:
    return sent.decode(errors="replace")


def whole(answer: httpx.Response) -> bytes:
    """Headers and body."""
    return b"\n".join(b": ".join(pair) for pair in answer.headers.raw) + b"\n\n" + answer.content
