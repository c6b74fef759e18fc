"""Processes under test, their probes, and a look into the broker."""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlsplit

import httpx
import pika
from pika.exceptions import AMQPError

from deploy.local.ports import is_free
from deploy.local.processes import wait_until
from huiyin.chassis.topology import declare_hearers, inbox_of
from huiyin.chassis.trust import NO_CA
from huiyin.contracts.services import Service

#: Other work may share the machine: deadlines are generous, conditions are exact.
SOON = 30.0


def free_port() -> int:
    """A port below those the kernel gives to outgoing connections."""
    return next(port for port in iter(lambda: random.randrange(20_000, 32_000), 0) if is_free(port))


@dataclass
class Running:
    """One process under test."""

    process: subprocess.Popen[bytes]
    log: str
    port: int

    def ready(self) -> dict[str, Any]:
        """What `/readyz` says, with its status; nothing while nobody listens."""
        try:
            answer = httpx.get(f"http://127.0.0.1:{self.port}/readyz", timeout=30, verify=NO_CA)
        except httpx.TransportError:
            return {"status": 0, "checks": {}}
        return {"status": answer.status_code, "checks": answer.json()["checks"]}

    def page(self, path: str) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=30, verify=NO_CA)

    def wait_ready(self) -> Self:
        wait_until(self._is_ready, SOON * 2, "the process is ready")
        return self

    def _is_ready(self) -> bool:
        assert self.process.poll() is None, self.said()
        return bool(self.ready()["status"] == 200)

    def wait_problem(self, check: str, word: str) -> None:
        """Wait until the process is not ready, for this reason."""
        wait_until(lambda: self._has_problem(check, word), SOON, f"{check} says {word}")

    def _has_problem(self, check: str, word: str) -> bool:
        told = self.ready()
        return told["status"] == 503 and word in (told["checks"].get(check) or "")

    def ended(self, within: float = SOON) -> int:
        """The exit code, once it has ended by itself."""
        return self.process.wait(within)

    def stop(self, within: float = SOON) -> int:
        """End it as an orchestrator would; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.ended(within)

    def said(self) -> str:
        """Everything it wrote."""
        with open(self.log, encoding="utf-8") as log:
            return log.read()


class Processes:
    """Starts modules as processes and ends what still runs afterwards."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = dict(env)
        self._started: list[Running] = []
        self._folder = tempfile.TemporaryDirectory()

    def start(self, module: str, *arguments: str, **env: str) -> Running:
        """`python -m module arguments` with these variables added."""
        log = f"{self._folder.name}/{len(self._started)}.log"
        port = free_port()
        ports = {"TOY_PROBES": str(port), "HUIYIN_PROBE_PORT": str(port)}
        with open(log, "wb") as sink:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                env={**os.environ, **self._env, **ports, **env},
                stdout=sink,
                stderr=sink,
            )
        self._started.append(Running(process, log, port))
        return self._started[-1]

    def worker(self, **env: str) -> Running:
        return self.start("tests.chassis.toy_worker", "worker", **env)

    def relay(self, **env: str) -> Running:
        return self.start("tests.chassis.toy_relay", "relay", **env)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for running in self._started:
            print(f"-- {running.process.args!r}\n{running.said()[-6000:]}")  # shown when a test fails
            if running.process.poll() is None:
                running.process.kill()
                running.process.wait()
        self._folder.cleanup()


class Bus:
    """A test's virtual host: publish, take, bind, count."""

    def __init__(self, amqp_url: str, api_url: str) -> None:
        self.url = amqp_url
        self._api = api_url
        self.vhost = urlsplit(amqp_url).path.lstrip("/")
        self._connection = pika.BlockingConnection(pika.URLParameters(self.url))
        self.channel = self._connection.channel()
        self.channel.confirm_delivery()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(AMQPError):  # a test may have ended the broker meanwhile
            self._connection.close()

    def declare(self, sayer: Service) -> None:
        """Declare what a sayer's relay declares."""
        declare_hearers(self, sayer)

    def exchange(self, name: str) -> None:
        self.channel.exchange_declare(name, "topic", durable=True)

    def queue(self, name: str, arguments: dict[str, Any]) -> None:
        self.channel.queue_declare(name, durable=True, arguments=arguments)

    def bind(self, queue: str, exchange: str, routing_key: str) -> None:
        self.channel.queue_bind(queue, exchange, routing_key)

    def publish(self, bodies: Sequence[bytes], service: Service = "supervision", **properties: Any) -> None:
        """Straight into the service's inbox."""
        for body in bodies:
            self.channel.basic_publish(
                "", inbox_of(service), body, pika.BasicProperties(delivery_mode=2, **properties), True
            )

    def count(self, queue: str) -> int:
        """How many messages are ready in the queue."""
        declared = self.channel.queue_declare(queue, passive=True)
        return int(declared.method.message_count)

    def take(self, queue: str) -> list[dict[str, Any]]:
        """Take out all that is ready, as JSON."""
        taken: list[dict[str, Any]] = []
        while True:
            method, _, body = self.channel.basic_get(queue, auto_ack=True)
            if method is None:
                return taken
            taken.append(json.loads(body))

    def look(self, path: str) -> Any:
        """Ask the management API about the virtual host: `queues`, `bindings`, `connections`."""
        url = f"{self._api}/{path.format(vhost=quote(self.vhost, safe=''))}"
        answer = httpx.get(url, timeout=30, verify=NO_CA)
        answer.raise_for_status()
        return answer.json()

    def cut_connections(self) -> int:
        """Close every other client's connection to the virtual host; how many there were."""
        mine = self._connection._impl._transport._sock.getsockname()[1] if self._connection.is_open else 0
        found = [c for c in self.look("vhosts/{vhost}/connections") if c["peer_port"] != mine]
        for connection in found:
            url = f"{self._api}/connections/{quote(connection['name'], safe='')}"
            httpx.delete(url, timeout=30, verify=NO_CA)
        return len(found)
