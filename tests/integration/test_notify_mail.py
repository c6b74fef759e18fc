"""Mail over TLS and with a login, against a real mail server with a certificate of its own."""

import ipaddress
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from deploy.local.keys import ensure_keys
from services.notify.errors import Unsent
from services.notify.providers import Outgoing, SmtpProvider
from tests.integration.notify_stand import free_port, settings_of

MAIL = Outgoing(reference="r1", to="wang@huiyin.example", subject="诉求已登记", body="编号 SZ1\n")


class Sink:
    """Counts what it takes."""

    def __init__(self) -> None:
        self.taken = 0

    async def handle_DATA(self, *_: Any) -> str:  # noqa: N802 - aiosmtpd calls it so
        self.taken += 1
        return "250 taken"


def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
    return AuthResult(success=given == LoginPassword(b"huiyin", b"right"))


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for the loopback address that this test's clients trust."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    signed = builder.add_extension(address, critical=False).sign(key, hashes.SHA256())
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (tmp_path / "cert.pem").write_bytes(signed.public_bytes(encoding))
    (tmp_path / "key.pem").write_bytes(key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    return context


@contextmanager
def mail_server(security: str, context: ssl.SSLContext) -> Iterator[tuple[int, Sink]]:
    sink, port = Sink(), free_port()
    options: dict[str, Any] = {"ssl_context": context}
    if security == "starttls":  # aiosmtpd takes no login over TLS that was there from the start
        options = {"tls_context": context, "require_starttls": True}
        options |= {"auth_required": True, "authenticator": authenticate}
    controller = Controller(sink, hostname="127.0.0.1", port=port, **options)
    controller.start()
    yield port, sink
    controller.stop()


def provider(
    folder: Path, port: int, security: Literal["none", "starttls", "tls"], password: str
) -> SmtpProvider:
    keys = ensure_keys(folder / "keys")
    settings = settings_of(folder, keys, mongo=("", ""), amqp_url="", smtp_port=port, sms_url="")
    user = "huiyin" if password else ""
    return SmtpProvider(replace(settings, smtp_security=security, smtp_user=user, smtp_password=password))


@pytest.mark.parametrize(("security", "password"), [("starttls", "right"), ("tls", "")])
def test_mail_goes_out_over_tls(
    tmp_path: Path, certificate: ssl.SSLContext, security: Any, password: str
) -> None:
    with mail_server(security, certificate) as (port, sink):
        assert provider(tmp_path, port, security, password).send(MAIL).state == "delivered"
        assert sink.taken == 1


def test_a_wrong_login_is_our_fault_and_tried_again(tmp_path: Path, certificate: ssl.SSLContext) -> None:
    with mail_server("starttls", certificate) as (port, sink), pytest.raises(Unsent):
        provider(tmp_path, port, "starttls", "wrong").send(MAIL)
    assert sink.taken == 0


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(
    tmp_path: Path, certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with mail_server("starttls", certificate) as (port, sink), pytest.raises(Unsent):
        provider(tmp_path, port, "starttls", "right").send(MAIL)
    assert sink.taken == 0
