"""A call centre for this machine: `python -m deploy.local.call_centre <port>`.

It speaks what docs/telephony.md says: tells the platform of calls by signed events, puts callers through
to emergency lines when asked, gives recordings. Whether a line answers is `lines`. Every reference is
acted on once. `GET /` shows what was asked. Calls are begun by whoever holds the object, or, on a
running one, by `POST /calls` {office, number, line, operator}; `POST /words` {office, call, word} tells
another word of a call, `POST /control` {lines, away, recordings} says how the lines behave.
"""

import argparse
import hashlib
import hmac
import json
import os
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import httpx

from deploy.local.loopback import Answering, Simulator
from huiyin.chassis.trust import NO_CA

#: taken: the line answers and takes over; ringing: it rings and rings; no_answer, failed: told as such.
Line = Literal["taken", "ringing", "no_answer", "failed"]

TIME_HEADER: Final = "X-Huiyin-Time"
SIGNATURE_HEADER: Final = "X-Huiyin-Signature"
_TRIES: Final = 30


def signature(secret: str, method: str, path: str, moment: str, body: bytes) -> str:
    """The signature as docs/telephony.md tells a vendor to make it, written independently of the platform."""
    lines = f"{method}\n{path}\n{moment}\n{hashlib.sha256(body).hexdigest()}"
    return hmac.new(secret.encode(), lines.encode(), hashlib.sha256).hexdigest()


@dataclass
class Asked:
    """One request to put a call through, and how often it was sent."""

    reference: str
    office: str
    call: str
    line: str
    posts: int = 1


@dataclass
class CallCentre:
    """The call centre; `lines` and `away` may be changed while it runs."""

    secret: str
    port: int = 0
    events_to: str = ""
    lines: dict[str, Line] = field(default_factory=dict)
    away: bool = False
    asked: dict[str, Asked] = field(default_factory=dict)
    recordings: dict[str, bytes] = field(default_factory=dict)
    refused: int = 0

    def __post_init__(self) -> None:
        self._client = httpx.Client(timeout=30, verify=NO_CA)
        self._lock = threading.Lock()
        self._server = Simulator("call-centre", self.port, _Handler, self)

    @property
    def url(self) -> str:
        """Where it is asked."""
        return self._server.url

    def start(self) -> None:
        """Begin to answer."""
        self._server.start()

    def stop(self) -> None:
        """Stop answering."""
        self._server.stop()
        self._client.close()

    # -- what it tells -----------------------------------------------------------------------

    def ring(self, office: str, number: str | None, call: str = "", **more: str) -> dict[str, Any]:
        """A call rings: `line`, `operator`, `number_kind`; the platform's answer, with its id of the call."""
        call = call or uuid.uuid4().hex
        told = {**({"number": number} if number else {}), **more}
        return {"sender": call, **self.tell(office, call, "ringing", **told).json()}

    def tell(self, office: str, call: str, word: str, event: str = "", **more: Any) -> httpx.Response:
        """Send one signed word."""
        content = {"event": event or uuid.uuid4().hex, "office": office, "call": call, "type": word, **more}
        return self.send(json.dumps(content).encode())

    def send(self, body: bytes, moment: float | None = None, secret: str | None = None) -> httpx.Response:
        """Send a body, signed at a moment and with a secret."""
        at = str(int(time.time() if moment is None else moment))
        path = httpx.URL(self.events_to).raw_path.decode()
        signed = signature(secret or self.secret, "POST", path, at, body)
        headers = {TIME_HEADER: at, SIGNATURE_HEADER: signed, "Content-Type": "application/json"}
        return self._client.post(self.events_to, content=body, headers=headers)

    # -- what it is asked ----------------------------------------------------------------------

    def put_through(self, asked: Asked) -> None:
        """Ring the line, once a reference, and tell what it did."""
        with self._lock:
            known = self.asked.get(asked.reference)
            if known is not None:
                known.posts += 1
                return
            self.asked[asked.reference] = asked
        if self.events_to:
            threading.Thread(target=self.tell_outcome, args=(asked,), daemon=True).start()

    def tell_outcome(self, asked: Asked) -> None:
        """Tell what the line did, until the platform has heard it."""
        outcome = self.lines.get(asked.line, "taken")
        event = uuid.uuid4().hex
        for _ in range(_TRIES):
            try:
                call = asked.call or f"desk-{asked.reference}"
                answer = self.tell(
                    asked.office,
                    call,
                    "transferred",
                    event,
                    reference=asked.reference,
                    outcome=outcome,
                    to=asked.line,
                )
                if answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                    return
            except httpx.TransportError:
                pass
            time.sleep(1)


class _Handler(Answering):
    server: Simulator[CallCentre]

    def do_POST(self) -> None:  # noqa: N802 - as http.server names it
        centre = self.server.behind
        body = self.body()
        if self.path in ("/calls", "/words", "/control"):
            return self.answer(*_DESK[self.path](centre, json.loads(body)))
        if not self._is_signed(body):
            return None
        if centre.away:
            return self.answer(503, {})
        centre.put_through(Asked(**json.loads(body)))
        return self.answer(202, {"state": "ringing"})

    def do_GET(self) -> None:  # noqa: N802 - as http.server names it
        centre = self.server.behind
        if self.path == "/":
            asked = [vars(one) for one in list(centre.asked.values())]
            return self.answer(200, {"asked": asked, "refused": centre.refused})
        if not self._is_signed(b""):
            return None
        held = centre.recordings.get(self.path.rpartition("/")[2])
        if centre.away or held is None:
            return self.answer(503 if centre.away else 404, {})
        return self.send(200, "audio/mpeg", held)

    def _is_signed(self, body: bytes) -> bool:
        moment, given = self.headers.get(TIME_HEADER, ""), self.headers.get(SIGNATURE_HEADER, "")
        right = signature(self.server.behind.secret, self.command, self.path, moment, body)
        if hmac.compare_digest(right.encode(), given.encode()):
            return True
        self.server.behind.refused += 1
        self.answer(401, {})
        return False


def _begin(centre: CallCentre, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    return 200, centre.ring(**said)


def _say(centre: CallCentre, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    answer = centre.tell(**said)
    return answer.status_code, answer.json()


def _control(centre: CallCentre, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """What is not said of stays as it is."""
    centre.lines, centre.away = said.get("lines", centre.lines), said.get("away", centre.away)
    centre.recordings |= {name: bytes.fromhex(held) for name, held in said.get("recordings", {}).items()}
    return 200, {}


_DESK: Final[Mapping[str, Callable[[CallCentre, dict[str, Any]], tuple[int, dict[str, Any]]]]] = {
    "/calls": _begin,
    "/words": _say,
    "/control": _control,
}


def main() -> None:
    """Run until a signal; HUIYIN_CALL_CENTRE_SECRET signs, events go to HUIYIN_CALL_EVENTS_TO."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    port = parser.parse_args().port
    secret, events_to = os.environ["HUIYIN_CALL_CENTRE_SECRET"], os.environ["HUIYIN_CALL_EVENTS_TO"]
    centre = CallCentre(secret, port, events_to)
    centre.start()
    print(f"call centre at {centre.url}", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
