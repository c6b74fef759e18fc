"""Request bodies: JSON in UTF-8 within a limit, or what a view says it accepts."""

import json
from collections.abc import Callable
from typing import Any, Final, NoReturn, TypeVar

from flask import current_app, g, request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import LengthRequired, RequestEntityTooLarge, UnsupportedMediaType

from huiyin.chassis.errors import Malformed
from huiyin.chassis.web.access import handler_of

F = TypeVar("F", bound=Callable[..., Any])

_ACCEPTS: Final = "huiyin_accepts"
_WITH_BODY: Final = {"POST", "PUT", "PATCH", "DELETE"}


def accepts(*mimetypes: str, max_bytes: int) -> Callable[[F], F]:
    """The view takes these types instead of JSON, up to its own limit, and reads them itself."""

    def mark(view: F) -> F:
        setattr(view, _ACCEPTS, (mimetypes, max_bytes))
        return view

    return mark


def check_body() -> None:
    """Read and check the body before the view: broken, foreign and overlong ones are refused."""
    if request.url_rule is None or request.method not in _WITH_BODY:
        return
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("send the body as it is, without a Content-Encoding")
    own = _accepted_types()
    if own is not None:
        _check_own(*own)
        return
    raw = _read_whole()
    if raw:
        _check_json_type()
        g.body = parse_json(raw)


def parse_json(raw: bytes) -> Any:
    """The value of a JSON text that every part of the platform can keep, or Malformed."""
    try:
        value = json.loads(raw.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_unique)
        canonical(value)
    except UnicodeError as wrong:  # not UTF-8, or half a surrogate pair behind an escape
        raise Malformed("the body must be UTF-8") from wrong
    except (ValueError, RecursionError) as wrong:
        raise Malformed("the body is no valid JSON") from wrong
    return value


def canonical(value: Any) -> bytes:
    """One byte form of a JSON value, whatever its spacing and order of keys."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def _accepted_types() -> tuple[tuple[str, ...], int] | None:
    assert request.endpoint is not None
    view = handler_of(current_app.view_functions[request.endpoint], request.method)
    found: tuple[tuple[str, ...], int] | None = getattr(view, _ACCEPTS, None)
    return found


def _read_whole() -> bytes:
    # Werkzeug cuts a chunked body off at the limit without a word: let one byte more
    # through, so that an overlong body is seen as such and never taken for its beginning.
    limit = current_app.config["MAX_CONTENT_LENGTH"]
    request.max_content_length = limit + 1
    try:
        raw = request.get_data(cache=True)
    except (OSError, ParseException) as wrong:  # a connection that ends, broken chunks
        raise Malformed("the body cannot be read to its end") from wrong
    if len(raw) > limit:
        raise RequestEntityTooLarge
    return raw


def _check_own(mimetypes: tuple[str, ...], max_bytes: int) -> None:
    if request.content_length is None:  # the view reads by itself: see _read_whole
        raise LengthRequired("send a Content-Length")
    request.max_content_length = max_bytes
    if request.mimetype not in mimetypes:
        raise UnsupportedMediaType("send one of " + ", ".join(mimetypes))


def _check_json_type() -> None:
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype != "application/json" or charset not in {"utf-8", "utf8"}:
        raise UnsupportedMediaType("send Content-Type: application/json, in UTF-8")


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found
