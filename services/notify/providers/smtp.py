"""The mail server. Taken is delivered: what comes back later is the mail server's to tell."""

import smtplib
from contextlib import suppress
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import formatdate, parseaddr

from huiyin.chassis.trust import verifying
from services.notify.errors import CannotSay, Unsent
from services.notify.providers.interface import Outgoing, Receipt
from services.notify.settings import NotifySettings

_PERMANENT = 500


class SmtpProvider:
    """One connection a mail; the Message-ID is made of the reference, so that a second copy is seen."""

    repeatable = True

    def __init__(self, settings: NotifySettings) -> None:
        self._settings = settings

    def send(self, outgoing: Outgoing) -> Receipt:
        """Hand the mail over; a refused recipient or content is final, all else is tried again."""
        try:
            mail = self._mail(outgoing)
        except (ValueError, IndexError, MessageError):
            return Receipt(state="refused", reason="mail-address")
        try:
            self._hand_over(mail)
        except smtplib.SMTPRecipientsRefused as refused:
            return _refused(max(code for code, _ in refused.recipients.values()))
        except smtplib.SMTPDataError as refused:
            return _refused(refused.smtp_code)
        except (smtplib.SMTPException, OSError) as away:
            raise Unsent(f"the mail server did not take it: {type(away).__name__}") from away
        return Receipt(state="delivered")

    def ask(self, reference: str) -> Receipt | None:
        """SMTP has no such question."""
        raise CannotSay("a mail server cannot be asked")

    def _hand_over(self, mail: EmailMessage) -> None:
        server = self._connect()
        try:
            self._greet(server)
            server.send_message(mail)
        finally:
            with suppress(smtplib.SMTPException, OSError):  # what was taken stays taken
                server.quit()
            server.close()

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        address = (settings.smtp_host, settings.smtp_port)
        if settings.smtp_security == "tls":
            context = verifying()
            return smtplib.SMTP_SSL(*address, timeout=settings.provider_timeout_s, context=context)
        return smtplib.SMTP(*address, timeout=settings.provider_timeout_s)

    def _greet(self, server: smtplib.SMTP) -> None:
        settings = self._settings
        if settings.smtp_security == "starttls":
            server.starttls(context=verifying())
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)

    def _mail(self, outgoing: Outgoing) -> EmailMessage:
        sender = self._settings.smtp_sender
        mail = EmailMessage()
        mail["From"] = sender
        mail["To"] = outgoing.to
        mail["Subject"] = outgoing.subject
        mail["Date"] = formatdate()
        mail["Message-ID"] = f"<{outgoing.reference}@{parseaddr(sender)[1].rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(outgoing.body, charset="utf-8")
        return mail


def _refused(code: int) -> Receipt:
    if code < _PERMANENT:
        raise Unsent(f"the mail server answers {code}")
    return Receipt(state="refused", reason=f"smtp-{code}")
