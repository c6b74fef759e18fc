"""JSON logs on stdout, one object a line, that never let identity through."""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Final, Literal, TextIO

from pymongo.errors import ConnectionFailure

from huiyin.chassis.errors import WrongSetting

Process = Literal["web", "worker", "relay"]

_BOUND: ContextVar[Mapping[str, Any] | None] = ContextVar("huiyin_bound", default=None)

IDENTITY_KEYS: Final = frozenset(
    {
        "name",
        "names",
        "phone",
        "phones",
        "mobile",
        "telephone",
        "tel",
        "email",
        "mail",
        "address",
        "street",
        "house",
        "room",
        "text",
        "texts",
        "body",
        "content",
        "title",
        "remark",
        "remarks",
        "note",
        "notes",
        "reply",
        "result",
        "identity",
        "id_card",
        "idcard",
        "id_number",
        "complainant",
        "contact",
        "contacts",
        "voice",
        "file",
        "files",
        "password",
        "secret",
        "token",
        "authorization",
        "cookie",
        "payload",
        "姓名",
        "电话",
        "手机",
        "地址",
        "住址",
        "身份证",
        "内容",
    }
)
_OWN: Final = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_IDS: Final = frozenset({"correlation", "causation", "event", "case", "cause", "trace", "at"})
# Their messages speak of settings, hosts and ports only; all others may quote what they met.
_HARMLESS: Final = (WrongSetting, ConnectionFailure, ConnectionError, ImportError)

# Not inside a longer number or a hexadecimal id. \d also knows full-width digits.
_ID_CARD: Final = re.compile(r"(?<![0-9A-Fa-f])\d{6}[12１２]\d{10}[\dXxＸｘ](?![0-9A-Za-z])")
_MOBILE: Final = re.compile(r"(?<![0-9A-Fa-f])[1１][3-9３-９]\d[-\s]?\d{4}[-\s]?\d{4}(?![0-9A-Fa-f])")
_MOBILE_ABROAD: Final = re.compile(r"(?:\+|00)86[-\s]?[1１][3-9３-９]\d[-\s]?\d{4}[-\s]?\d{4}(?!\d)")
_QUIET: Final = ("httpx", "httpcore", "werkzeug", "pymongo", "pika", "amqp", "kombu")


@contextmanager
def bound(**fields: Any) -> Iterator[None]:
    """Add fields such as case and correlation to every log line written inside."""
    reset = _BOUND.set({**(_BOUND.get() or {}), **fields})
    try:
        yield
    finally:
        _BOUND.reset(reset)


def bind(**fields: Any) -> None:
    """Add fields until the enclosing `bound` ends."""
    _BOUND.set({**(_BOUND.get() or {}), **fields})


def masked(text: str) -> str:
    """The text with mobile and identity card numbers blotted out."""
    for pattern in (_ID_CARD, _MOBILE_ABROAD, _MOBILE):
        text = pattern.sub("***", text)
    return text


def configure_logging(
    service: str, process: Process, level: str = "INFO", stream: TextIO | None = None
) -> None:
    """Send all logging of this process to stdout as JSON. Call once, in `__main__`."""
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(JsonLines(service, process))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for chatty in _QUIET:
        logging.getLogger(chatty).setLevel(logging.WARNING)


class JsonLines(logging.Formatter):
    """One JSON object a record; identity is dropped by key and masked by look."""

    def __init__(self, service: str, process: str) -> None:
        super().__init__()
        self._fixed = {"service": service, "process": process}

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        line: dict[str, Any] = {
            "ts": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            **self._fixed,
            "logger": record.name,
            "msg": masked(record.getMessage()),
        }
        given = {**(_BOUND.get() or {}), **_extras(record)}
        line = {**_harmless(given), **line}
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = describe_error(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=_plain)


def describe_error(error: BaseException) -> dict[str, Any]:
    """An exception's type and place, never its values: its words may quote a complaint."""
    frames = traceback.extract_tb(error.__traceback__)
    trace = [f"{f.filename}:{f.lineno} {f.name}" for f in frames]
    told: dict[str, Any] = {"type": type(error).__qualname__, "at": _place(frames), "trace": trace}
    if isinstance(error, _HARMLESS):
        told["says"] = masked(str(error))
    cause = error.__cause__ or error.__context__
    if cause is not None:
        told["cause"] = {
            "type": type(cause).__qualname__,
            "at": _place(traceback.extract_tb(cause.__traceback__)),
        }
    return told


def _place(frames: traceback.StackSummary) -> str:
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""


def _extras(record: logging.LogRecord) -> dict[str, Any]:
    return {k: v for k, v in record.__dict__.items() if k not in _OWN}


def _harmless(value: Any, key: str = "") -> Any:
    if isinstance(value, Mapping):
        return {str(k): _harmless(v, str(k)) for k, v in value.items() if not _names_identity(str(k))}
    if isinstance(value, list | tuple | set | frozenset):
        return [_harmless(v, key) for v in value]
    if value is None or key in _IDS:
        return value
    if isinstance(value, int | float):
        return value if masked(str(value)) == str(value) else "***"
    return masked(value if isinstance(value, str) else _plain(value))


def _names_identity(key: str) -> bool:
    return key.lower() in IDENTITY_KEYS


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    # The repr of an unknown object may hold anything; its type is enough to find it.
    return f"<{type(value).__qualname__}>"
