"""The SMS gateway: signed JSON over HTTP, asked by reference, receipts by webhook.

`POST <url>` {reference, to, text} and `GET <url>/<reference>` answer {state: taken | delivered |
failed}. Every request carries the HMAC-SHA256 of its body, or of the reference, under the
shared secret. The same reference is sent once, however often it is posted.
"""

import hashlib
import hmac
import json
from typing import Any, Final

import httpx

from huiyin.chassis.trust import trusted_at
from services.notify.errors import CannotSay, Unclear, Unsent
from services.notify.providers.interface import Outgoing, Receipt, ReceiptState
from services.notify.settings import NotifySettings

SIGNATURE_HEADER: Final = "X-Huiyin-Signature"
_STATES: Final[dict[Any, ReceiptState]] = {
    "taken": "taken",
    "delivered": "delivered",
    "failed": "refused",
}
_NEVER_ASKED: Final = frozenset({405, 501})
#: Refusals that are the moment's or our set-up's fault, not the message's.
_PASSING: Final = frozenset({401, 403, 408, 425, 429})


class SmsGateway:
    """The gateway under its address."""

    repeatable = False

    def __init__(self, settings: NotifySettings) -> None:
        self._url = settings.sms_url
        self._secret = settings.sms_secret
        self._client = httpx.Client(timeout=settings.provider_timeout_s, verify=trusted_at(self._url))

    def send(self, outgoing: Outgoing) -> Receipt:
        """Post the message; an answer of the gateway is final, a broken connection is not."""
        message = {"reference": outgoing.reference, "to": outgoing.to, "text": outgoing.body}
        body = json.dumps(message, ensure_ascii=False).encode()
        headers = {**self._signed(body), "Content-Type": "application/json"}
        try:
            response = self._client.post(self._url, content=body, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout) as away:
            raise Unsent("the gateway does not answer") from away
        except httpx.TransportError as broken:
            raise Unclear("the gateway did not answer") from broken
        return _receipt(response)

    def ask(self, reference: str) -> Receipt | None:
        """What the gateway knows of a reference."""
        try:
            response = self._client.get(f"{self._url}/{reference}", headers=self._signed(reference.encode()))
        except httpx.TransportError as away:
            raise Unsent("the gateway does not answer") from away
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        if response.status_code in _NEVER_ASKED:
            raise CannotSay("the gateway tells nothing by reference")
        if not response.is_success:
            raise Unsent(f"the gateway answers {response.status_code}")
        return _receipt(response)

    def _signed(self, body: bytes) -> dict[str, str]:
        return {SIGNATURE_HEADER: signature(self._secret, body)}


def signature(secret: str, body: bytes) -> str:
    """The HMAC-SHA256 of a body, in hex."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _receipt(response: httpx.Response) -> Receipt:
    status = response.status_code
    if response.is_success:
        return _told(response)
    if response.is_client_error and status not in _PASSING:
        return Receipt(state="refused", reason=f"gateway-{status}")
    raise Unsent(f"the gateway answers {status}")


def _told(response: httpx.Response) -> Receipt:
    try:
        state = _STATES[response.json()["state"]]
    except (ValueError, KeyError, TypeError) as wrong:
        raise Unclear("the gateway's answer is not understood") from wrong
    return Receipt(state=state, reason="gateway-failed" if state == "refused" else "")
