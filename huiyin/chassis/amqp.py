"""The broker's address for both of its clients, pika and kombu (under nameko), with TLS verified by both.

An address `amqps://…` may name files as RabbitMQ's URI query parameters do: `cacertfile` (else the
system's authorities), `certfile` and `keyfile` of a client's certificate. The server's certificate and its
host name are always checked: kombu by itself checks no host name.
"""

import ssl
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import SplitResult, parse_qsl, urlsplit

import pika
from kombu import Connection

from huiyin.chassis.trust import OLDEST, verifying

_CA: Final = "cacertfile"
_CERTIFICATE: Final = "certfile"
_KEY: Final = "keyfile"
_FILES: Final = (_CA, _CERTIFICATE, _KEY)


def pika_parameters(url: str) -> pika.URLParameters:
    """What pika connects with."""
    parts, files = _split(url)
    parameters = pika.URLParameters(parts.geturl())
    if parts.scheme == "amqps":
        parameters.ssl_options = pika.SSLOptions(_context(files), parts.hostname)
    return parameters


def kombu_connection(url: str, connect_timeout_s: float, *, patient: bool = True) -> Connection:
    """A connection of kombu's that connects when it is first used.

    One that is `patient` tries again, every 2 s, until the time-out.
    """
    retries = {} if patient else {"max_retries": 0}
    return Connection(
        kombu_url(url), ssl=kombu_tls(url), connect_timeout=connect_timeout_s, transport_options=retries
    )


def kombu_url(url: str) -> str:
    """What kombu and nameko take as the address; `kombu_tls` goes with it."""
    return _split(url)[0].geturl()


def kombu_tls(url: str) -> dict[str, Any] | None:
    """What kombu and nameko take as `ssl`; None without TLS."""
    parts, files = _split(url)
    if parts.scheme != "amqps":
        return None
    return {
        "ca_certs": files.get(_CA),
        "certfile": files.get(_CERTIFICATE),
        "keyfile": files.get(_KEY),
        "cert_reqs": ssl.CERT_REQUIRED,
        "server_hostname": parts.hostname,  # without it no host name is checked
        "tls_minimum_version": OLDEST,
    }


def problems(url: str) -> Iterator[str]:
    """What is wrong with the address's TLS, before anybody connects; no word of it repeats the address."""
    parts, files = _split(url)
    if not _has_place(parts):
        yield "cannot be read; percent-encode what user and password have beside letters and digits"
    unknown = {name for name, _ in parse_qsl(parts.query)}
    if unknown:
        yield f"behind ? stand only {', '.join(_FILES)}"
    if files and parts.scheme != "amqps":
        yield "certificates need amqps://"
    elif (_CERTIFICATE in files) is not (_KEY in files):
        yield f"give both {_CERTIFICATE} and {_KEY}, or neither"
    elif files:
        yield from _unreadable(files)


def _has_place(parts: SplitResult) -> bool:
    """Whether host and port can be told: a / or @ in a password moves them."""
    try:
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _unreadable(files: Mapping[str, str]) -> Iterator[str]:
    try:
        _context(files)
    except ssl.SSLError as wrong:
        yield f"{', '.join(files)}: no certificate and its key in PEM ({wrong.reason})"
    except OSError as wrong:
        yield f"{', '.join(files)}: cannot be read ({type(wrong).__name__})"


def _context(files: Mapping[str, str]) -> ssl.SSLContext:
    context = verifying(files.get(_CA))
    if _CERTIFICATE in files:
        context.load_cert_chain(files[_CERTIFICATE], files[_KEY])
    return context


def _split(url: str) -> tuple[SplitResult, dict[str, str]]:
    """The address without the files, and the files."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    others = "&".join(f"{name}={value}" for name, value in query if name not in _FILES)
    return parts._replace(query=others), {name: value for name, value in query if name in _FILES}
