"""One run: people are planted, cases led to the archive, then everything is searched."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

from pymongo import MongoClient

from deploy.local.errors import LocalStackError
from deploy.local.leaks.answers import KeepingLine
from deploy.local.leaks.controls import WRAPPINGS, Controls
from deploy.local.leaks.entitled import entitled
from deploy.local.leaks.fields import NOBODY, planted, taking_words
from deploy.local.leaks.lookers import Lookers
from deploy.local.leaks.misplaced import Misplacing
from deploy.local.leaks.needles import Hit, Needles
from deploy.local.leaks.people import people
from deploy.local.leaks.places.bus import BrokerFiles, Bus, Queues
from deploy.local.leaks.places.commands import Backup, Commands
from deploy.local.leaks.places.feeds import Feeds
from deploy.local.leaks.places.folder import Counters, Logs, Rest
from deploy.local.leaks.places.outbox import Mails, Texts
from deploy.local.leaks.places.pages import Acts, Led, Pages
from deploy.local.leaks.places.place import Mark, Piece, Place
from deploy.local.leaks.places.probes import Probes
from deploy.local.leaks.places.store import Collections, StoreFiles
from deploy.local.leaks.planting import Crowd
from deploy.local.leaks.play import Play
from deploy.local.quiet import Quiet
from deploy.local.sinks import MAILBOX
from deploy.local.stack import Stack
from huiyin.contracts.services import SERVICES

_SEED: Final = 4
_MOST_IS_WRITTEN: Final = ("noted", "enclosed", "called")
#: Folders that are places of their own.
_SEARCHED: Final = ("mongodb", "rabbitmq", "logs", "counters", "mails")


@dataclass(frozen=True)
class Size:
    """How many people are planted, and how many cases each office has."""

    people: int = 400
    cases: int = 8
    #: Of all cases, every how manieth is asked for on all pages.
    every: int = 24


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
    #: How many fields take words, and those in which nobody was planted, though nobody says why.
    fields: int
    unplanted: frozenset[str]

    @property
    def holds(self) -> bool:
        """Whether everybody was planted, in every field, every control found, and nobody else."""
        everybody = len(self.crowd.planted) == len(self.crowd.people) and not self.unplanted
        return everybody and not any(place.missed or place.leaks for place in self.searched)


class Run:
    """The whole of it, on a started stack that was made searchable."""

    def __init__(self, stack: Stack, size: Size, tell: Callable[[str], None]) -> None:
        amount = size.people + len(WRAPPINGS)
        everybody, self._lookers = people(amount, _SEED), Lookers(amount, _SEED)
        self._stack, self._size, self._tell = stack, size, tell
        self._crowd = Crowd(everybody[: size.people])
        self._controls = Controls(everybody[size.people :])
        self._needles = Needles(everybody)
        self._line = KeepingLine(stack.platform.urls, stack.keys.tokens_private)
        self._quiet = Quiet(stack.addresses.mongo_url, stack.platform.counters)
        self._play = Play(stack, self._line, self._crowd, size.cases, self._quiet)

    def __call__(self) -> Outcome:
        """Plant, lead, search."""
        with self._lookers:
            return self._outcome()

    def _outcome(self) -> Outcome:
        with closing(self._line), closing(self._quiet), Bus(self._stack.addresses.amqp_url) as bus:
            self._tell("订阅 (departments subscribe) …")
            self._feeds = Feeds(self._stack.folder, self._stack.addresses.amqp_url, self._play.busiest())
            self._plant()
            fields, unplanted = self._fields()
            searched = [self._search(place) for place in self._while_it_runs()]
            self._stack.platform.stop()
            searched.append(self._search(bus))
        searched += [self._search(place) for place in self._at_rest()]
        cases = len(self._play.complaints)
        return Outcome(self._crowd, cases, tuple(searched), len(fields), frozenset(unplanted))

    def _fields(self) -> tuple[set[str], set[str]]:
        """Every field that takes words, and those in which nobody stood."""
        fields = taking_words({s: self._line.ask("GET", s, "/openapi.json") for s in SERVICES})
        planted_in = planted(self._line.answered, self._needles, fields)
        return fields, fields - planted_in - NOBODY.keys()

    def _plant(self) -> None:
        self._tell("登记 (complaints are taken down) …")
        self._play.register()
        self._play.in_every_office(self._misplace)
        self._tell("来电 (calls come in) …")
        self._play.ring()
        self._tell("附件 (files are sent in) …")
        self._play.attach()
        self._play.begin()
        self._tell("筑墙 (walls are put in mid-course) …")
        self._play.wall_midway()
        self._play.hand_back()
        self._play.lead(self._tell)
        self._play.wall_archived()
        self._play.write_up()
        self._play.learn()

    def _misplace(self, office: str) -> None:
        Misplacing(self._play.desks[office], self._play.form(office), self._crowd).all()

    def _while_it_runs(self) -> Iterator[Place]:
        stack, everybody = self._stack, list(self._crowd.people)
        cases = self._play.led()
        desk = next(iter(self._play.written.values()))
        yield Acts(self._line, self._needles, self._crowd.whose(), desk)
        yield Pages(self._line, self._play.desks, self._looked_at(cases))
        yield Commands(stack.folder, list(self._play.desks), cases[0].number)
        yield Probes(stack.platform.probes)
        yield self._feeds
        yield Mails(stack.folder / "mails", _port(stack, MAILBOX), everybody)
        yield Texts(stack.platform, (stack.folder / "sms.secret").read_text(), everybody)

    def _looked_at(self, cases: Sequence[Led]) -> list[Led]:
        """The cases of which most is written, and some of all the others."""
        told = {desk.numbers[what] for desk in self._play.written.values() for what in _MOST_IS_WRITTEN}
        return [case for n, case in enumerate(cases) if case.number in told or n % self._size.every == 0]

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
        if not found.missed:
            raise LocalStackError(f"no control could be planted: {place.name}")
        for looked in self._lookers.look(place.pieces()):
            found.bytes += looked.size
            for hit in looked.hits:
                self._note(looked.piece, hit, found)
        found.seconds = time.monotonic() - began
        return found

    def _note(self, piece: Piece, hit: Hit, found: Searched) -> None:
        if hit.person in self._controls.numbers:
            found.missed.discard((piece.where, self._controls.numbers[hit.person]))
        elif entitled(piece, hit):
            found.entitled += 1
        else:
            found.leaks.add((piece.where, hit))


def _port(stack: Stack, name: str) -> int:
    ports: dict[str, int] = json.loads((stack.folder / "ports.json").read_text())
    return ports[name]
