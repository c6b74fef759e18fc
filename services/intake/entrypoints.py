"""What comes to intake by bus, RPC and timer."""

from huiyin.chassis.answering import on_question
from huiyin.chassis.beat import beat
from huiyin.chassis.worker import BaseWorker
from services.intake.use_cases import answers, files, volumes


class IntakeWorker(BaseWorker):
    """Keeps the journal, answers for identity and redaction, seals volumes."""

    name = "intake"

    @on_question
    def contact(self, number: str, party: str, purpose: str, request: str, asker: str) -> str:
        """contracts.questions.CONTACT."""
        return answers.contact(
            self.house, number=number, party=party, purpose=purpose, request=request, asker=asker
        )

    @on_question
    def redact(self, number: str, sealed: str) -> str:
        """contracts.questions.REDACT."""
        return answers.redacted(self.house, number=number, sealed=sealed)

    @beat(interval=1, after=("part.closed", "case.concluded"))
    def seal_volumes(self) -> None:
        """Seal the volumes that are complete."""
        volumes.seal_volumes(self.house)

    @beat(interval=600, after=())
    def sweep_files(self) -> None:
        """Delete the bytes of files that no case came to hold."""
        files.sweep(self.house)
