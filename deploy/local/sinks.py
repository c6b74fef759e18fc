"""Who the local platform speaks with: a mail server, an SMS gateway and a call centre on loopback."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from deploy.local.files import create_private

MAILBOX: Final = "mailbox"
SMS_GATEWAY: Final = "sms_gateway"
CALL_CENTRE: Final = "call_centre"
SINKS: Final = (MAILBOX, SMS_GATEWAY, CALL_CENTRE)

_SENDER: Final = "noreply@huiyin.example"
_SECRET: Final = "HUIYIN_SMS_SECRET"  # noqa: S105  the name of a variable
_CALL_SECRET: Final = "HUIYIN_CALL_CENTRE_SECRET"  # noqa: S105  the name of a variable


class Sinks:
    """How the sinks are started, and how notify and intake find them."""

    def __init__(self, folder: Path, ports: Mapping[str, int], notify_url: str, intake_url: str) -> None:
        self._ports, self._notify_url, self._intake_url = ports, notify_url, intake_url
        self._mails = folder / "mails"
        self._secret = create_private(folder / "sms.secret", secrets.token_hex(32).encode()).decode()
        self._calls = create_private(folder / "calls.secret", secrets.token_hex(32).encode()).decode()

    def arguments(self, name: str) -> list[str]:
        """What follows `python -m` to start it."""
        return [f"deploy.local.{name}", str(self._ports[name])]

    def env(self, name: str) -> Mapping[str, str]:
        """What it needs to know, beside its port."""
        if name == MAILBOX:
            return {"HUIYIN_MAILBOX": str(self._mails)}
        if name == CALL_CENTRE:
            events_to = f"{self._intake_url}/call-centre/events"
            return {_CALL_SECRET: self._calls, "HUIYIN_CALL_EVENTS_TO": events_to}
        return {_SECRET: self._secret, "HUIYIN_SMS_RECEIPTS_TO": f"{self._notify_url}/receipts/sms"}

    def settings(self) -> Mapping[str, str]:
        """Notify's settings of mail and SMS, and intake's of the call centre."""
        return {
            "HUIYIN_CALL_CENTRE_URL": f"http://127.0.0.1:{self._ports[CALL_CENTRE]}",
            _CALL_SECRET: self._calls,
            "HUIYIN_SMTP_HOST": "127.0.0.1",
            "HUIYIN_SMTP_PORT": str(self._ports[MAILBOX]),
            "HUIYIN_SMTP_SENDER": _SENDER,
            "HUIYIN_SMTP_SECURITY": "none",
            "HUIYIN_SMS_URL": f"http://127.0.0.1:{self._ports[SMS_GATEWAY]}/messages",
            _SECRET: self._secret,
        }
