"""Serves a service's HTTP with gunicorn: one process with threads; more load is more pods."""

import ssl
from collections.abc import Callable
from typing import Any, Final

from flask import Flask
from gunicorn.app.base import BaseApplication

from huiyin.chassis.errors import WrongSetting
from huiyin.chassis.serving import THREADS, PatientWorker
from huiyin.chassis.settings import BaseSettings
from huiyin.chassis.trust import OLDEST

_KNOBS: Final[dict[str, Any]] = {
    "workers": 1,
    "worker_class": PatientWorker,
    "threads": THREADS,
    "worker_connections": 1_000,
    "keepalive": 15,
    "timeout": 60,
    "graceful_timeout": 20,
    # The longest token fits into one field; a proxy adds a dozen.
    "limit_request_line": 4_094,
    "limit_request_field_size": 8_190,
    "limit_request_fields": 64,
    # What a proxy says is read by the app alone, as far as the setting trusted_hops goes.
    "forwarded_allow_ips": "",
    "proc_name": "huiyin",
    "control_socket_disable": True,
}


class Server(BaseApplication):
    """gunicorn around an app that is made in the serving process, after the fork."""

    def __init__(self, make_app: Callable[[], Flask], settings: BaseSettings) -> None:
        self._make_app = make_app
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """gunicorn's knobs; access lines are written by the app itself."""
        bind = f"{self._settings.http_host}:{self._settings.http_port}"
        for name, value in {**_KNOBS, **_tls(self._settings), "bind": bind}.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The app, made once a process."""
        return self._make_app()


def _tls(settings: BaseSettings) -> dict[str, Any]:
    """The knobs of a server that speaks TLS itself; WrongSetting when its files do not fit."""
    if settings.http_certificate is None:
        return {}
    certificate, key = str(settings.http_certificate), str(settings.http_key)
    try:  # gunicorn reads them at the first connection only
        _speaking(certificate, key)
    except OSError as wrong:
        raise WrongSetting(f"HUIYIN_HTTP_CERTIFICATE, HUIYIN_HTTP_KEY: {_words(wrong)}") from wrong
    return {"certfile": certificate, "keyfile": key, "ssl_context": lambda _, __: _speaking(certificate, key)}


def _speaking(certificate: str, key: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = OLDEST
    context.load_cert_chain(certificate, key)
    return context


def _words(wrong: OSError) -> str:
    if isinstance(wrong, ssl.SSLError):
        return f"no certificate and its key in PEM ({wrong.reason})"
    return f"cannot be read ({type(wrong).__name__})"
