"""Whom our clients trust over TLS, and how new it must be."""

import ssl
from typing import Final

#: The oldest TLS that we speak, as client and as server.
OLDEST: Final = ssl.TLSVersion.TLSv1_2
#: Trusts nobody, and is made once: a client of httpx without a context loads every authority of the machine,
#: which takes 36 ms of processor, more than a call.
NO_CA: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def verifying(ca_file: str | None = None) -> ssl.SSLContext:
    """A client that checks certificate and host name by that file's authorities, else by the machine's.

    Python leaves the oldest version to how it was built, so it is named here.
    """
    context = ssl.create_default_context(cafile=ca_file)
    context.minimum_version = OLDEST
    return context


def trusted_at(*urls: str) -> ssl.SSLContext:
    """For httpx's `verify`: the machine's authorities, unless none of the addresses has TLS."""
    return verifying() if any(url.casefold().startswith("https:") for url in urls) else NO_CA
