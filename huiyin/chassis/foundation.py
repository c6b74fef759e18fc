"""What every process of every service stands on, made once by `__main__` from the settings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, cast

from pymongo import ASCENDING, IndexModel, MongoClient
from pymongo.database import Database
from pymongo.errors import PyMongoError

from huiyin.chassis import restoration
from huiyin.chassis.anchor import Anchor
from huiyin.chassis.asking import Asker
from huiyin.chassis.audit import Audit, AuditKey, Chain, Heads, Keeping, Proof
from huiyin.chassis.bell import Bell
from huiyin.chassis.clocks import MachineClock, OfficeClock, SystemMachineClock, office_clock
from huiyin.chassis.digest import Digest
from huiyin.chassis.ear import Ear
from huiyin.chassis.errors import WrongSetting
from huiyin.chassis.fold import Folder
from huiyin.chassis.masters import Keyring
from huiyin.chassis.mongo import Doc, connect, database, process_name
from huiyin.chassis.observe import Check, Metrics, ProbeServer, clock_skew_check, configure_logging
from huiyin.chassis.restoration import Restoration
from huiyin.chassis.rulebook import LivingOffices
from huiyin.chassis.rulebooks import Rulebooks
from huiyin.chassis.sealing import Sealer
from huiyin.chassis.settings import BaseSettings, variable
from huiyin.chassis.sight import BARRED, Sight
from huiyin.chassis.store import Documents
from huiyin.chassis.tide import Tides
from huiyin.chassis.waiting import Waiting
from huiyin.contracts.services import Service

S = TypeVar("S")

#: So that the versions in use are told without reading a document; they never change in one.
_RULEBOOKS: Final = IndexModel([("state.rulebook", ASCENDING)])


@dataclass(frozen=True)
class Foundation:
    """Store, clocks, rulebooks, sealing, questions, audit, anchor and metrics of one process."""

    service: Service
    settings: BaseSettings
    client: MongoClient[Doc]
    database: Database[Doc]
    office_clock: OfficeClock
    machine_clock: MachineClock
    rulebooks: Rulebooks
    sealer: Sealer
    asker: Asker
    bell: Bell
    audit: Audit
    keeping: Keeping
    proof: Proof
    anchor: Anchor
    restored: Restoration | None
    waiting: Waiting
    tides: Tides
    metrics: Metrics

    def office_now(self) -> datetime:
        """Office time, to the millisecond that the store keeps."""
        now = self.office_clock.now()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def documents(
        self,
        name: str,
        shape: type[S],
        *,
        indexed: Callable[[S], Doc],
        indexes: Sequence[IndexModel],
        narrow: Callable[[S, Sequence[str]], S | None] | None = None,
        key_field: str = "_id",
    ) -> Documents[S]:
        """The service's documents, with their indexes made; `narrow` leaves of a state some matters.

        What belongs to no case has no circle, and nothing to narrow.
        """
        by_rulebook = any(field.name == "rulebook" for field in fields(cast(Any, shape)))
        documents = Documents(
            self.database[name],
            shape,
            office_now=self.office_now,
            machine_now=self.machine_clock.now,
            indexed=indexed,
            indexes=[*indexes, *([BARRED] if narrow else []), *([_RULEBOOKS] if by_rulebook else [])],
            key_field=key_field,
            sight=Sight(self.rulebooks.office, self.office_now, narrow) if narrow else None,
            tell=self._tell,
        )
        documents.prepare()
        if by_rulebook:
            self.rulebooks.decide(documents.collection)
        return documents

    def _tell(self, said: Sequence[str]) -> None:
        """Count what was saved to be published, and wake the relay."""
        for event in said:
            self.metrics.events_said.labels(event).inc()
        self.bell.ring()

    def ear(self, documents: Documents[S], handlers: Mapping[str, Any], **options: Any) -> Ear[S]:
        """The worker's ear: these handlers fold into these documents."""
        folder = Folder(documents, handlers, office_now=self.office_now, **options)
        return Ear(Digest(folder, self.waiting, self.metrics), self.tides)

    def checks(self) -> dict[str, Check]:
        """What every process must have to be ready."""
        return {
            "store": self._store_problem,
            "rulebooks": self.rulebooks.problem,
            "clock": clock_skew_check(self.client, self.machine_clock, self.metrics),
        }

    def probes(self, more: Mapping[str, Check]) -> ProbeServer:
        """Start the probes of a process that serves no HTTP of its own."""
        settings = self.settings
        checks = {**self.checks(), **more}
        server = ProbeServer(settings.probe_port, checks, self.metrics, settings.http_host)
        server.start()
        return server

    def close(self) -> None:
        """Let go of the bus, the keys and the store."""
        self.bell.close()
        self.asker.close()
        self.sealer.close()
        self.client.close()

    def _store_problem(self) -> str | None:
        try:
            self.database.command("ping")
        except PyMongoError as away:
            return f"MongoDB does not answer: {type(away).__name__}"
        return None


def lay(service: Service, process: Literal["web", "worker", "relay"], settings: BaseSettings) -> Foundation:
    """Connect, load and check everything; WrongSetting names what is wrong."""
    configure_logging(service, process, settings.log_level)
    _require_folder("offices_dir", settings.offices_dir)
    _require_folder("keys_dir", settings.keys_dir)
    if settings.anchor_dir:
        _require_folder("anchor_dir", settings.anchor_dir)
    offices = LivingOffices(settings.offices_dir)
    client = connect(settings.mongo_url, name=process_name(settings.mongo_database, process))
    own = database(client, settings.mongo_database)
    restored = restoration.last(own)
    machine_clock = SystemMachineClock()
    sealer = Sealer(client, settings.mongo_database, Keyring.of(settings))
    sealer.check()
    rulebooks = Rulebooks(offices, own["rulebooks"])
    rulebooks.prepare()
    waiting = Waiting(own["waiting"], machine_clock.now)
    waiting.prepare()
    metrics, asker = Metrics(service), Asker(settings.amqp_url)
    anchor = Anchor(settings.anchor_dir, f"{service}-{process}", machine_clock.now)
    audit_key = AuditKey.from_file(settings.keys_dir / "audit.key", service)
    audit, chain, heads = _audit(own, audit_key, machine_clock)
    return Foundation(
        service=service,
        settings=settings,
        client=client,
        database=own,
        office_clock=office_clock(settings),
        machine_clock=machine_clock,
        rulebooks=rulebooks,
        sealer=sealer,
        asker=asker,
        bell=Bell(settings.amqp_url, service),
        audit=audit,
        keeping=Keeping(service, chain, heads, asker, anchor, machine_clock, metrics),
        proof=Proof(own["audit"], own["audit_batches"], audit_key, restored),
        anchor=anchor,
        restored=restored,
        waiting=waiting,
        tides=Tides(),
        metrics=metrics,
    )


def _audit(own: Database[Doc], key: AuditKey, machine_clock: MachineClock) -> tuple[Audit, Chain, Heads]:
    audit = Audit(own["audit"], key)
    audit.prepare()
    heads = Heads(own["audit_heads"], machine_clock.now)
    heads.prepare()
    return audit, Chain(own["audit"], own["audit_batches"], key, machine_clock.now), heads


def _require_folder(field_name: str, folder: Path) -> None:
    if not folder.is_dir():
        raise WrongSetting(f"{variable(field_name)}={folder}: no such folder")
