"""What intake asks of the call centre: to put a call through to an emergency line, to give a recording.

The protocol is docs/telephony.md. The same `reference` is acted on once, so whoever is not sure that a
request came through sends it again.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlsplit

import httpx

from huiyin.chassis.trust import trusted_at
from services.intake.errors import CallCentreAway
from services.intake.providers.signature import signed
from services.intake.settings import IntakeSettings

_PIECE_BYTES: Final = 256 * 1024


class CallCentre:
    """The call centre under its address; away where the platform is set up without one."""

    def __init__(self, settings: IntakeSettings, now: Callable[[], datetime]) -> None:
        self._url, self._secret, self._now = settings.call_centre_url, settings.call_centre_secret, now
        self._client = httpx.Client(timeout=settings.call_centre_timeout_s, verify=trusted_at(self._url))

    def transfer(self, reference: str, office: str, call: str, line: str) -> None:
        """Put a call through to a line, or ring the line for the desk where there is no call ("").

        That it was asked is all that is known now; whether the line answered is told by an event.
        CallCentreAway when the call centre did not take the request.
        """
        path = "/transfers"
        asked = {"reference": reference, "office": office, "call": call, "line": line}
        body = json.dumps(asked, ensure_ascii=False).encode()
        headers = {**self._signed("POST", path, body), "Content-Type": "application/json"}
        try:
            response = self._client.post(f"{self._url}{path}", content=body, headers=headers)
        except (httpx.TransportError, httpx.UnsupportedProtocol) as away:
            raise CallCentreAway(f"the call centre does not answer: {type(away).__name__}") from away
        if not response.is_success:
            raise CallCentreAway(f"the call centre answers {response.status_code}")

    @contextmanager
    def recording(self, recording: str) -> Iterator[Iterator[bytes]]:
        """A recording's bytes, piece by piece. CallCentreAway when it does not come whole."""
        path = f"/recordings/{quote(recording, safe='')}"
        try:
            with self._client.stream("GET", f"{self._url}{path}", headers=self._signed("GET", path)) as found:
                if not found.is_success:
                    raise CallCentreAway(f"the call centre answers {found.status_code}")
                yield found.iter_bytes(_PIECE_BYTES)
        except (httpx.TransportError, httpx.UnsupportedProtocol) as away:
            raise CallCentreAway(f"the recording does not come: {type(away).__name__}") from away

    def _signed(self, method: str, path: str, body: bytes = b"") -> dict[str, str]:
        whole = f"{urlsplit(self._url).path}{path}"
        return signed(self._secret, method, whole, self._now(), body)
