"""Whom a client of an HTTP address trusts."""

import ssl
from typing import Final

#: Trusts nobody, and is made once: a client of httpx without a context loads every authority of the machine,
#: which takes 36 ms of processor, more than a call.
NO_CA: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def trusted_at(*urls: str) -> ssl.SSLContext | bool:
    """For httpx's `verify`: the machine's authorities, unless none of the addresses has TLS."""
    return True if any(url.casefold().startswith("https:") for url in urls) else NO_CA
