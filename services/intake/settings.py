"""Intake's knobs: the call centre and the scanner, where the office has them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from huiyin.chassis.settings import BaseSettings, knob


@dataclass(frozen=True, kw_only=True)
class IntakeSettings(BaseSettings):
    """Where calls come from, and who scans files (clamd).

    Without an address and a secret nobody is answered as a call centre; without a scanner files are shown
    as not scanned (E-49).
    """

    call_centre_url: str = knob("", example="https://calls.example/huiyin", schemes=("http", "https"))
    call_centre_secret: str = knob("", example="(the secret shared with the call centre)", secret=True)
    call_centre_timeout_s: float = knob(5.0, example="5", least=0.1)

    scanner_host: str = knob("", example="clamd")
    scanner_port: int = knob(3310, example="3310", least=1, most=65535)
    scanner_timeout_s: float = knob(20.0, example="20", least=0.1)

    @classmethod
    def conflicts(cls, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """What does not go together, beside the rules of all services."""
        yield from super().conflicts(values)
        url, secret = str(values.get("call_centre_url", "")), str(values.get("call_centre_secret", ""))
        if values.get("environment") == "production" and url.startswith("http://"):
            yield "call_centre_url", "telephone numbers and recordings travel over https only"
        if bool(url) is not bool(secret):
            yield "call_centre_url", "give both call_centre_url and call_centre_secret, or neither"
        if secret and len(secret) < _SECRET_LEAST:
            yield "call_centre_secret", f"at least {_SECRET_LEAST} characters, from a random source"


_SECRET_LEAST = 32
