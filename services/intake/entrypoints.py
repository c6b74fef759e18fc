"""What comes to intake by bus, RPC and timer."""

from typing import Any

from huiyin.chassis.answering import on_question
from huiyin.chassis.beat import beat
from huiyin.chassis.steps import Actor
from huiyin.chassis.worker import BaseWorker
from services.intake.domain.circle import Order
from services.intake.use_cases import (
    answers,
    call_work,
    circle,
    emergencies,
    files,
    knowledge,
    learning,
    passing,
    progress_links,
    quarantine,
    reading_up,
    retention,
    volumes,
    words,
)


class IntakeWorker(BaseWorker):
    """Keeps the journal, answers for identity and redaction, seals volumes."""

    name = "intake"

    @on_question
    def contact(
        self,
        number: str,
        party: str,
        purpose: str,
        request: str,
        asker: str,
        who: dict[str, str] | None = None,
    ) -> str:
        """contracts.questions.CONTACT."""
        person = Actor(**who) if who else None
        return answers.contact(
            self.house, number=number, party=party, purpose=purpose, request=request, asker=asker, who=person
        )

    @on_question
    def redact(self, number: str, sealed: str) -> str:
        """contracts.questions.REDACT."""
        return answers.redacted(self.house, number=number, sealed=sealed)

    @on_question
    def disclose(self, number: str, order: str, matter: str, unit: str, head: str) -> dict[str, Any]:
        """contracts.questions.DISCLOSE."""
        return circle.disclose(self.house, number, Order(id=order, matter=matter, unit=unit, head=head))

    @on_question
    def may_open(self, number: str, matter: str, subject: str, role: str, unit: str) -> bool:
        """contracts.questions.MAY_OPEN."""
        return circle.may_open(self.house, number, matter, subject=subject, role=role, unit=unit)

    @on_question
    def may_read(self, number: str, matter: str, subject: str, role: str, unit: str) -> bool:
        """contracts.questions.MAY_READ."""
        return circle.may_read(self.house, number, matter, subject=subject, role=role, unit=unit)

    @on_question
    def retention(self, office: str, month: str) -> dict[str, Any]:
        """contracts.questions.RETENTION."""
        return retention.of_month(self.house, office, month)

    @on_question
    def guidance(self, subject: str, version: int, reader: str) -> str:
        """contracts.questions.GUIDANCE."""
        return reading_up.supplied(self.house, subject, version, reader)

    @beat(interval=2, after=())
    def ask_owners(self) -> None:
        """Ask the owners of what will end in the knowledge base to renew it."""
        knowledge.ask_owners(self.house)

    @beat(interval=5, after=())
    def learn(self) -> None:
        """Learn from what was decided, for the suggestions."""
        learning.learn(self.house)

    @beat(interval=1, after=("part.closed", "case.concluded"))
    def seal_volumes(self) -> None:
        """Seal the volumes that are complete."""
        volumes.seal_volumes(self.house)

    @beat(interval=1, after=("case.passed", "case.concluded"))
    def pass_cases(self) -> None:
        """Register at the other office what was passed on, and tell back what is over there."""
        passing.pass_cases(self.house)

    @beat(interval=1, after=())
    def look_at_calls(self) -> None:
        """Ring lines again, register dropped calls, fetch recordings."""
        call_work.look(self.house)

    @beat(interval=1, after=())
    def alarm(self) -> None:
        """Tell leaders of what danger demands and nobody did in time."""
        emergencies.alarm(self.house)

    @beat(interval=1, after=())
    def send_links(self) -> None:
        """Answer who asked for a progress link."""
        progress_links.send_asked(self.house)

    @beat(interval=30, after=())
    def scan_waiting(self) -> None:
        """Scan the files that waited for the scanner (E-49)."""
        quarantine.scan_waiting(self.house)

    @beat(interval=600, after=())
    def keep_words(self) -> None:
        """Keep the index of words whole."""
        words.keep(self.house)

    @beat(interval=20, after=())
    def count_pairs(self) -> None:
        """Count how rare each pair of characters is, where an office has grown."""
        words.count(self.house)

    @beat(interval=600, after=())
    def sweep_files(self) -> None:
        """Delete the bytes of files that no case came to hold."""
        files.sweep(self.house)
