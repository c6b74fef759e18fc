"""Where echoes are kept: one document a case, found by number and by office and state."""

from pymongo import ASCENDING, IndexModel

from huiyin.chassis.foundation import Foundation
from huiyin.chassis.mongo import Doc
from huiyin.chassis.sight import bars_of
from huiyin.chassis.store import Documents
from services.feedback.domain.echo import Echo
from services.feedback.domain.seen import narrow


def echoes(foundation: Foundation) -> Documents[Echo]:
    """The collection `echoes`, keyed by case number."""
    return foundation.documents(
        "echoes",
        Echo,
        indexed=_scalars,
        indexes=[IndexModel([("office", ASCENDING), ("desk", ASCENDING), ("_id", ASCENDING)])],
        narrow=narrow,
    )


def _scalars(echo: Echo) -> Doc:
    """`desk` finds an office's call-backs by state."""
    return {"desk": echo.state, **bars_of(echo)}
