"""Late masking: what a case's parties told later is cut from the words that are kept for work.

The redacted words are a cache: the original stays sealed, and what other services hold passes the
redactor each time it is shown, so it needs no masking of its own.
"""

from collections.abc import Collection
from dataclasses import replace

from services.intake.domain.case import Case, CaseMatter
from services.intake.domain.enclosure import Enclosure
from services.intake.domain.redaction import redact


def mask(case: Case, own: Collection[str]) -> Case:
    """The case with its words redacted once more; `own` are all values that its parties gave by now.

    What was cut stays cut: redacting what is redacted adds marks and takes none away.
    """
    given = case.answered and replace(case.answered, text=redact(case.answered.text, own))
    return replace(
        case,
        matters=tuple(_masked(matter, own) for matter in case.matters),
        enclosures=tuple(_shown_less(enclosure, own) for enclosure in case.enclosures),
        answered=given,
    )


def _masked(matter: CaseMatter, own: Collection[str]) -> CaseMatter:
    return replace(
        matter,
        place=redact(matter.place, own),
        text=redact(matter.text, own),
        wish=redact(matter.wish, own),
        object=redact(matter.object, own),
    )


def _shown_less(enclosure: Enclosure, own: Collection[str]) -> Enclosure:
    lines = [replace(line, shown=redact(line.shown, own)) for line in enclosure.lines]
    return enclosure.with_lines(lines)
