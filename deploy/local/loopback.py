"""HTTP between processes of one machine."""

import ssl
from typing import Final

#: Trusts nobody, and is made once: a call of httpx without a context loads every CA, which takes 36 ms of
#: processor, more than the call itself.
NO_CA: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
