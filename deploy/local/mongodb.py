"""MongoDB as a child process: a replica set of one member, with passwords, on loopback only."""

import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local.errors import LocalStackError, PortTakenError
from deploy.local.files import private_folder, write_private
from deploy.local.passwords import Passwords
from deploy.local.ports import Ports, answers
from deploy.local.processes import Child, Ledger, wait_until

REPLICA_SET: Final = "huiyin"
_READY_WITHIN = 60
_AUTHENTICATION_FAILED = 18
_ALREADY_INITIALIZED = 23

#: Data and journal as they are, so that one can look for words in the files.
_PLAIN: Final = {
    "wiredTigerCollectionBlockCompressor": "none",
    "wiredTigerJournalCompressor": "none",
    "wiredTigerIndexPrefixCompression": "false",
}

Admin = MongoClient[dict[str, Any]]


@dataclass
class Store:
    """One mongod; `launch` returns at once, `wait_ready` when it takes writes."""

    program: Path
    folder: Path
    ports: Ports
    passwords: Passwords
    ledger: Ledger
    cache_gb: float = 0.5
    compressed: bool = True
    _server: Child = field(init=False)

    def __post_init__(self) -> None:
        private_folder(self.folder)
        self._server = Child("MongoDB", self.folder / "output.log", self.ledger)

    @property
    def url(self) -> str:
        """Where clients connect, as the administrator."""
        return (
            f"mongodb://root:{self.passwords.store}@{self._host}/?replicaSet={REPLICA_SET}&authSource=admin"
        )

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._server.pid

    def choose_ports(self) -> None:
        """Choose the port before the first launch; later launches keep it."""
        self.ports.choose("mongo")

    def launch(self) -> None:
        """Start mongod."""
        private_folder(self.folder / "data")
        write_private(self.folder / "key", self.passwords.store_key.encode())
        self._server.start(self._command(), {"HOME": str(self.folder), "LANG": "C.UTF-8"})

    def wait_ready(self) -> None:
        """Wait until it listens, then make it a replica set with an administrator."""
        try:
            wait_until(self._listens, _READY_WITHIN, "MongoDB listens")
            self._make_ready()
        except LocalStackError:
            self.kill()
            if self.ports.change_taken("mongo"):
                raise PortTakenError("another program took MongoDB's port") from None
            raise

    def ask_to_stop(self) -> None:
        """Ask it to end; `stop` waits for that."""
        self._server.ask_to_stop()

    def stop(self) -> None:
        """End it in good order."""
        self._server.stop()

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self._server.kill()

    def pause(self) -> None:
        """Freeze it: connections stay open and nothing answers."""
        self._server.send(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on after `pause`."""
        self._server.send(signal.SIGCONT)

    @property
    def _host(self) -> str:
        return f"127.0.0.1:{self.ports['mongo']}"

    def _command(self) -> list[str]:
        flags = {
            "dbpath": self.folder / "data",
            "bind_ip": "127.0.0.1",
            "port": self.ports["mongo"],
            "replSet": REPLICA_SET,
            "keyFile": self.folder / "key",
            "wiredTigerCacheSizeGB": self.cache_gb,
            # A slow query is logged with what was looked for, which may be what somebody typed.
            "slowms": 10_000,
            "oplogSize": 990,  # in MB, the least it takes without a change of unit
            "logpath": self.folder / "mongod.log",
        }
        switches = ["--auth", "--nounixsocket", "--logappend"]
        # One member has nobody to hand over to, so it need not wait before it stops.
        knobs = ["diagnosticDataCollectionEnabled=false", "shutdownTimeoutMillisForSignaledShutdown=100"]
        settings = [word for knob in knobs for word in ("--setParameter", knob)]
        flags |= {} if self.compressed else _PLAIN
        pairs = [word for flag, value in flags.items() for word in (f"--{flag}", str(value))]
        return [str(self.program), *pairs, *switches, *settings]

    def _listens(self) -> bool:
        self._server.require_running()
        return answers(self.ports["mongo"])

    def _make_ready(self) -> None:
        try:
            if not self._is_set_up():
                self._set_up()
            self._wait_primary()
        except PyMongoError as error:
            raise LocalStackError(f"MongoDB cannot be set up: {error}") from error

    def _is_set_up(self) -> bool:
        """Whether our administrator can sign in; a moved port is put right then."""
        with self._client("root") as admin:
            try:
                admin.admin.command("ping")
            except OperationFailure as refusal:
                if refusal.code == _AUTHENTICATION_FAILED:
                    return False
                raise
            wait_until(lambda: _has_configuration(admin), _READY_WITHIN, "MongoDB's replica set is loaded")
            self._follow_port(admin)
        return True

    def _follow_port(self, admin: Admin) -> None:
        configuration = admin.admin.command("replSetGetConfig")["config"]
        if configuration["members"][0]["host"] != self._host:
            configuration["members"][0]["host"] = self._host
            configuration["version"] += 1
            admin.admin.command("replSetReconfig", configuration, force=True)

    def _set_up(self) -> None:
        """Without any user yet, MongoDB lets a loopback client do these two things."""
        member = {"_id": 0, "host": self._host}
        with self._client() as anyone:
            try:
                anyone.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": [member]})
            except OperationFailure as refusal:
                if refusal.code != _ALREADY_INITIALIZED:
                    raise self._foreign(refusal) from refusal
            self._wait_primary()
            anyone.admin.command("createUser", "root", pwd=self.passwords.store, roles=["root"])

    def _foreign(self, refusal: OperationFailure) -> LocalStackError:
        return LocalStackError(
            f"the data in {self.folder} were made with another password ({refusal}): restore the"
            " passwords file that belongs to them, or remove the whole folder to begin anew"
        )

    def _wait_primary(self) -> None:
        with self._client() as anyone:
            wait_until(
                lambda: bool(anyone.admin.command("hello")["isWritablePrimary"]),
                _READY_WITHIN,
                "MongoDB takes writes",
            )

    def _client(self, user: str | None = None) -> Admin:
        """Connects to this member whatever the replica set's configuration says."""
        return MongoClient(
            f"mongodb://{self._host}/?directConnection=true",
            username=user,
            password=self.passwords.store if user else None,
            serverSelectionTimeoutMS=10_000,
        )


def _has_configuration(admin: Admin) -> bool:
    try:
        admin.admin.command("replSetGetConfig")
    except OperationFailure:
        return False
    return True
