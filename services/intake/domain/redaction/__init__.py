"""The redactor, the only one: frees a text of what tells who complained (E-79, S1-35).

It cuts the parties' own registered values wherever they stand and however they are spelled, and
what has the shape of a telephone, card, document or plate number, an e-mail address, an account, a
household's address or a name after the usual words; and it marks where it cut. It matches on a
normalised copy, so that all else stays as it was written. docs/redaction.md tells what is not cut.
"""

from services.intake.domain.redaction.page import Cut
from services.intake.domain.redaction.redactor import find, redact

__all__ = ["Cut", "find", "redact"]
