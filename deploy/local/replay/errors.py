"""What stops a replay."""


class CannotReplay(Exception):
    """The file, the mapping or the platform do not allow it; the message says what to do."""
