"""The local stack's two servers: starts RabbitMQ and MongoDB, and stops exactly what it started."""

import fcntl
import os
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self, TypeVar

from deploy.local import install
from deploy.local.errors import LocalStackError, PortTakenError
from deploy.local.files import GIB, private_folder, refuse_full_disk, write_json
from deploy.local.mongodb import Store
from deploy.local.passwords import Passwords, kept_passwords
from deploy.local.ports import Ports
from deploy.local.processes import Ledger
from deploy.local.rabbitmq import Broker, can_open
from deploy.local.store_users import ensure_service_users

ADMIN_URLS = "admin-urls.json"
_TRIES = 3
T = TypeVar("T")


@dataclass(frozen=True)
class Addresses:
    """Where the servers are; the URLs hold passwords, so they are not shown."""

    amqp_url: str = field(repr=False)
    mongo_url: str = field(repr=False)
    service_mongo_urls: Mapping[str, str] = field(repr=False)
    amqp_api_url: str | None = field(default=None, repr=False)


class Servers:
    """RabbitMQ and MongoDB with their data in one folder, as a context manager.

    HUIYIN_AMQP_URL and HUIYIN_MONGO_URL name servers to use instead of starting them (and
    HUIYIN_AMQP_API_URL the broker's management API, which tests and `huiyin department` need).
    """

    def __init__(
        self,
        folder: Path,
        *,
        env: Mapping[str, str] = os.environ,
        cache_gb: float = 0.5,
        least_free: int = GIB,
        compressed: bool = True,
    ) -> None:
        self._folder = folder.absolute()
        self._env = env
        self._cache_gb = cache_gb
        self._least_free = least_free
        self._compressed = compressed
        self._broker: Broker | None = None
        self._store: Store | None = None
        self._held = ExitStack()
        self._addresses: Addresses | None = None

    @property
    def folder(self) -> Path:
        """Where the data lie."""
        return self._folder

    @property
    def addresses(self) -> Addresses:
        """Where the started servers are."""
        if not self._addresses:
            raise LocalStackError("the servers are not started")
        return self._addresses

    @property
    def pids(self) -> dict[str, int]:
        """The processes started here that run now, by name."""
        return Ledger(self._folder / "processes.json").survivors() if self._own() else {}

    def start(self) -> Addresses:
        """Start what is not given by the environment; leaves nothing behind when it fails."""
        try:
            self._addresses = self._start()
        except BaseException:
            self.stop()
            raise
        return self._addresses

    def stop(self) -> None:
        """Stop what was started, both at a time; calling it again does nothing."""
        for server in self._own():
            server.ask_to_stop()
        for server in self._own():
            server.stop()
        self._broker = self._store = self._addresses = None
        self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # -- for tests of what happens when a server fails ------------------------------------

    def restart_broker(self) -> None:
        """Stop RabbitMQ in good order and start it on the same ports and data."""
        self.stop_broker()
        self.start_broker()

    def stop_broker(self) -> None:
        """Stop RabbitMQ in good order."""
        self._own_broker.stop()

    def wait_queue_kept(self, vhost: str, queue: str) -> None:
        """Wait until `kill_broker` leaves a quorum queue that was just declared whole."""
        self._own_broker.wait_kept(vhost, queue)

    def kill_broker(self) -> None:
        """End RabbitMQ at once, as a crash would; see `wait_queue_kept` for new queues."""
        self._own_broker.kill()

    def start_broker(self) -> None:
        """Start RabbitMQ again on the same ports and data."""
        self._own_broker.launch()
        self._own_broker.wait_ready()

    def pause_store(self) -> None:
        """Freeze MongoDB: connections stay open and nothing answers."""
        self._own_store.pause()

    def resume_store(self) -> None:
        """Let MongoDB go on after `pause_store`."""
        self._own_store.resume()

    def stop_store(self) -> None:
        """Stop MongoDB in good order."""
        self._own_store.stop()

    def kill_store(self) -> None:
        """End MongoDB at once, as a crash would."""
        self._own_store.kill()

    def start_store(self) -> None:
        """Start MongoDB again on the same port and data."""
        self._own_store.launch()
        self._own_store.wait_ready()

    # -- how it starts --------------------------------------------------------------------

    def _start(self) -> Addresses:
        """Everything is found, or installed, before anything is started."""
        private_folder(self._folder)
        ledger = self._take_folder()
        self._require_space()
        script, program = self._find_programs()
        passwords = kept_passwords(self._folder / "passwords.json")
        self._assign(script, program, passwords, ledger)
        for server in self._own():
            server.choose_ports()
            server.launch()
        return self._wait_ready(passwords)

    def _take_folder(self) -> Ledger:
        """One run a folder: the lock falls with our process, the ledger tells who outlived it."""
        ledger = Ledger(self._folder / "processes.json")
        lock = self._held.enter_context((self._folder / "lock").open("a"))
        survivors = ledger.survivors()
        if survivors or not _locked(lock):
            raise LocalStackError(_already_running(self._folder, survivors))
        return ledger

    def _require_space(self) -> None:
        if not self._env.get("HUIYIN_AMQP_URL") or not self._env.get("HUIYIN_MONGO_URL"):
            refuse_full_disk(self._folder, self._least_free)

    def _find_programs(self) -> tuple[Path | None, Path | None]:
        script = None if self._env.get("HUIYIN_AMQP_URL") else install.rabbitmq_script(self._env)
        program = None if self._env.get("HUIYIN_MONGO_URL") else install.mongod_program(self._env)
        return script, program

    def _assign(
        self, script: Path | None, program: Path | None, passwords: Passwords, ledger: Ledger
    ) -> None:
        ports = Ports(self._folder / "ports.json", self._env)
        if script:
            folder = self._folder / "rabbitmq"
            self._broker = Broker(script, folder, ports, passwords, ledger)
        if program:
            folder = self._folder / "mongodb"
            self._store = Store(program, folder, ports, passwords, ledger, self._cache_gb, self._compressed)

    def _own(self) -> list[Broker | Store]:
        return [server for server in (self._broker, self._store) if server]

    def _wait_ready(self, passwords: Passwords) -> Addresses:
        """MongoDB first: it is ready, and set up, while RabbitMQ still boots."""
        mongo_url = self._ready_store()
        service_urls = ensure_service_users(mongo_url, passwords.services)
        amqp_url, api_url = self._ready_broker()
        urls = {"mongo": mongo_url, "amqp": amqp_url, "amqp_api": api_url}
        write_json(self._folder / ADMIN_URLS, urls)  # for `huiyin backup` and `huiyin department`
        return Addresses(amqp_url, mongo_url, service_urls, api_url)

    def _ready_store(self) -> str:
        if not self._store:
            return self._env["HUIYIN_MONGO_URL"]
        _ready(self._store)
        return self._store.url

    def _ready_broker(self) -> tuple[str, str | None]:
        if not self._broker:
            url = self._env["HUIYIN_AMQP_URL"]
            if not can_open(url):
                raise LocalStackError("no RabbitMQ lets us in at HUIYIN_AMQP_URL: correct it, or unset it")
            return url, self._env.get("HUIYIN_AMQP_API_URL")
        _ready(self._broker)
        return self._broker.url, self._broker.api_url

    @property
    def _own_broker(self) -> Broker:
        return _ours(self._broker, "RabbitMQ")

    @property
    def _own_store(self) -> Store:
        return _ours(self._store, "MongoDB")


class _Startable(Protocol):
    def launch(self) -> None: ...

    def wait_ready(self) -> None: ...


def _ready(server: _Startable) -> None:
    """Wait for a launched server; launch it on other ports when somebody took one meanwhile."""
    for _ in range(_TRIES - 1):
        try:
            return server.wait_ready()
        except PortTakenError:
            server.launch()
    return server.wait_ready()


def _ours(server: T | None, name: str) -> T:
    if server is None:
        raise LocalStackError(f"this {name} was not started here, so it cannot be stopped or started here")
    return server


def _locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _already_running(folder: Path, survivors: Mapping[str, int]) -> str:
    names = ", ".join(f"{name} (process {pid})" for name, pid in survivors.items()) or "another start"
    pids = " ".join(str(pid) for pid in survivors.values())
    return (
        f"servers already run on the data in {folder}: {names}. Stop that run first"
        f" (Ctrl-C where it runs{f', or: kill {pids}' if pids else ''}), or use another folder"
    )
