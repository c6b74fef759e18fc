"""One run: people are planted, cases led to the archive, then everything is searched."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

from pymongo import MongoClient

from deploy.local.leaks.answers import KeepingLine
from deploy.local.leaks.controls import WRAPPINGS, Controls
from deploy.local.leaks.entitled import entitled
from deploy.local.leaks.misplaced import Misplacing
from deploy.local.leaks.needles import Hit, Needles
from deploy.local.leaks.people import people
from deploy.local.leaks.places.bus import BrokerFiles, Bus, Queues
from deploy.local.leaks.places.commands import Backup, Commands
from deploy.local.leaks.places.feeds import Feeds
from deploy.local.leaks.places.folder import Counters, Logs, Rest
from deploy.local.leaks.places.outbox import Mails, Texts
from deploy.local.leaks.places.pages import Acts, Pages
from deploy.local.leaks.places.place import Mark, Place
from deploy.local.leaks.places.probes import Probes
from deploy.local.leaks.places.store import Collections, StoreFiles
from deploy.local.leaks.planting import Crowd
from deploy.local.leaks.play import Play
from deploy.local.sinks import MAILBOX
from deploy.local.stack import Stack

_SEED: Final = 4
#: Folders that are places of their own.
_SEARCHED: Final = ("mongodb", "rabbitmq", "logs", "counters", "mails")


@dataclass(frozen=True)
class Size:
    """How many people are planted, and how many cases each office has."""

    people: int = 200
    cases: int = 16
    every: int = 4


@dataclass
class Searched:
    """What one place gave."""

    name: str
    bytes: int = 0
    seconds: float = 0
    missed: set[Mark] = field(default_factory=set)
    entitled: int = 0
    #: Who was found where nobody entitles it.
    leaks: set[tuple[str, Hit]] = field(default_factory=set)


@dataclass(frozen=True)
class Outcome:
    """What was planted and found; `crowd` says where each was planted."""

    crowd: Crowd
    cases: int
    searched: tuple[Searched, ...]

    @property
    def holds(self) -> bool:
        """Whether everybody was planted, every control found, and nobody else."""
        everybody = len(self.crowd.planted) == len(self.crowd.people)
        return everybody and not any(place.missed or place.leaks for place in self.searched)


class Run:
    """The whole of it, on a started stack that was made searchable."""

    def __init__(self, stack: Stack, size: Size, tell: Callable[[str], None]) -> None:
        everybody = people(size.people + len(WRAPPINGS), _SEED)
        self._stack, self._size, self._tell = stack, size, tell
        self._crowd = Crowd(everybody[: size.people])
        self._controls = Controls(everybody[size.people :])
        self._needles = Needles(everybody)
        self._line = KeepingLine(stack.platform.urls, stack.keys.tokens_private)
        self._play = Play(stack, self._line, self._crowd, size.cases)

    def __call__(self) -> Outcome:
        """Plant, lead, search."""
        with closing(self._line), Bus(self._stack.addresses.amqp_url) as bus:
            self._tell("订阅 (departments subscribe) …")
            self._feeds = Feeds(self._stack.folder, self._stack.addresses.amqp_url, self._play.busiest())
            self._plant()
            searched = [self._search(place) for place in self._while_it_runs()]
            self._stack.platform.stop()
            searched.append(self._search(bus))
        searched += [self._search(place) for place in self._at_rest()]
        return Outcome(self._crowd, len(self._play.complaints), tuple(searched))

    def _plant(self) -> None:
        self._tell("登记 (complaints are taken down) …")
        self._play.register()
        for office, desks in self._play.desks.items():
            Misplacing(desks, self._play.form(office), self._crowd).all()
        self._play.attach()
        self._play.begin()
        self._tell("筑墙 (walls are put in mid-course) …")
        self._play.wall_midway()
        self._play.lead(self._tell)
        self._play.wall_archived()

    def _while_it_runs(self) -> Iterator[Place]:
        stack, everybody = self._stack, list(self._crowd.people)
        cases = self._play.led()
        yield Acts(self._line.answered, self._needles, {case.number: case.about for case in cases})
        yield Pages(self._line, self._play.desks, cases[:: self._size.every])
        yield Commands(stack.folder, list(self._play.desks), cases[0].number)
        yield Probes(stack.platform.probes)
        yield self._feeds
        yield Mails(stack.folder / "mails", _port(stack, MAILBOX), everybody)
        yield Texts(stack.platform, (stack.folder / "sms.secret").read_text(), everybody)

    def _at_rest(self) -> Iterator[Place]:
        stack, addresses = self._stack, self._stack.addresses
        assert addresses.amqp_api_url is not None
        with MongoClient[dict[str, Any]](addresses.mongo_url) as client:
            collections = Collections(client)
            yield Backup(stack.folder, collections)
            yield collections
            yield StoreFiles(client, stack.folder / "mongodb")
        yield Queues(addresses.amqp_url, addresses.amqp_api_url)
        yield BrokerFiles(addresses.amqp_url, stack.folder / "rabbitmq")
        yield Logs(stack.platform.logs)
        yield Counters(stack.platform.counters)
        yield Rest(stack.folder, but=(*_SEARCHED, "backup", "backup-keys"))

    def _search(self, place: Place) -> Searched:
        """Controls first, then all that is there, in one look: what finds them finds everybody."""
        self._tell(f"{place.name} …")
        began = time.monotonic()
        found = Searched(place.name, missed=place.plant(self._controls))
        for piece in place.pieces():
            found.bytes += len(piece.content)
            for hit in self._needles.look(piece.content):
                if hit.person in self._controls.numbers:
                    found.missed.discard((piece.where, self._controls.numbers[hit.person]))
                elif entitled(piece, hit):
                    found.entitled += 1
                else:
                    found.leaks.add((piece.where, hit))
        found.seconds = time.monotonic() - began
        return found


def _port(stack: Stack, name: str) -> int:
    ports: dict[str, int] = json.loads((stack.folder / "ports.json").read_text())
    return ports[name]
