"""What departments that subscribe are told: their streams, read as their own users."""

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pika

from deploy.local.errors import LocalStackError
from deploy.local.leaks.controls import WRAPPINGS, Controls
from deploy.local.leaks.places.bus import publish, streamed
from deploy.local.leaks.places.place import Mark, Piece, marks
from huiyin.client.line import Json
from huiyin.contracts.feeds import VHOST


class Feeds:
    """The feed of a unit of each office; to be made before there is anything to tell."""

    name = "科室订阅 (feeds, read by the departments)"

    def __init__(self, folder: Path, amqp_url: str, units: Mapping[str, str]) -> None:
        self._broker = urlsplit(amqp_url)
        self._admin = pika.URLParameters(amqp_url).credentials
        with ThreadPoolExecutor(len(units)) as pool:
            self._made = list(pool.map(partial(_added, folder), units, units.values()))

    def plant(self, controls: Controls) -> set[Mark]:
        """A line in every stream, put there by the administrator; each must have got lines before."""
        for made, told in zip(self._made, self._all_told(), strict=True):
            if not told:
                raise LocalStackError(f"nothing was ever said in {made['feed']}")
            with self._connection(self._admin) as connection:
                channel = connection.channel()
                channel.confirm_delivery()
                publish(channel, "", made["feed"], controls)
        return marks((made["feed"] for made in self._made), WRAPPINGS)

    def pieces(self) -> Iterator[Piece]:
        """Each line of each stream."""
        yield from itertools.chain.from_iterable(self._all_told())

    def _all_told(self) -> list[list[Piece]]:
        with ThreadPoolExecutor(len(self._made)) as pool:  # each waits a while behind the last line
            return list(pool.map(self._told, self._made))

    def _told(self, made: Json) -> list[Piece]:
        return [Piece(made["feed"], line) for line in self._lines(made)]

    def _lines(self, made: Json) -> Iterator[bytes]:
        with self._connection(pika.PlainCredentials(made["user"], made["password"])) as connection:
            yield from (content for _, content in streamed(connection.channel(), made["feed"]))

    def _connection(self, who: pika.PlainCredentials) -> pika.BlockingConnection:
        host, port = self._broker.hostname, self._broker.port
        return pika.BlockingConnection(pika.ConnectionParameters(host, port, VHOST, who))


def _added(folder: Path, office: str, unit: str) -> Json:
    words = ("department", "add", unit, "--office", office, "--json", "--local", str(folder))
    done = subprocess.run(
        [sys.executable, "-m", "huiyin.cli.main", *words], capture_output=True, check=False, text=True
    )
    if done.returncode:
        raise LocalStackError(f"no feed for {unit}: {done.stderr[-500:]}")
    made: Json = json.loads(done.stdout)
    return made
