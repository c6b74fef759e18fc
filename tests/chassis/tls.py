"""A certificate authority made for the test, and RabbitMQ and MongoDB that speak TLS with it."""

import socket
import ssl
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import trustme

from deploy.local.mongodb import Store
from deploy.local.rabbitmq import Broker

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Papers:
    """An authority's certificate, and certificates and keys it gave out, as files."""

    folder: Path

    @classmethod
    def made(cls, folder: Path) -> Self:
        folder.mkdir()
        ours, foreign = trustme.CA(), trustme.CA()
        ours.cert_pem.write_to_path(folder / "ca.pem")
        foreign.cert_pem.write_to_path(folder / "foreign-ca.pem")
        papers = cls(folder)
        papers._write("server", ours.issue_cert(HOST))
        papers._write("elsewhere", ours.issue_cert("broker.huiyin.example"))
        papers._write("expired", ours.issue_cert(HOST, not_after=datetime(2024, 1, 1, tzinfo=UTC)))
        papers._write("client", ours.issue_cert("huiyin-intake"))
        return papers

    def _write(self, name: str, cert: trustme.LeafCert) -> None:
        cert.private_key_pem.write_to_path(self.folder / f"{name}.key")
        for pem in cert.cert_chain_pems:
            pem.write_to_path(self.folder / f"{name}.crt", append=True)
        cert.private_key_and_cert_chain_pem.write_to_path(self.folder / f"{name}.pem")

    def file(self, name: str) -> str:
        return str(self.folder / name)

    def for_amqp(self, ca: str = "ca.pem") -> str:
        """The query of a client that shows its certificate."""
        client = f"certfile={self.file('client.crt')}&keyfile={self.file('client.key')}"
        return f"cacertfile={self.file(ca)}&{client}"

    def for_mongo(self, ca: str = "ca.pem") -> str:
        return f"tls=true&tlsCAFile={self.file(ca)}&tlsCertificateKeyFile={self.file('client.pem')}"


class TlsBroker(Broker):
    """RabbitMQ that also listens with TLS and wants a certificate of its clients."""

    papers: Papers

    def choose_ports(self) -> None:
        super().choose_ports()
        self.ports.choose("amqps")

    def _conf(self) -> str:
        lines: Mapping[str, object] = {
            "listeners.ssl.1": f"{HOST}:{self.ports['amqps']}",
            "ssl_options.cacertfile": self.papers.file("ca.pem"),
            "ssl_options.certfile": self.papers.file("server.crt"),
            "ssl_options.keyfile": self.papers.file("server.key"),
            "ssl_options.verify": "verify_peer",
            "ssl_options.fail_if_no_peer_cert": "true",
        }
        return super()._conf() + "".join(f"{name} = {value}\n" for name, value in lines.items())

    @property
    def tls_url(self) -> str:
        address = f"{HOST}:{self.ports['amqps']}/huiyin"
        return f"amqps://huiyin:{self.passwords.broker}@{address}?{self.papers.for_amqp()}"


class TlsStore(Store):
    """mongod that wants TLS, but of the administrator who sets it up."""

    papers: Papers

    def _command(self) -> list[str]:
        files = ["--tlsCAFile", self.papers.file("ca.pem")]
        own = ["--tlsCertificateKeyFile", self.papers.file("server.pem")]
        return [*super()._command(), "--tlsMode", "preferTLS", *files, *own]

    @property
    def tls_url(self) -> str:
        return f"{self.url}&{self.papers.for_mongo()}"


def old_tls(context: ssl.SSLContext) -> ssl.SSLContext:
    """The same, but that it speaks TLS 1.1 and nothing newer."""
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


@contextmanager
def listening(
    papers: Papers, certificate: str, *, old: bool = False, starttls: bool = False
) -> Iterator[int]:
    """A server that shakes hands with this certificate and says no more; its port."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(papers.file(f"{certificate}.crt"), papers.file(f"{certificate}.key"))
    if old:
        old_tls(context)
    with socket.create_server((HOST, 0)) as server:
        threading.Thread(target=_greet, args=(server, context, starttls), daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


def _greet(server: socket.socket, context: ssl.SSLContext, starttls: bool) -> None:
    while True:
        try:
            client, _ = server.accept()
        except OSError:
            return
        with suppress(OSError), client:
            if starttls:
                _agree_on_tls(client)
            with context.wrap_socket(client, server_side=True):
                pass


def _agree_on_tls(client: socket.socket) -> None:
    """As a mail server begins: a greeting in clear, then the client's EHLO and STARTTLS."""
    for said in (b"220 mail\r\n", b"250-mail\r\n250 STARTTLS\r\n", b"220 go\r\n"):
        client.sendall(said)
        if not said.startswith(b"220 go"):
            client.recv(1024)
