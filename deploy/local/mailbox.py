"""A mail server for this machine that keeps what it takes: `python -m deploy.local.mailbox <port>`.

Recipients whose name begins with `nobody` are refused for good (550). As a program it writes
each mail, as it came, to a file `<n>.eml` in the folder HUIYIN_MAILBOX.
"""

import argparse
import os
import threading
from collections import Counter
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_UNKNOWN = "nobody"


class Mailbox:
    """The server; `busy` makes it put everybody off (451)."""

    def __init__(self, port: int, folder: Path | None = None) -> None:
        self.busy = False
        self._folder = folder
        self._taken: list[bytes] = []
        self.port = port
        self._controller = Controller(_Handler(self), hostname="127.0.0.1", port=self.port)

    def start(self) -> None:
        """Begin to take mail."""
        self._controller.start()

    def stop(self) -> None:
        """Stop taking mail; what was taken stays in `mails`."""
        self._controller.stop()

    @property
    def mails(self) -> list[EmailMessage]:
        """What was taken, in order."""
        return [message_from_bytes(mail, EmailMessage, policy=default) for mail in self._taken]

    def keep(self, mail: bytes) -> None:
        """Keep a mail that was taken."""
        self._taken.append(mail)
        if self._folder is not None:
            (self._folder / f"{len(self._taken)}.eml").write_bytes(mail)

    def counts(self) -> dict[str, int]:
        """How many mails each recipient got."""
        return dict(Counter(str(mail["To"]) for mail in self.mails))


class _Handler:
    """What aiosmtpd asks while it takes a mail."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Refuse the unknown, put off while busy."""
        if address.startswith(_UNKNOWN):
            return "550 no such mailbox"
        if self._mailbox.busy:
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the mail."""
        assert isinstance(envelope.content, bytes)
        self._mailbox.keep(envelope.content)
        return "250 taken"


def main() -> None:
    """Run until a signal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    folder = Path(os.environ["HUIYIN_MAILBOX"])
    folder.mkdir(parents=True, exist_ok=True)
    mailbox = Mailbox(parser.parse_args().port, folder)
    mailbox.start()
    print(f"mail server at 127.0.0.1:{mailbox.port}", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
