"""The five services as child processes: web, worker and relay of each, and the three sinks."""

import os
import re
import shutil
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, Self
from urllib.parse import urlsplit

import httpx

from deploy.local.errors import LocalStackError
from deploy.local.files import private_folder, write_json
from deploy.local.keys import Keys
from deploy.local.ports import Ports, is_free
from deploy.local.processes import Child, Ledger
from deploy.local.servers import Addresses
from deploy.local.sinks import CALL_CENTRE, SINKS, SMS_GATEWAY, Sinks
from huiyin.chassis.trust import NO_CA
from huiyin.contracts.feeds import VHOST
from huiyin.contracts.services import SERVICES, Service

Kind = Literal["web", "worker", "relay"]

KINDS: Final[tuple[Kind, ...]] = ("web", "worker", "relay")
OFFICES: Final = Path(__file__).parents[1] / "offices"
ANCHOR: Final = "anchor"  # of the folder: what must outlive the database
_ROOT: Final = Path(__file__).parents[2]
FIRST_PORT: Final = 8101
_LAST_PORT: Final = 65_535
_READY_WITHIN: Final = 120.0
_STOP_WITHIN: Final = 30.0
_PAUSE: Final = 0.1
_HANDLED: Final = re.compile(r"^huiyin_events_handled_total\{[^}]*\} (\S+)$", re.MULTILINE)
_REVIVE_EVERY: Final = 10.0


@dataclass(frozen=True)
class Site:
    """What one platform stands on; its webs take the ports from `first_port` on, or any where it is None."""

    folder: Path
    addresses: Addresses
    keys: Keys
    clock: Path
    offices: Path = OFFICES
    services: tuple[Service, ...] = SERVICES
    env: Mapping[str, str] = field(default_factory=lambda: os.environ)
    first_port: int | None = FIRST_PORT


class Platform:
    """Fifteen processes and three sinks, as a context manager that stops what it started.

    The webs take the ports from HUIYIN_PORT_BASE on, where a taken one is an error; without it
    the site's, and others where these are taken. Logs lie in `logs/` of the folder.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._folder = private_folder(site.folder.absolute())
        self._logs = private_folder(self._folder / "logs")
        self._anchor = private_folder(self._folder / ANCHOR)
        self._ledger = Ledger(self._folder / "processes.json")
        self._ports = Ports(self._folder / "ports.json", site.env)
        self._webs: dict[str, int] = {}
        self._children: dict[str, Child] = {}
        self._revived: dict[str, float] = {}
        self._changed: dict[str, Mapping[str, str]] = {}

    @property
    def urls(self) -> dict[Service, str]:
        """Where each service's web is."""
        return {service: self.url(service) for service in self._site.services}

    @property
    def logs(self) -> Path:
        """Where each process writes what it has to say."""
        return self._logs

    @property
    def pids(self) -> dict[str, int]:
        """The processes started here that run now, by name."""
        return {name: child.pid for name, child in self._children.items() if child.pid}

    @property
    def counters(self) -> Path:
        """Where each process of this start keeps its counters, as prometheus_client does."""
        return self._folder / "counters"

    def url(self, service: Service) -> str:
        """Where the service's web is."""
        return f"http://127.0.0.1:{self._webs[service]}"

    @property
    def sms_gateway(self) -> str:
        """Where the local SMS gateway shows what it took."""
        return f"http://127.0.0.1:{self._ports[SMS_GATEWAY]}/"

    @property
    def call_centre(self) -> str:
        """Where the local call centre is begun calls on, and told how lines behave."""
        return f"http://127.0.0.1:{self._ports[CALL_CENTRE]}"

    @property
    def probes(self) -> dict[str, str]:
        """Where each process of the services answers its probes, by name."""
        names = [_name(service, kind) for service in self._site.services for kind in KINDS]
        return {name: self._probed(name) for name in names}

    def start(self) -> None:
        """Start everything and wait until it is ready; leaves nothing behind when it fails."""
        self._refuse_running()
        self._choose_ports()
        shutil.rmtree(self.counters, ignore_errors=True)
        private_folder(self.counters)
        write_json(self._folder / "services.json", self.urls)  # for the command `huiyin`
        try:
            for name in SINKS:
                self._launch(name)
            for service in self._site.services:
                for kind in KINDS:
                    self._launch(_name(service, kind))
            self._wait_ready(self._children, _READY_WITHIN)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop what was started, all at a time; calling it again does nothing."""
        self._end(list(self._children))

    def handled(self, service: Service) -> float:
        """How many events the service's worker has handled since it started."""
        url = f"http://127.0.0.1:{self._probe_port(f'{service}-worker')}/metrics"
        page = httpx.get(url, timeout=10, verify=NO_CA).text
        return sum(float(count) for count in _HANDLED.findall(page))

    def require_running(self) -> None:
        """Refuse when a process that was not stopped on purpose has ended."""
        for child in self._children.values():
            child.require_running()

    def revive(self) -> None:
        """Start again what has ended by itself, as an orchestrator would; a name every 10 s at most."""
        now = time.monotonic()
        for name, child in self._children.items():
            if child.pid is None and now - self._revived.get(name, float("-inf")) > _REVIVE_EVERY:
                child.stop()  # buries what it left
                self._launch(name)
                self._revived[name] = now

    @property
    def revived(self) -> tuple[str, ...]:
        """The names of what had to be started again."""
        return tuple(self._revived)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # -- for tests of what happens when a process is away ----------------------------------

    def setting(self, service: Service, name: str) -> str:
        """What a service's processes are told under this name."""
        return self._service_env(service, "web")[name]

    def stop_process(self, service: Service, kind: Kind) -> None:
        """Stop one process in good order."""
        self.stop_processes([(service, kind)])

    def stop_processes(self, processes: Iterable[tuple[Service, Kind]]) -> None:
        """Stop processes in good order, all at a time."""
        self._end([_name(service, kind) for service, kind in processes])

    def _end(self, names: Sequence[str]) -> None:
        for name in names:
            self._children[name].ask_to_stop()
        for name in names:
            self._children.pop(name).stop(_STOP_WITHIN)

    def kill_process(self, service: Service, kind: Kind) -> None:
        """End one process at once, as a crash would."""
        self._children.pop(_name(service, kind)).kill()

    def start_process(self, service: Service, kind: Kind, env: Mapping[str, str] | None = None) -> None:
        """Start a stopped process again; see `start_processes`."""
        self.start_processes([(service, kind)], env)

    def start_processes(
        self, processes: Iterable[tuple[Service, Kind]], env: Mapping[str, str] | None = None
    ) -> None:
        """Start stopped processes again, on their old ports, all at a time, and wait until they are ready.

        `env` changes settings of these processes, at their later starts too.
        """
        names = [_name(service, kind) for service, kind in processes]
        for name in names:
            self._changed[name] = {**self._changed.get(name, {}), **(env or {})}
            self._launch(name)
        self._wait_ready(names, _READY_WITHIN)

    # -- how it starts ---------------------------------------------------------------------

    def _refuse_running(self) -> None:
        mine = {*SINKS, *(_name(service, kind) for service in SERVICES for kind in KINDS)}
        if alive := {name: pid for name, pid in self._ledger.survivors().items() if name in mine}:
            names = ", ".join(f"{name} ({pid})" for name, pid in alive.items())
            pids = " ".join(str(pid) for pid in alive.values())
            raise LocalStackError(
                f"processes of another run still work in {self._folder}: {names}. Stop that run first"
                f" (Ctrl-C where it runs, or: kill {pids})"
            )

    def _choose_ports(self) -> None:
        base = self._site.env.get("HUIYIN_PORT_BASE", "")
        first = _port_base(base) if base else self._site.first_port
        wishes = {service: first + n for n, service in enumerate(SERVICES)} if first else {}
        if base:
            _require_free(wishes)
        others = [service for service in SERVICES if service not in wishes or not is_free(wishes[service])]
        background = [_name(service, kind) for service in SERVICES for kind in ("worker", "relay")]
        self._ports.choose(*others, *background, *SINKS)
        self._webs = {s: self._ports[s] if s in others else wishes[s] for s in SERVICES}

    def _launch(self, name: str) -> None:
        child = Child(name, self._logs / f"{name}.log", self._ledger)
        child.start(*self._program(name))
        self._children[name] = child

    def _program(self, name: str) -> tuple[list[str], Mapping[str, str]]:
        python = [sys.executable, "-m"]
        if name in SINKS:
            sinks = self._sinks()
            return [*python, *sinks.arguments(name)], {**_base_env(), **sinks.env(name)}
        service, kind = name.split("-")
        return [*python, f"services.{service}", kind], self._service_env(service, kind)

    def _service_env(self, service: str, kind: str) -> Mapping[str, str]:
        site = self._site
        return {
            **_base_env(),
            "HUIYIN_MONGO_URL": site.addresses.service_mongo_urls[service],
            "HUIYIN_MONGO_DATABASE": f"huiyin_{service}",
            "HUIYIN_AMQP_URL": site.addresses.amqp_url,
            "HUIYIN_OFFICES_DIR": str(site.offices.absolute()),
            "HUIYIN_ANCHOR_DIR": str(self._anchor),
            "HUIYIN_KEYS_DIR": str(site.keys.folder.absolute()),
            "HUIYIN_TOKEN_JWKS": str(site.keys.tokens_public.absolute()),
            "HUIYIN_ENVIRONMENT": "local",
            "HUIYIN_OFFICE_CLOCK": str(site.clock.absolute()),
            "HUIYIN_HTTP_PORT": str(self._webs[service]),
            "HUIYIN_PROBE_PORT": str(self._probe_port(f"{service}-{kind}")),
            # Counters lie in files, so that one can see from outside when all is quiet.
            "PROMETHEUS_MULTIPROC_DIR": str(self.counters),
            **(self._of_notify() if service == "notify" else {}),
            **(self._sinks().settings() if service == "intake" else {}),
            **self._changed.get(_name(service, kind), {}),
        }

    def _of_notify(self) -> Mapping[str, str]:
        """Where messages go out, and the virtual host of the departments' feeds."""
        feeds = urlsplit(self._site.addresses.amqp_url)._replace(path=f"/{VHOST}").geturl()
        return {**self._sinks().settings(), "HUIYIN_FEEDS_URL": feeds}

    def _sinks(self) -> Sinks:
        ports = {name: self._ports[name] for name in SINKS}
        return Sinks(self._folder, ports, self.url("notify"), self.url("intake"))

    def _probe_port(self, name: str) -> int:
        service, _, kind = name.partition("-")
        return self._webs[service] if kind == "web" else self._ports[name]

    # -- readiness -------------------------------------------------------------------------

    def _wait_ready(self, names: Iterable[str], within: float) -> None:
        deadline = time.monotonic() + within
        waited = [name for name in names if name not in SINKS]
        with httpx.Client(timeout=5, verify=NO_CA) as client:
            for name in waited:  # one after the other: to ask all of them again and again slows their start
                while not self._is_ready(client, name):
                    self.require_running()
                    if time.monotonic() > deadline:
                        raise LocalStackError(self._tell_unready(client, name, within))
                    time.sleep(_PAUSE)
        self.require_running()

    def _is_ready(self, client: httpx.Client, name: str) -> bool:
        try:
            return client.get(f"{self._probed(name)}/readyz").status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def _probed(self, name: str) -> str:
        return f"http://127.0.0.1:{self._probe_port(name)}"

    def _tell_unready(self, client: httpx.Client, name: str, within: float) -> str:
        try:
            problem = client.get(f"{self._probed(name)}/readyz").text
        except httpx.TransportError as silent:
            problem = f"no answer ({type(silent).__name__})"
        tail = self._children[name].last_lines()
        return f"{name} is not ready after {within:.0f} s: {problem}\nits last lines ({self._logs}):\n{tail}"


def _name(service: str, kind: str) -> str:
    return f"{service}-{kind}"


def _base_env() -> dict[str, str]:
    """Nothing of the caller's settings reaches the children but where programs and home are."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    # eventlet's own resolver costs every process a third of a second, for names that are all loopback.
    quick = {"EVENTLET_NO_GREENDNS": "yes"}
    return {**kept, **quick, "LANG": "C.UTF-8", "PYTHONPATH": str(_ROOT), "PYTHONUNBUFFERED": "1"}


def _port_base(wish: str) -> int:
    if not wish.isdecimal() or not 0 < int(wish) <= _LAST_PORT - len(SERVICES):
        raise LocalStackError(
            f"HUIYIN_PORT_BASE={wish} is no port: give the first of five, from 1 to {_LAST_PORT - 5}"
        )
    return int(wish)


def _require_free(wishes: Mapping[Service, int]) -> None:
    for service, port in wishes.items():
        if not is_free(port):
            raise LocalStackError(
                f"port {port}, wanted for {service}, is taken by another program: free it, or set"
                " HUIYIN_PORT_BASE to the first of five free ports, or to nothing"
            )
