"""What a department that subscribes reads in its feed: the outside contract, word for word.

A feed is a stream of CloudEvents 1.0 in structured JSON. A line carries a case's number and what a
unit needs to keep its own list of orders: never text, identity, a member of staff, or why this unit.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from huiyin.contracts import events as e

VHOST: Final = "departments"
CONTENT_TYPE: Final = "application/cloudevents+json"

#: Only whole closed segments expire, so the daily marker fills one: each day closes its own.
SEGMENT_BYTES: Final = 65_536
KEPT: Final = "90D"
#: What a feed may take at most on disk, however much is said and however long nobody reads.
MOST_BYTES: Final = 500_000_000

GIVEN: Final = "order.given"
RECALLED: Final = "order.recalled"
CONCLUDED: Final = "case.concluded"
DEADLINE: Final = "deadline.set"
MARKER: Final = "feed.marker"

_SCHEMA_ROOT: Final = "https://huiyin.example/schemas/feed/"


@dataclass(frozen=True)
class Line:
    """One kind of line: its CloudEvents type, the event it is made of, and what of that travels."""

    name: str
    event: type[e.Event]
    fields: tuple[str, ...]
    words: str


#: By the event type a line is made of. Each also carries `order` and `matter`, but for the last.
LINES: Final[Mapping[str, Line]] = {
    line.event.type: line
    for line in (
        Line(
            GIVEN, e.OrderDispatched, ("role", "round", "dispatched_at"), "派单 the unit was given an order"
        ),
        Line(RECALLED, e.OrderRecalled, ("recalled_at",), "收回 the order ends; close it"),
        Line(
            DEADLINE,
            e.DeadlineSet,
            ("due_on", "due_at", "provisional", "reason"),
            "期限 the order's date, said whole; it replaces every earlier one",
        ),
        Line(
            "order.urged",
            e.OrderUrged,
            ("slip", "ordinal", "due_on", "urged_at"),
            "催办 an urging slip before the limit",
        ),
        Line(
            "order.overdue",
            e.SupervisionIssued,
            ("slip", "ordinal", "overdue_since", "due_on", "issued_at"),
            "督办 written supervision after the limit, with a limit of its own",
        ),
        Line(
            "slip.withdrawn",
            e.SlipWithdrawn,
            ("slip", "notice", "withdrawn_at"),
            "撤销 a slip proved wrong and is taken back",
        ),
        Line(
            "reply.returned",
            e.ReplyReturned,
            ("reply", "round", "failed", "due_on", "returned_at"),
            "退回重办 the reply failed by these criteria; the demands stand on the unit's desk",
        ),
        Line("reply.approved", e.ReplyApproved, ("reply", "round", "approved_at"), "通过 the reply passed"),
        Line(
            CONCLUDED,
            e.CaseConcluded,
            ("outcome", "round", "concluded_at"),
            "办结 handling is over toward the complainant",
        ),
    )
}


def feed_name(office: str, unit: str, offices_with_unit: Sequence[str]) -> str:
    """`feed.<unit>`, or `feed.<office>.<unit>` where several offices have a unit of that id.

    Ids hold neither dots nor signs of a regular expression but in what is escaped, so no two names meet.
    """
    return f"feed.{unit}" if list(offices_with_unit) == [office] else f"feed.{office}.{unit}"


def written(
    *,
    id: str,  # noqa: A002 - CloudEvents' word
    office: str,
    type: str,  # noqa: A002 - CloudEvents' word
    subject: str,
    time: datetime,
    sequence: int,
    data: Mapping[str, Any],
) -> bytes:
    """A line as it lies in the stream."""
    line = {
        "specversion": "1.0",
        "id": id,
        "source": f"/huiyin/{office}",
        "type": type,
        "subject": subject,
        "time": time.isoformat(),
        "datacontenttype": "application/json",
        "dataschema": f"{_SCHEMA_ROOT}{type}/1",
        "sequence": sequence,
        "data": dict(data),
    }
    return json.dumps(line, ensure_ascii=False).encode()


def marker(office: str, feed: str, day: date, at: datetime) -> bytes:
    """The line of a day: it says that the feed lives, and with blanks behind it fills a segment."""
    data = {"day": day.isoformat()}
    line = written(
        id=f"{feed}:{day}", office=office, type=MARKER, subject=feed, time=at, sequence=1, data=data
    )
    return line.ljust(SEGMENT_BYTES)
