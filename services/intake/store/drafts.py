"""Half-typed forms."""

from typing import TYPE_CHECKING

from pymongo import ASCENDING, IndexModel

from huiyin.chassis.mongo import Doc
from huiyin.chassis.sight import bars_of
from huiyin.chassis.store import Documents
from services.intake.domain.drafts import FormDraft

if TYPE_CHECKING:  # a restore uses this room without the machinery of a process
    from huiyin.chassis.foundation import Foundation


def form_drafts(foundation: "Foundation") -> Documents[FormDraft]:
    """The collection `drafts`: half-typed forms, seen as a whole or not at all."""
    return foundation.documents(
        "drafts",
        FormDraft,
        key_field="draft",
        indexed=_draft_scalars,
        indexes=[
            IndexModel([("draft", ASCENDING)], unique=True),
            IndexModel([("office", ASCENDING), ("draft_number", ASCENDING), ("expires_at", ASCENDING)]),
        ],
        narrow=lambda _draft, _matters: None,
    )


def _draft_scalars(draft: FormDraft) -> Doc:
    return {
        "draft_number": draft.number,
        "changed_at": draft.changed_at,
        "expires_at": draft.expires_at,
        **bars_of(draft),
    }
