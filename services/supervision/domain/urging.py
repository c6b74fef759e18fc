"""In which turn units are urged."""

from datetime import date

from huiyin.chassis.rulebook import Rulebook


def turn(priority: str, due_on: date, book: Rulebook) -> tuple[int, date]:
    """What orders are sorted by: the higher priority first where the office has it so (S0-16, X-08), then
    what falls due first. A priority that the office has no more is the last, never left out.
    """
    names = list(book.classification.priorities) if book.urge.by_priority else []
    return names.index(priority) if priority in names else len(names), due_on
