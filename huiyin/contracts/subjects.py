"""What an event's subject names: a case by its number; anything else as `<collection>:<office>:<id>`."""


def is_case(subject: str) -> bool:
    """Whether it is a case's number; what else there is belongs to no case's journal, books or circle."""
    return ":" not in subject
