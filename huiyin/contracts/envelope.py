"""The envelope of an event on the wire: CloudEvents 1.0, structured JSON.

`subject` is the case number, `time` office time, `sequence` dense from 1 within
(source, subject). Extension names are lowercase letters and digits, as CloudEvents wants.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

import marshmallow_dataclass
from marshmallow import EXCLUDE, Schema, ValidationError, fields

from huiyin.contracts.events import Event
from huiyin.contracts.hearers import ROUTES

CONTENT_TYPE: Final = "application/json"
_SCHEMA_ROOT: Final = "https://huiyin.example/schemas/"


class MalformedEnvelope(Exception):
    """The bytes are no envelope of ours; the message names what is wrong."""


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One event as it travels; `data` is the JSON form of the event."""

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    office: str
    sequence: int
    correlationid: str
    causationid: str
    data: dict[str, Any]

    def event(self) -> Event:
        """The typed event; MalformedEnvelope when the data do not fit its type."""
        try:
            loaded = schema_of(self.type).load(self.data, unknown=EXCLUDE)
        except ValidationError as invalid:
            raise MalformedEnvelope(f"{self.type}: {invalid.messages}") from invalid
        assert isinstance(loaded, Event)
        return loaded

    def to_bytes(self) -> bytes:
        """The wire form."""
        return json.dumps(
            {
                "specversion": "1.0",
                "id": self.id,
                "source": self.source,
                "type": self.type,
                "subject": self.subject,
                "time": self.time.isoformat(),
                "datacontenttype": CONTENT_TYPE,
                "dataschema": f"{_SCHEMA_ROOT}{self.type}/1",
                "correlationid": self.correlationid,
                "causationid": self.causationid,
                "sequence": self.sequence,
                "office": self.office,
                "data": self.data,
            },
            ensure_ascii=False,
        ).encode()


class _Whole(fields.Integer):
    """A whole number; 1.5 is none, where marshmallow would cut it to 1."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strict=True, **options)


class _Strict(Schema):
    """Base of all events' schemas: whole numbers are whole, times say their offset."""

    TYPE_MAPPING = {**Schema.TYPE_MAPPING, int: _Whole, datetime: fields.AwareDateTime}  # noqa: RUF012


@cache
def schema_of(event_type: str) -> Schema:
    """The marshmallow schema of an event type's data."""
    return marshmallow_dataclass.class_schema(ROUTES[event_type].event, base_schema=_Strict)()


def dump(event: Event) -> dict[str, Any]:
    """The JSON form of an event's data."""
    dumped: dict[str, Any] = schema_of(event.type).dump(event)
    return dumped


def parse(raw: bytes) -> Envelope:
    """Read the wire form; MalformedEnvelope says what is wrong, the caller keeps the bytes."""
    body = _json(raw)
    if not isinstance(body, dict) or body.get("specversion") != "1.0":
        raise MalformedEnvelope("not a CloudEvents 1.0 object")
    try:
        envelope = Envelope(
            id=_text(body, "id"),
            source=_text(body, "source"),
            type=_text(body, "type"),
            subject=_text(body, "subject"),
            time=_time(body),
            office=_text(body, "office"),
            sequence=_count(body, "sequence"),
            correlationid=_text(body, "correlationid"),
            causationid=_text(body, "causationid"),
            data=body["data"] if isinstance(body.get("data"), dict) else {},
        )
    except (KeyError, ValueError) as wrong:
        raise MalformedEnvelope(f"attribute missing or wrong: {wrong}") from wrong
    if envelope.type not in ROUTES:
        raise MalformedEnvelope(f"unknown event type {envelope.type!r}")
    return envelope


def _json(raw: bytes) -> Any:
    try:
        body = json.loads(raw.decode("utf-8"))
        if rb"\u" in raw:  # half a surrogate pair may hide behind an escape, and no store keeps it
            json.dumps(body, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as broken:  # a nest too deep, a number too long
        raise MalformedEnvelope(f"not UTF-8 JSON: {broken}") from broken
    return body


def _time(body: dict[str, Any]) -> datetime:
    value = datetime.fromisoformat(_text(body, "time"))
    if value.tzinfo is None:
        raise ValueError("time must say its offset")
    return value


def _text(body: dict[str, Any], name: str) -> str:
    value = body[name]
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} must be a non-empty string")
    value.encode()  # half a surrogate pair is JSON, but no text
    return value


def _count(body: dict[str, Any], name: str) -> int:
    value = body[name]
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{name} must be a positive integer")
    return value
