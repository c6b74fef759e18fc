"""What is said arrives as it was said, and what is no envelope of ours is refused by name."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.contracts.envelope import Envelope, MalformedEnvelope, parse
from huiyin.contracts.events import ContactAttempted
from huiyin.contracts.hearers import ROUTES
from huiyin.contracts.tides import dump_tide, hears_tide_of, parse_tide
from tests.contracts.examples import envelope, events

EVENT = ContactAttempted(
    round=1, attempt=2, medium="call", reached=False, attempted_at=datetime(2026, 6, 5, tzinfo=UTC)
)
ATTRIBUTES = sorted(Envelope.__dataclass_fields__)


def body(**changed: Any) -> dict[str, Any]:
    """The wire form of a good envelope with attributes changed; None takes one away."""
    good = json.loads(envelope(EVENT).to_bytes())
    return {name: value for name, value in (good | changed).items() if value is not None}


def wire(**changed: Any) -> bytes:
    return json.dumps(body(**changed)).encode()


def data(**changed: Any) -> dict[str, Any]:
    return {**envelope(EVENT).data, **changed}


@pytest.mark.parametrize("name", ROUTES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drawn=st.data())
def test_every_event_arrives_as_it_was_said(name: str, drawn: st.DataObject) -> None:
    event = drawn.draw(events(name))
    said = envelope(event)
    heard = parse(said.to_bytes())
    assert heard == said
    assert heard.event() == event


def test_the_wire_form_is_cloudevents_in_structured_mode() -> None:
    wired = json.loads(envelope(EVENT).to_bytes())
    assert (wired["specversion"], wired["datacontenttype"]) == ("1.0", "application/json")
    assert wired["dataschema"].endswith("/contact.attempted/1")
    assert all(name.isascii() and name.isalnum() and name.islower() for name in wired)


def test_chinese_travels_as_it_is_and_not_escaped() -> None:
    assert "市长".encode() in envelope(EVENT, office="市长热线").to_bytes()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff\xfe",
        "回音".encode("gb18030"),
        b"[" * 100_000,
        b"1" * 10_000,
        b"null",
        b"[]",
        b'"text"',
    ],
    ids=[
        "nothing",
        "broken",
        "no UTF-8",
        "GB 18030",
        "too deep",
        "too long a number",
        "null",
        "list",
        "text",
    ],
)
def test_what_is_no_json_object_in_utf_8_is_malformed(raw: bytes) -> None:
    with pytest.raises(MalformedEnvelope):
        parse(raw)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_at_all_raise_anything_else(raw: bytes) -> None:
    with pytest.raises(MalformedEnvelope):
        parse(raw)


def test_half_a_surrogate_pair_which_no_store_can_keep_is_malformed() -> None:
    with pytest.raises(MalformedEnvelope, match="UTF-8"):
        parse(wire(subject="\ud800"))
    assert parse(wire(subject="\U0001f4de")).subject == "\U0001f4de"


@pytest.mark.parametrize("version", [None, "0.3", "2.0", 1.0])
def test_another_version_of_cloudevents_is_malformed(version: object) -> None:
    with pytest.raises(MalformedEnvelope, match=r"CloudEvents 1\.0"):
        parse(wire(specversion=version))


@pytest.mark.parametrize("name", [name for name in ATTRIBUTES if name != "data"])
def test_a_missing_attribute_is_malformed_and_named(name: str) -> None:
    with pytest.raises(MalformedEnvelope, match=name):
        parse(wire(**{name: None}))


@pytest.mark.parametrize("name", [name for name in ATTRIBUTES if name not in {"data", "sequence"}])
@pytest.mark.parametrize("value", ["", 7, ["x"], {}, True])
def test_an_attribute_that_is_no_text_is_malformed_and_named(name: str, value: object) -> None:
    with pytest.raises(MalformedEnvelope, match=name):
        parse(wire(**{name: value}))


@pytest.mark.parametrize("value", [0, -1, 1.5, "1", True, [1]])
def test_a_sequence_is_a_whole_number_from_1(value: object) -> None:
    with pytest.raises(MalformedEnvelope, match="sequence"):
        parse(wire(sequence=value))


@pytest.mark.parametrize("value", ["yesterday", "2026-13-01T00:00:00Z", "2026-06-05T10:00:00", "1717552800"])
def test_a_time_that_is_none_or_does_not_say_its_offset_is_malformed(value: str) -> None:
    with pytest.raises(MalformedEnvelope):
        parse(wire(time=value))


def test_a_type_nobody_knows_is_malformed_and_named() -> None:
    with pytest.raises(MalformedEnvelope, match=r"case\.vanished"):
        parse(wire(type="case.vanished"))


@pytest.mark.parametrize("field", sorted(envelope(EVENT).data))
def test_data_that_lack_a_field_or_hold_none_are_malformed_and_named(field: str) -> None:
    lacking = {name: value for name, value in data().items() if name != field}
    for wrong in (lacking, data(**{field: None})):
        with pytest.raises(MalformedEnvelope, match=rf"contact\.attempted.*{field}"):
            parse(wire(data=wrong)).event()


@pytest.mark.parametrize(
    "wrong",
    [
        {"medium": "pigeon"},
        {"medium": 1},
        {"round": "first"},
        {"round": 1.5},
        {"reached": "perhaps"},
        {"attempted_at": "soon"},
        {"attempted_at": "2026-06-05T10:00:00"},
        {"attempted_at": 0.5},
    ],
    ids=str,
)
def test_data_of_a_wrong_type_are_malformed(wrong: dict[str, Any]) -> None:
    with pytest.raises(MalformedEnvelope, match=next(iter(wrong))):
        parse(wire(data=data(**wrong))).event()


@pytest.mark.parametrize("wrong", [None, [], "x", 1])
def test_data_that_are_no_object_are_malformed(wrong: object) -> None:
    with pytest.raises(MalformedEnvelope):
        parse(wire(data=wrong)).event()


def test_what_a_newer_sayer_adds_is_left_out() -> None:
    heard = parse(wire(data=data(mood="calm"), traceparent="00-1"))
    assert heard.event() == EVENT


def test_a_tide_arrives_as_it_was_said_and_what_is_none_is_refused() -> None:
    until = datetime(2026, 6, 5, tzinfo=UTC)
    assert parse_tide(dump_tide("dispatch", until)) == ("dispatch", until)
    for raw in (b"{", b"{}", b'{"source": "dispatch"}', b"7", b'{"source": "dispatch", "until": 7}'):
        with pytest.raises(ValueError, match=r"."):
            parse_tide(raw)


def test_supervision_alone_waits_for_a_tide() -> None:
    assert hears_tide_of("supervision", "dispatch")
    assert not hears_tide_of("intake", "dispatch")
    assert not hears_tide_of("supervision", "intake")
