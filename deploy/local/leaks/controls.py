"""Controls: people who are planted where one looks, in every wrapping, to show that one finds them there."""

import base64
import gzip
import io
import json
import zlib
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote

from openpyxl import Workbook

from deploy.local.leaks.people import Identity

Wrap = Callable[[str], bytes]


def _xlsx(words: str) -> bytes:
    book, file = Workbook(), io.BytesIO()
    assert book.active is not None
    book.active["B2"] = words
    book.save(file)
    return file.getvalue()


def _pdf(words: str) -> bytes:
    """One page in a font whose own table says which sign is which, as office programs write it."""
    signs = sorted(set(words))
    codes = "".join(f"{signs.index(sign) + 1:04X}" for sign in words)
    rows = "\n".join(f"<{n:04X}> <{ord(sign):04X}>" for n, sign in enumerate(signs, start=1))
    codespace = "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange"
    table = f"{codespace}\n{len(signs)} beginbfchar\n{rows}\nendbfchar"
    font = "/Type /Font /Subtype /Type0 /BaseFont /Own /Encoding /Identity-H /ToUnicode 5 0 R"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F 6 0 R >> >> >>",
        _stream(f"BT /F 12 Tf 50 700 Td <{codes}> Tj ET"),
        _stream(table),
        f"<< {font} /DescendantFonts [7 0 R] >>".encode(),
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Own /DW 1000 >>",
    ]
    return _numbered(objects)


def _stream(content: str) -> bytes:
    packed = zlib.compress(content.encode())
    head = f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n"
    return head.encode() + packed + b"\nendstream"


def _numbered(objects: list[bytes]) -> bytes:
    file, places = b"%PDF-1.7\n", []
    for n, content in enumerate(objects, start=1):
        places.append(len(file))
        file += b"%d 0 obj\n%b\nendobj\n" % (n, content)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, rows)
    ends = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(file))
    return file + table + ends


#: By name, how words may lie somewhere.
WRAPPINGS: Final[Mapping[str, Wrap]] = {
    "plain": str.encode,
    "JSON": lambda words: json.dumps({"说": words}).encode(),
    "JSON in JSON": lambda words: json.dumps({"text": json.dumps([words])}).encode(),
    "URL": lambda words: quote(words).encode(),
    "base64": lambda words: base64.b64encode(f"附：{words}".encode()),
    "gzip": lambda words: gzip.compress(words.encode()),
    "gzip in base64": lambda words: b"data:" + base64.b64encode(gzip.compress(words.encode())),
    "GBK": lambda words: words.encode("gbk"),
    "UTF-16": lambda words: words.encode("utf-16"),
    "XLSX": _xlsx,
    "PDF": _pdf,
    "PDF in base64": lambda words: base64.b64encode(_pdf(words)),
}
#: What may stand in a text, such as a log's line.
TEXTUAL: Final = ("plain", "JSON", "JSON in JSON", "URL", "base64", "gzip in base64", "PDF in base64")


class Controls:
    """One person for each wrapping."""

    def __init__(self, people: list[Identity]) -> None:
        self._people = dict(zip(WRAPPINGS, people, strict=True))
        self.numbers: dict[int, str] = {person.number: way for way, person in self._people.items()}

    def wrapped(self, way: str) -> bytes:
        """The words that name this wrapping's person, wrapped."""
        return WRAPPINGS[way](self.words(way))

    def words(self, way: str) -> str:
        """The name of this wrapping's person: no digit, which most wrappings leave as it is."""
        return self._people[way].name

    def textual(self) -> str:
        """All wrappings that may stand in a text."""
        return " ".join(self.wrapped(way).decode() for way in TEXTUAL)
