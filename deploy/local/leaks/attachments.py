"""Files that name somebody: in their words, or in what a camera wrote into a picture."""

import io
from collections.abc import Callable, Mapping
from typing import Final

from PIL import Image

from deploy.local.leaks.controls import WRAPPINGS

_DESCRIPTION: Final = 0x010E
_ARTIST: Final = 0x013B


def _jpg(words: str) -> bytes:
    """A picture of nothing, whose camera wrote the words into it."""
    written = Image.Exif()
    written[_DESCRIPTION] = written[_ARTIST] = words
    file = io.BytesIO()
    Image.new("RGB", (32, 32), "white").save(file, "JPEG", exif=written)
    return file.getvalue()


#: By the end of its name, how a file is made of words.
FILES: Final[Mapping[str, Callable[[str], bytes]]] = {
    "txt": str.encode,
    "pdf": WRAPPINGS["PDF"],
    "jpg": _jpg,
}
