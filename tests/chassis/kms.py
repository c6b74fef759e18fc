"""A look-alike of AWS KMS on loopback, over TLS with a certificate of its own: Encrypt and Decrypt."""

import base64
import datetime
import ipaddress
import json
import secrets
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID


@dataclass
class Kms:
    """What it holds: a key for each ARN; and what it was asked, by whom."""

    endpoint: str
    ca_file: Path
    keys: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def answer(self, action: str, body: dict[str, Any], signed_by: str) -> dict[str, Any]:
        """One call, as AWS answers it."""
        blob = base64.b64decode(body.get("CiphertextBlob", ""))
        arn = body.get("KeyId") or blob.partition(b"\0")[0].decode()  # what it sealed names its key
        self.asked.append((action, arn, signed_by))
        box = AESGCM(self.keys.setdefault(arn, AESGCM.generate_key(256)))
        if action == "Encrypt":
            nonce = secrets.token_bytes(12)
            sealed = (
                arn.encode()
                + b"\0"
                + nonce
                + box.encrypt(nonce, base64.b64decode(body["Plaintext"]), arn.encode())
            )
            return {"KeyId": arn, "CiphertextBlob": base64.b64encode(sealed).decode()}
        sealed = blob.partition(b"\0")[2]
        plain = box.decrypt(sealed[:12], sealed[12:], arn.encode())
        return {"KeyId": arn, "Plaintext": base64.b64encode(plain).decode()}


@contextmanager
def serving(folder: Path, host: str = "127.0.0.1") -> Iterator[Kms]:
    """The look-alike, on a free port of loopback; its certificate names this host."""
    certificate, key = make_certificate(folder, host)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.kms = Kms(f"127.0.0.1:{server.server_port}", certificate)  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.kms  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """AWS's JSON protocol: the action is in a header, the signer in the authorization."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        action = self.headers["X-Amz-Target"].removeprefix("TrentService.")
        signed_by = self.headers["Authorization"].partition("Credential=")[2].partition("/")[0]
        told = json.dumps(self.server.kms.answer(action, body, signed_by)).encode()  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def make_certificate(folder: Path, host: str) -> tuple[Path, Path]:
    """A self-signed certificate for the host and its key, valid for a day; no two bear one name."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"kms-{secrets.token_hex(4)}.test")])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "kms.pem", folder / "kms.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate, private
