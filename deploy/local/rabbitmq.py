"""RabbitMQ as a child process: its own node, port mapper, cookie and data, on loopback only."""

import logging
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pika
from pika.exceptions import AMQPError

from deploy.local.errors import LocalStackError, PortTakenError
from deploy.local.files import create_private, private_folder, write_private
from deploy.local.passwords import Passwords
from deploy.local.ports import Ports, answers
from deploy.local.processes import Child, Ledger, wait_until

NODE: Final = "huiyin@localhost"
_READY_WITHIN = 120
_DISK_FREE_LIMIT = "200MB"  # the stack itself refuses to start below 1 GiB
_ATOMS = 1_048_576  # a fifth of RabbitMQ's default table; a few hundred queues use a tenth of it


@dataclass
class Broker:
    """One RabbitMQ node; `launch` returns at once, `wait_ready` when clients can work."""

    script: Path
    folder: Path
    ports: Ports
    passwords: Passwords
    ledger: Ledger
    _server: Child = field(init=False)
    _mapper: Child = field(init=False)

    def __post_init__(self) -> None:
        private_folder(self.folder)
        self._server = Child("RabbitMQ", self.folder / "output.log", self.ledger)
        self._mapper = Child("RabbitMQ's epmd", self.folder / "epmd.log", self.ledger)

    @property
    def url(self) -> str:
        """Where clients connect, as the administrator."""
        return f"amqp://huiyin:{self.passwords.broker}@127.0.0.1:{self.ports['amqp']}/huiyin"

    @property
    def api_url(self) -> str:
        """The root of the management API."""
        return f"http://huiyin:{self.passwords.broker}@127.0.0.1:{self.ports['amqp-api']}/api"

    @property
    def pid(self) -> int | None:
        """The node's process id while it runs."""
        return self._server.pid

    def choose_ports(self) -> None:
        """Choose ports before the first launch; later launches keep them."""
        self.ports.choose(*self._port_names())

    def launch(self) -> None:
        """Start the port mapper and the node."""
        self._write_files()
        mapper = ("-port", str(self.ports["epmd"]), "-address", "127.0.0.1")
        self._mapper.start((_epmd(), *mapper), self._env())
        # The node looks for the mapper once, early in its boot.
        wait_until(lambda: self._mapper.pid is None or answers(self.ports["epmd"]), 10, "epmd listens")
        self._server.start((str(self.script),), self._env())

    def wait_ready(self) -> None:
        """Wait until a client can open a channel on our virtual host."""
        try:
            wait_until(self._is_ready, _READY_WITHIN, "RabbitMQ takes connections")
        except LocalStackError:
            self.kill()
            if self.ports.change_taken(*self._port_names()):
                raise PortTakenError("another program took one of RabbitMQ's ports") from None
            raise

    def ask_to_stop(self) -> None:
        """Ask the node to end; `stop` waits for that."""
        self._server.ask_to_stop()

    def stop(self) -> None:
        """End the node in good order, then its port mapper."""
        self._server.stop()
        self._mapper.stop()

    def kill(self) -> None:
        """End both at once, as a crash would."""
        self._server.kill()
        self._mapper.kill()

    def wait_kept(self, vhost: str, queue: str) -> None:
        """Wait until a kill leaves this new quorum queue whole.

        The node notes a queue's own id on disk up to a second after it confirms the queue; a lone
        node that is killed before has a queue without a leader, for good.
        """
        name = f"{vhost}_{queue}".encode()
        files = list(self.folder.glob("data/*/quorum/*/names.dets"))
        wait_until(lambda: any(name in file.read_bytes() for file in files), 15, f"{queue} is on disk")

    def _port_names(self) -> tuple[str, ...]:
        return ("amqp", "amqp-dist", "epmd", "amqp-api")

    def _is_ready(self) -> bool:
        self._mapper.require_running()
        self._server.require_running()
        return answers(self.ports["amqp"]) and can_open(self.url)

    def _write_files(self) -> None:
        home = private_folder(self.folder / "home")
        cookie = home / ".erlang.cookie"
        create_private(cookie, self.passwords.erlang_cookie.encode())
        write_private(self.folder / "enabled_plugins", b"[rabbitmq_management].\n")
        write_private(self.folder / "rabbitmq.conf", self._conf().encode())

    def _conf(self) -> str:
        """Our user and virtual host take the place of the well-known guest on the first boot."""
        lines = {
            "listeners.tcp.1": f"127.0.0.1:{self.ports['amqp']}",
            "default_vhost": "huiyin",
            "default_user": "huiyin",
            "default_pass": self.passwords.broker,
            "default_user_tags.administrator": "true",
            "disk_free_limit.absolute": _DISK_FREE_LIMIT,
            "log.console": "false",
            "management.tcp.ip": "127.0.0.1",
            "management.tcp.port": str(self.ports["amqp-api"]),
        }
        return "".join(f"{key} = {value}\n" for key, value in lines.items())

    def _env(self) -> Mapping[str, str]:
        """Nothing is inherited, and every file of a system-wide RabbitMQ is pointed away from."""
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.folder / "home"),
            "LANG": "C.UTF-8",
            "ERL_EPMD_PORT": str(self.ports["epmd"]),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": NODE,
            "RABBITMQ_USE_LONGNAME": "false",
            "RABBITMQ_NODE_PORT": str(self.ports["amqp"]),
            "RABBITMQ_DIST_PORT": str(self.ports["amqp-dist"]),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(self.folder / "generated"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "enabled_plugins"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_CONFIG_FILES": str(self.folder / "none" / "*.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self.folder / "none" / "advanced.config"),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "none" / "rabbitmq-env.conf"),
            "RABBITMQ_MAX_NUMBER_OF_ATOMS": str(_ATOMS),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                "-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false"
                " +sbwt none +sbwtdcpu none +sbwtdio none"  # idle schedulers do not spin
            ),
            # Makes the script become the node itself, so that the id we know is the node's.
            "RUNNING_UNDER_SYSTEMD": "true",
        }


def can_open(url: str) -> bool:
    """Whether a client can open a channel at this address."""
    logging.getLogger("pika").setLevel(logging.CRITICAL)  # a refused try is expected here
    try:
        connection = pika.BlockingConnection(pika.URLParameters(url))
    except (AMQPError, OSError):
        return False
    connection.channel()
    connection.close()
    return True


def _epmd() -> str:
    found = shutil.which("epmd")
    if not found:
        raise LocalStackError("epmd, a part of Erlang, is not on PATH: install the package erlang-base")
    return found
