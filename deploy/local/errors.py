"""What can go wrong with the local stack, in words that say what to do."""


class LocalStackError(Exception):
    """The local stack cannot start; the message says why and what to do."""


class PortTakenError(LocalStackError):
    """Another program took a port between our choosing it and the server's binding it."""
