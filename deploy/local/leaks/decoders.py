"""Takes wrappings off: whatever bytes hold in JSON escapes, URLs, base64, gzip, ZIP (XLSX) or PDF."""

import base64
import html
import io
import logging
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Final
from urllib.parse import unquote_to_bytes

from pypdf import PdfReader
from pypdf.errors import PyPdfError

_DEEPEST: Final = 4
_MOST: Final = 64 * 1024 * 1024
_SIP: Final = 512
_JSON: Final = re.compile(rb"\\+u[0-9a-fA-F]{4}(?:\\+u[0-9a-fA-F]{4})*")
_UNIT: Final = re.compile(rb"\\+u")
_URL: Final = re.compile(rb"%[0-9A-Fa-f]{2}")
_XML: Final = re.compile(rb"&#x?[0-9A-Fa-f]+;")
#: The shortest is a name of three characters alone; the lines of a mail's attachment are one.
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/_-]{12,}(?:\r?\n[A-Za-z0-9+/_-]{60,})*")
#: By how many letters are over, the word with what fills it up.
_FILL: Final = (b"%b", b"%bAAA", b"%bAA", b"%bA")
_URLSAFE: Final = bytes.maketrans(b"-_", b"+/")
_PACKED: Final = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]|PK\x03\x04")
_PDF: Final = re.compile(rb"%PDF-(?:(?!%PDF-).){,16000000}%%EOF", re.DOTALL)
_ZIP: Final = b"PK\x03\x04"
_ZIP_HEADER: Final = 30


def readings(content: bytes, depth: int = 0, *, based: bool = False) -> Iterator[bytes]:
    """The content as it stands, freed of escapes, and all that it holds wrapped; `based` was base64."""
    for plain in (content, *_unescaped(content)):
        yield plain
        if depth < _DEEPEST:
            for inner in (*_packed(plain), *_pdf(plain)):
                yield from readings(inner, depth + 1)
            for inner in () if based else _base64(plain):
                yield from readings(inner, depth + 1, based=True)


def _unescaped(content: bytes) -> Iterator[bytes]:
    """The content with the escapes of JSON, URLs and XML as UTF-8, where it has any."""
    freed = _JSON.sub(_units, content)
    freed = _URL.sub(lambda found: unquote_to_bytes(found.group()), freed)
    freed = _XML.sub(lambda found: html.unescape(found.group().decode()).encode(), freed)
    if freed != content:
        yield freed


def _units(found: re.Match[bytes]) -> bytes:
    """UTF-16 code units; JSON inside JSON has more than one backslash before each."""
    units = bytes.fromhex(_UNIT.sub(b"", found.group()).decode())
    return units.decode("utf-16-be", "replace").encode()


def _base64(content: bytes) -> Iterator[bytes]:
    """All base64 in the content, from each of four beginnings, as it may stand inside a longer word."""
    found = dict.fromkeys(_BASE64.findall(content))
    words = [word.translate(_URLSAFE, b"\r\n") for word in found]
    for start in range(4 if words else 0):
        # Decoded in one go: each filled up to whole bytes, and apart from the next.
        yield base64.b64decode(b"AAAA".join(_FILL[(len(w) - start) % 4] % w[start:] for w in words))


def _packed(content: bytes) -> Iterator[bytes]:
    """What gzip, zlib or ZIP packed, wherever it begins; the streams of a PDF are such, too."""
    for found in _PACKED.finditer(content):
        with suppress(zlib.error):
            yield _unpacked(content, found)


def _unpacked(content: bytes, found: re.Match[bytes]) -> bytes:
    start, bits = found.start(), zlib.MAX_WBITS | 32
    if found.group() == _ZIP:
        name, extra = (int.from_bytes(content[start + at : start + at + 2], "little") for at in (26, 28))
        start, bits = start + _ZIP_HEADER + name + extra, -zlib.MAX_WBITS
    # Most that looks so by chance is found out by its first bytes.
    zlib.decompressobj(bits).decompress(content[start : start + _SIP])
    stream = zlib.decompressobj(bits)
    unpacked = stream.decompress(memoryview(content)[start:], _MOST)
    if not stream.eof and len(unpacked) < _MOST:
        raise zlib.error("no whole stream")
    return unpacked


def _pdf(content: bytes) -> Iterator[bytes]:
    """The words of every PDF, through the fonts' own tables; each ends at its last mark of an end."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # much that is found begins like a PDF only
    for found in _PDF.finditer(content):
        with suppress(PyPdfError):
            pages = PdfReader(io.BytesIO(found.group())).pages
            yield "\n".join(page.extract_text() for page in pages).encode()
