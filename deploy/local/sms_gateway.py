"""An SMS gateway for this machine: `python -m deploy.local.sms_gateway <port>`.

It speaks what services/notify/providers/sms.py documents, keeps what it took in memory, sends
signed receipts, and can fail in every way that a real one does. Numbers that end in 0000
never get their SMS. `GET /` shows what was taken.
"""

import argparse
import hashlib
import hmac
import json
import os
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal

import httpx

from deploy.local.loopback import Answering, Simulator
from huiyin.chassis.trust import NO_CA

#: taking: all is well; slow: answers late; broken: 500; refusing: 422;
#: dropping: takes the message and breaks the connection without an answer.
Mode = Literal["taking", "slow", "broken", "refusing", "dropping"]

SIGNATURE_HEADER = "X-Huiyin-Signature"
_UNREACHABLE = "0000"
_RECEIPT_TRIES = 30


@dataclass
class Sms:
    """One SMS that the gateway took, and how often it was handed over."""

    reference: str
    to: str
    text: str
    state: Literal["taken", "delivered", "failed"] = "taken"
    posts: int = 1


class SmsGateway:
    """The gateway; `mode` and `knows` may be changed while it runs.

    `knows`: whether it answers questions by reference (some real ones do not).
    """

    def __init__(self, secret: str, *, port: int = 0, receipts_to: str = "") -> None:
        self.mode: Mode = "taking"
        self.knows = True
        self.slow_s = 5.0
        self.messages: dict[str, Sms] = {}
        self.posts = 0
        self.receipts_to = receipts_to
        self._secret = secret
        self._client = httpx.Client(verify=NO_CA)
        self._lock = threading.Lock()
        self._server = Simulator("sms-gateway", port, _Handler, self)

    @property
    def url(self) -> str:
        """Where messages are posted."""
        return f"{self._server.url}/messages"

    def start(self) -> None:
        """Begin to answer."""
        self._server.start()

    def stop(self) -> None:
        """Stop answering; what was taken stays in `messages`."""
        self._server.stop()
        self._client.close()

    @staticmethod
    def signature(secret: str, body: bytes) -> str:
        """The signature both sides make of a body."""
        return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()

    def signed(self, body: bytes) -> str:
        """This gateway's signature of a body."""
        return self.signature(self._secret, body)

    def take(self, reference: str, to: str, text: str) -> Sms:
        """Take a message; the same reference is sent only once."""
        with self._lock:
            known = self.messages.get(reference)
            if known is not None:
                known.posts += 1
                return known
            sms = self.messages[reference] = Sms(reference, to, text)
        if self.receipts_to:
            state: Literal["delivered", "failed"] = "failed" if to.endswith(_UNREACHABLE) else "delivered"
            threading.Thread(target=self.send_receipt, args=(reference, state), daemon=True).start()
        return sms

    def send_receipt(self, reference: str, state: Literal["delivered", "failed"]) -> int:
        """Tell the platform what became of a message; the last status it answered, 0 for none."""
        if reference in self.messages:
            self.messages[reference].state = state
        body = json.dumps({"receipt": uuid.uuid4().hex, "reference": reference, "state": state}).encode()
        headers = {SIGNATURE_HEADER: self.signed(body), "Content-Type": "application/json"}
        status = 0
        for _ in range(_RECEIPT_TRIES):
            try:
                status = self._client.post(self.receipts_to, content=body, headers=headers).status_code
            except httpx.TransportError:
                status = 0
            if status and status < httpx.codes.INTERNAL_SERVER_ERROR:
                return status
            time.sleep(1)
        return status


class _Handler(Answering):
    server: Simulator[SmsGateway]

    def do_POST(self) -> None:  # noqa: N802 - as http.server names it
        gateway = self.server.behind
        body = self.body()
        gateway.posts += 1
        if not self._is_signed(body):
            return
        answers: dict[Mode, Callable[[bytes], None]] = {
            "taking": self._take,
            "slow": self._take_slowly,
            "broken": lambda _: self.answer(500, {}),
            "refusing": lambda _: self.answer(422, {}),
            "dropping": self._drop,
        }
        answers[gateway.mode](body)

    def do_GET(self) -> None:  # noqa: N802 - as http.server names it
        gateway = self.server.behind
        reference = self.path.rpartition("/")[2]
        if self.path == "/":
            taken = [asdict(sms) for sms in list(gateway.messages.values())]
            self.answer(200, {"posts": gateway.posts, "messages": taken})
        elif not self._is_signed(reference.encode()):
            return
        elif not gateway.knows:
            self.answer(501, {})
        elif reference in gateway.messages:
            self.answer(200, {"state": gateway.messages[reference].state})
        else:
            self.answer(404, {})

    def _take(self, body: bytes) -> None:
        sms = self.server.behind.take(**json.loads(body))
        self.answer(202, {"state": sms.state})

    def _take_slowly(self, body: bytes) -> None:
        time.sleep(self.server.behind.slow_s)
        self._take(body)

    def _drop(self, body: bytes) -> None:
        self.server.behind.take(**json.loads(body))
        self.close_connection = True

    def _is_signed(self, body: bytes) -> bool:
        given = self.headers.get(SIGNATURE_HEADER, "")
        good = hmac.compare_digest(self.server.behind.signed(body).encode(), given.encode())
        if not good:
            self.answer(401, {})
        return good


def main() -> None:
    """Run until a signal; HUIYIN_SMS_SECRET signs, receipts go to HUIYIN_SMS_RECEIPTS_TO."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    port = parser.parse_args().port
    secret, receipts_to = os.environ["HUIYIN_SMS_SECRET"], os.environ["HUIYIN_SMS_RECEIPTS_TO"]
    gateway = SmsGateway(secret, port=port, receipts_to=receipts_to)
    gateway.start()
    print(f"SMS gateway at {gateway.url}", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
