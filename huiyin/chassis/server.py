"""Serves a service's HTTP with gunicorn: one worker with threads; more load is more pods."""

from collections.abc import Callable
from typing import Any, Final

from flask import Flask
from gunicorn.app.base import BaseApplication

_THREADS: Final = 8
_GRACE_S: Final = 20


class Server(BaseApplication):
    """gunicorn around an app that is made in the serving process, after the fork."""

    def __init__(self, make_app: Callable[[], Flask], host: str, port: int) -> None:
        self._make_app = make_app
        self._bind = f"{host}:{port}"
        super().__init__()

    def load_config(self) -> None:
        """gunicorn's knobs; access lines are written by the app itself."""
        knobs: dict[str, Any] = {
            "bind": self._bind,
            "workers": 1,
            "threads": _THREADS,
            "worker_class": "gthread",
            "graceful_timeout": _GRACE_S,
            "timeout": 60,
            "keepalive": 30,
            "proc_name": "huiyin",
            "control_socket_disable": True,
        }
        for name, value in knobs.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """The app, made once a process."""
        return self._make_app()
