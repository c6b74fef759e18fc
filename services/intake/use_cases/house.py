"""What the use cases stand on, wired once a process."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from huiyin.chassis.foundation import Foundation
from huiyin.chassis.links import Links
from huiyin.chassis.lockout import Lockout
from huiyin.chassis.lookup import Lookup
from huiyin.chassis.sealed_files import SealedFiles
from huiyin.chassis.store import Documents
from huiyin.chassis.worker import Ear
from services.intake.domain.case import Case
from services.intake.store import Contacts, Journal, Numbers, Volumes, cases
from services.intake.use_cases.heard import handlers


@dataclass(frozen=True)
class House:
    """What the use cases need."""

    base: Foundation
    cases: Documents[Case]
    ear: Ear[Case]
    numbers: Numbers
    journal: Journal
    volumes: Volumes
    contacts: Contacts
    files: SealedFiles
    lookup: Lookup
    guesses: Lockout
    links: Links
    askers: Mapping[str, Any]
    #: Opens what is sealed to intake.
    key: Mapping[str, Any] = field(repr=False)

    def now(self) -> datetime:
        """Office time."""
        return self.base.office_now()


def house(base: Foundation) -> House:
    """Wire the house on its foundation."""
    documents = cases(base)
    journal = Journal(base.database["journal"])
    journal.prepare()
    volumes = Volumes(base.database["volumes"])
    volumes.prepare()
    contacts = Contacts(base.database["contacts"])
    contacts.prepare()
    keys, machine_now = base.settings.keys_dir, base.machine_clock.now
    guesses = Lockout(base.database["guesses"], machine_now)
    guesses.prepare()
    files = SealedFiles(base.database, base.sealer, machine_now)
    files.prepare()
    return House(
        base=base,
        cases=documents,
        ear=base.ear(documents, handlers(base), before_save=journal.write),
        numbers=Numbers(base.database["number_blocks"], base.anchor),
        journal=journal,
        volumes=volumes,
        contacts=contacts,
        files=files,
        lookup=Lookup.from_file(keys / "lookup.key"),
        guesses=guesses,
        links=Links.from_file(keys / "links.key", machine_now),
        askers=json.loads((keys / "askers.public.jwks").read_text()),
        key=json.loads((keys / "sealed-intake.private.jwk").read_text()),
    )


def query_code(house: House, number: str) -> str:
    """Six digits that only the receipt and this house know; derived, so nothing is stored."""
    return f"{int(house.lookup.of_text(number)[:12], 16) % 1_000_000:06d}"
