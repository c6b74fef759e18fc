"""One file from a multipart body, read as it comes: neither in memory nor on a disk as a whole."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from flask import Response, after_this_request, request
from werkzeug.exceptions import HTTPException
from werkzeug.sansio.multipart import Data, Epilogue, Event, File, MultipartDecoder, NeedData, Preamble

from huiyin.chassis.errors import Invalid, Malformed

MULTIPART: Final = "multipart/form-data"
FIELD: Final = "file"
#: The body as OpenAPI tells it.
ONE_FILE: Final = {
    "required": True,
    "content": {
        MULTIPART: {
            "schema": {
                "type": "object",
                "required": [FIELD],
                "properties": {FIELD: {"type": "string", "format": "binary"}},
            }
        }
    },
}
_READ_BYTES: Final = 256 * 1024
#: What the decoder may hold back of what was read, since a boundary might begin in it.
_BUFFERED_BYTES: Final = 4 * _READ_BYTES
_PARTS_MOST: Final = 2
_NAME_MOST: Final = 200


@dataclass(frozen=True)
class Upload:
    """A file on its way in: the name its sender gave it, and its bytes, to be read once."""

    name: str
    pieces: Iterator[bytes]


def uploaded() -> Upload:
    """The one part `file` of the request; for views marked by `Blueprint.one_file`."""
    after_this_request(_read_to_end)
    events = _events()
    first = next(events, None)
    if not isinstance(first, File) or first.name != FIELD:
        raise Invalid(
            f"请以 multipart/form-data 提交一个名为 {FIELD} 的文件。", {FIELD: "必填，且只有这一项"}
        )
    return Upload((first.filename or "")[:_NAME_MOST], _content(events))


def _read_to_end(response: Response) -> Response:
    """A client that is cut off while it sends sees a broken connection instead of the refusal."""
    with suppress(HTTPException, OSError):
        while request.stream.read(_READ_BYTES):
            pass
    return response


def _content(events: Iterator[Event]) -> Iterator[bytes]:
    for event in events:
        if not isinstance(event, Data):
            raise Invalid("一次只提交一个文件。", {FIELD: "只有这一项"})
        yield event.data


def _events() -> Iterator[Event]:
    """What the body says, but for its beginning and end; Malformed when it breaks off."""
    boundary = request.mimetype_params.get("boundary", "")
    decoder, body = (
        MultipartDecoder(boundary.encode(), _BUFFERED_BYTES, max_parts=_PARTS_MOST),
        request.stream,
    )
    while True:
        event = _next(decoder)
        if isinstance(event, NeedData):
            decoder.receive_data(body.read(_READ_BYTES) or None)
        elif isinstance(event, Epilogue):
            return
        elif not isinstance(event, Preamble):
            yield event


def _next(decoder: MultipartDecoder) -> Event:
    try:
        return decoder.next_event()
    except ValueError as wrong:
        raise Malformed("the multipart body cannot be read") from wrong
