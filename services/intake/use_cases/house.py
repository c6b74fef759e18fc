"""What the use cases stand on, wired once a process."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from joserfc.jwk import Key, KeySet

from huiyin.chassis.askers import read_askers, read_own_key
from huiyin.chassis.calendar import WorkingCalendar, load_calendar
from huiyin.chassis.ear import Ear
from huiyin.chassis.foundation import Foundation
from huiyin.chassis.links import Links
from huiyin.chassis.lockout import Lockout
from huiyin.chassis.lookup import Lookup
from huiyin.chassis.rates import Rates
from huiyin.chassis.relay_loop import Lease
from huiyin.chassis.sealed_files import SealedFiles
from huiyin.chassis.store import Documents
from huiyin.contracts.envelope import Envelope
from services.intake.domain.calls import Call
from services.intake.domain.case import Case
from services.intake.domain.drafts import FormDraft
from services.intake.domain.knowledge import Entry
from services.intake.domain.misuse import Caller
from services.intake.providers.call_centre import CallCentre
from services.intake.providers.clamd import Clamd
from services.intake.providers.counts import CallCounts
from services.intake.settings import IntakeSettings
from services.intake.store.calls import callers, calls
from services.intake.store.cases import cases
from services.intake.store.contacts import Contacts
from services.intake.store.drafts import form_drafts
from services.intake.store.journal import Journal
from services.intake.store.knowledge import entries
from services.intake.store.learning import Learning
from services.intake.store.likeness import Likenesses
from services.intake.store.link_requests import LinkRequests
from services.intake.store.numbers import Numbers, Series
from services.intake.store.volumes import Volumes
from services.intake.use_cases.heard import handlers


@dataclass(frozen=True)
class House:
    """What the use cases need."""

    base: Foundation
    cases: Documents[Case]
    drafts: Documents[FormDraft]
    entries: Documents[Entry]
    ear: Ear[Case]
    learning: Learning
    learner: Lease
    numbers: Numbers
    series: Series
    journal: Journal
    volumes: Volumes
    contacts: Contacts
    likenesses: Likenesses
    files: SealedFiles
    scanner: Clamd | None
    lookup: Lookup
    calls: Documents[Call]
    callers: Documents[Caller]
    call_centre: CallCentre
    counts: CallCounts
    settings: IntakeSettings
    guesses: Lockout
    rates: Rates
    link_requests: LinkRequests
    calendar: WorkingCalendar
    links: Links
    askers: KeySet
    #: Opens what is sealed to intake.
    key: Key = field(repr=False)

    def now(self) -> datetime:
        """Office time."""
        return self.base.office_now()


def house(base: Foundation) -> House:
    """Wire the house on its foundation."""
    assert isinstance(base.settings, IntakeSettings)
    documents = cases(base)
    journal = Journal(base.database["journal"])
    journal.prepare()
    volumes = Volumes(base.database["volumes"])
    volumes.prepare()
    contacts = Contacts(base.database["contacts"])
    contacts.prepare()
    likenesses = Likenesses(documents.collection, base.database["rarities"], base.machine_clock.monotonic)
    keys, machine_now = base.settings.keys_dir, base.machine_clock.now
    learning = Learning(base.database)
    guesses = Lockout(base.database["guesses"], machine_now)
    guesses.prepare()
    rates = Rates(base.database["rates"], machine_now)
    rates.prepare()
    link_requests = LinkRequests(base.database["link_requests"])
    link_requests.prepare()
    files = SealedFiles(base.database, base.sealer, machine_now)
    files.prepare()

    def heard(envelopes: Sequence[Envelope]) -> None:
        journal.write(envelopes)
        learning.notice(envelopes, machine_now())

    return House(
        base=base,
        cases=documents,
        drafts=form_drafts(base),
        entries=entries(base),
        ear=base.ear(documents, handlers(base, documents, likenesses), before_save=heard),
        learning=learning,
        learner=Lease(base.database["leases"], "learning", machine_now),
        numbers=Numbers(base.database["number_blocks"], base.anchor),
        series=Series(base.database["series"], base.anchor),
        journal=journal,
        volumes=volumes,
        contacts=contacts,
        likenesses=likenesses,
        files=files,
        scanner=_scanner(base),
        lookup=Lookup.from_file(keys / "lookup.key"),
        calls=calls(base),
        callers=callers(base),
        call_centre=CallCentre(base.settings, machine_now),
        counts=CallCounts(base.metrics.registry),
        settings=base.settings,
        guesses=guesses,
        rates=rates,
        link_requests=link_requests,
        calendar=load_calendar(base.settings.offices_dir / "calendars"),
        links=Links.from_file(keys / "links.key", machine_now),
        askers=read_askers(keys),
        key=read_own_key(keys, "intake"),
    )


def _scanner(base: Foundation) -> Clamd | None:
    """The scanner of files, where the settings name one."""
    settings = base.settings
    if not isinstance(settings, IntakeSettings) or not settings.scanner_host:
        return None
    return Clamd(settings.scanner_host, settings.scanner_port, settings.scanner_timeout_s)


def query_code(house: House, number: str) -> str:
    """Six digits that only the receipt and this house know; derived, so nothing is stored."""
    return f"{int(house.lookup.of_text(number)[:12], 16) % 1_000_000:06d}"
