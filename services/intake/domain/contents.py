"""What a file is, told by its bytes; names and headers count for nothing."""

import codecs
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

import filetype

from services.intake.domain.files import KINDS, LARGEST_BYTES, UNKNOWN, Doubt
from services.intake.errors import FileNotTaken, FileTooLarge

_HEAD_BYTES: Final = 8192
_TEXT: Final = "text/plain"
_ENCODINGS: Final = ("utf-8", "gb18030")
#: A text has none of these: tab, line feed, form feed and carriage return are all that may be below space.
_NO_TEXT: Final = frozenset(range(32)) - frozenset(b"\t\n\f\r")
_TAKEN: Final = (
    "图片 (JPEG, PNG, WebP)、文字 (PDF, TXT)、录音 (MP3, AMR, M4A, OGG, WAV, AAC)、视频 (MP4, MOV, WebM)"
)


def recognised(pieces: Iterator[bytes]) -> tuple[str, Iterator[bytes]]:
    """The media type, and the same bytes again; refused as soon as they are of no kind that is taken."""
    head = _head(pieces)
    guessed = filetype.guess_mime(head)
    media = guessed or _TEXT
    if media not in KINDS:
        raise FileNotTaken(f"不受理这类文件；可用：{_TAKEN}。", {"file": str(media)})
    whole = _limited(chain([head], pieces))
    return media, whole if guessed else _checked_text(whole)


class Examined:
    """A file that is taken whatever it is: once its `pieces` are read, `media` and `doubt` say what it is.

    E-49: what cannot be read, or is of no kind that is taken, is quarantined, not refused. What is empty
    or over the limit is refused: of the one nothing could be kept, of the other too much.
    """

    def __init__(self, sent: Iterator[bytes]) -> None:
        head = _head(sent)
        guessed = filetype.guess_mime(head)
        self.media = guessed or _TEXT
        self.doubt: Doubt | None = None
        if self.media not in KINDS:
            self._found("not_taken")
        whole = _limited(chain([head], sent))
        self.pieces = self._read_as_text(whole) if self.media == _TEXT else whole

    def _read_as_text(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        text = _Text()
        for piece in pieces:
            text.read(piece)
            yield piece
        if not text.ends():
            self._found("unreadable")

    def _found(self, doubt: Doubt) -> None:
        self.media, self.doubt = UNKNOWN, doubt


def _head(pieces: Iterator[bytes]) -> bytes:
    head = b""
    for piece in pieces:
        head += piece
        if len(head) >= _HEAD_BYTES:
            break
    if not head:
        raise FileNotTaken("文件是空的，请重新选择。", {"file": "空文件"})
    return head


def _limited(pieces: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > LARGEST_BYTES:
            raise FileTooLarge(f"文件不得超过 {LARGEST_BYTES // 1024 // 1024} MB。")
        yield piece


def _checked_text(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """What has no known beginning is text in UTF-8 or GB 18030, from first to last, or is refused."""
    text = _Text()
    for piece in pieces:
        _require_text(text.read(piece))
        yield piece
    _require_text(text.ends())


class _Text:
    """Whether bytes that come piece by piece are text so far."""

    def __init__(self) -> None:
        self._decoders = {name: codecs.getincrementaldecoder(name)() for name in _ENCODINGS}

    def read(self, piece: bytes) -> bool:
        fits = _NO_TEXT.isdisjoint(piece)
        self._decoders = {name: d for name, d in self._decoders.items() if fits and _decodes(d, piece)}
        return bool(self._decoders)

    def ends(self) -> bool:
        return any(_decodes(d, b"", final=True) for d in self._decoders.values())


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True


def _require_text(is_text: bool) -> None:
    if not is_text:
        raise FileNotTaken(f"认不出这类文件；可用：{_TAKEN}。", {"file": "无法识别"})
