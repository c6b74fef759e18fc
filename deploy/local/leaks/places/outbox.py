"""What left the house: mails in the local mailbox, texts at the local SMS gateway."""

import hashlib
import hmac
import json
import smtplib
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from email.quoprimime import header_encode
from pathlib import Path
from typing import Final

import httpx

from deploy.local.leaks.controls import WRAPPINGS, Controls
from deploy.local.leaks.people import Identity
from deploy.local.leaks.places.place import Mark, Piece, marks
from deploy.local.platform import Platform
from deploy.local.sms_gateway import SIGNATURE_HEADER
from huiyin.chassis.trust import NO_CA

_CONTROL: Final = "leaks-control"


class Mails:
    """Every mail, its headers and all its parts."""

    name = "邮件 (mails)"

    def __init__(self, folder: Path, port: int, people: list[Identity]) -> None:
        self._folder, self._port = folder, port
        self._by_address = {person.email: person.number for person in people}

    def plant(self, controls: Controls) -> set[Mark]:
        """A mail sent as notify sends: somebody in its subject, in its words, and in each attachment.

        Those two are written as `=E5=BC=A0`, which only whoever reads a mail as one takes off.
        """
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "a@huiyin.example", "b@huiyin.example", _CONTROL
        mail.set_content(controls.words("plain"), cte="quoted-printable")
        for way in (way for way in WRAPPINGS if way not in ("plain", "URL")):
            mail.add_attachment(controls.wrapped(way), "application", "octet-stream", filename="a.bin")
        subject = header_encode(controls.words("URL").encode(), "utf-8").encode()
        raw = mail.as_bytes(policy=SMTP).replace(_CONTROL.encode(), subject)
        with smtplib.SMTP("127.0.0.1", self._port) as server:
            server.sendmail(mail["From"], [mail["To"]], raw)
        return marks(["mail"], WRAPPINGS)

    def pieces(self) -> Iterator[Piece]:
        """Each part, decoded, and each mail as it lies there."""
        for file in sorted(self._folder.glob("*.eml")):
            raw = file.read_bytes()
            mail = message_from_bytes(raw, policy=default)
            about = frozenset({self._by_address.get(str(mail["To"]), 0)})
            headers = "\n".join(f"{name}: {value}" for name, value in mail.items()).encode()
            for content in (raw, headers, *_parts(mail)):
                yield Piece("mail", content, about)


def _parts(mail: EmailMessage) -> Iterator[bytes]:
    for part in mail.walk():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield content


class Texts:
    """Every SMS the gateway took."""

    name = "短信 (SMS)"

    def __init__(self, platform: Platform, secret: str, people: list[Identity]) -> None:
        self._url, self._secret = platform.sms_gateway, secret
        self._by_phone = {person.mobile: person.number for person in people}

    def plant(self, controls: Controls) -> set[Mark]:
        """A text, handed over as notify does."""
        sms = {"reference": _CONTROL, "to": "00000000000", "text": controls.words("plain")}
        body = json.dumps(sms).encode()
        signature = hmac.new(self._secret.encode(), body, hashlib.sha256).hexdigest()
        httpx.post(f"{self._url}messages", content=body, headers={SIGNATURE_HEADER: signature}, verify=NO_CA)
        return {("SMS", "plain")}

    def pieces(self) -> Iterator[Piece]:
        """Each text with its number."""
        for sms in httpx.get(self._url, timeout=30, verify=NO_CA).json()["messages"]:
            about = frozenset({self._by_phone.get(sms["to"], 0)})
            yield Piece("SMS", json.dumps(sms).encode(), about)
