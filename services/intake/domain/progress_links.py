"""Who asks for a progress link by telephone, and what is said so that they get it."""

from huiyin.contracts.events import Event, MessageRequested
from services.intake.domain.case import Case

#: The only message that carries a link; notify is given it with the contact, and nowhere else.
TEMPLATE = "progress_link"


def said(case: Case, phone: str, request: str) -> list[Event]:
    """The message to the party whose telephone it is; no stranger's, none in a restricted view (E-35)."""
    party = next((p for p in case.parties if p.phone_hash == phone and "sms" in p.media), None)
    if party is None or case.restricted_at is not None:
        return []
    return [
        MessageRequested(
            message=f"progress-link:{request}",
            template=TEMPLATE,
            addressee_kind="party",
            addressee=party.id,
        )
    ]
