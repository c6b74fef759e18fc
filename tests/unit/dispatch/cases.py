"""Handlings to test on."""

from datetime import UTC, datetime

from bson import Binary

from huiyin.contracts.circle import Circle
from huiyin.contracts.events import CaseConcluded, CaseRegistered, Matter, PartyRef
from services.dispatch.domain import opening, orders
from services.dispatch.domain.handling import Handling, Reply
from services.dispatch.domain.rules import Rules
from tests.unit.offices import folder, rulebook

AT = datetime(2024, 9, 27, 2, 0, tzinfo=UTC)
MAYORS = rulebook("mayors-line")
CENTRE = rulebook("community-centre")
CITY = Rules(book=MAYORS, office=folder("mayors-line"), at=AT)
STREET = Rules(book=CENTRE, office=folder("community-centre"), at=AT)
OVER = CaseConcluded(outcome="echoed", round=1, concluded_at=AT)
REASON = Binary(b"sealed reason")
NUMBER = "SZ-D-20240927-000001-09"


def matter(matter_id: str = "m1", category: str = "transport/bus", area: str = "990101001") -> Matter:
    return Matter(id=matter_id, kind="complaint", category=category, area=area)


def registered(
    *matters: Matter,
    disposal: str = "dispatch",
    circle: Circle = Circle(),  # noqa: B008 - it is frozen
) -> CaseRegistered:
    return CaseRegistered(
        rulebook=MAYORS.hash,
        channel="call",
        language="zh",
        difficulty="ordinary",
        priority="normal",
        received_at=AT,
        accepted_at=AT,
        disposal="answered" if disposal == "answered" else "dispatch",
        matters=matters or (matter(),),
        parties=(PartyRef(id="p1", role="complainant", anonymous=False, media=("sms",)),),
        circle=circle,
    )


def opened(*matters: Matter) -> Handling:
    return opening.open_handling(registered(*matters), NUMBER, CITY, AT)[0]


def a_reply(*, final: bool = True) -> Reply:
    return Reply(n=0, round=0, final=final, by="u-1", submitted_at=AT, text=Binary(b"sealed"), digest="d")


def replied(handling: Handling, order_id: str) -> Handling:
    unit = handling.order(order_id).unit
    accepted = orders.accept(handling, order_id, unit, AT)[0]
    return orders.reply(accepted, order_id, unit, a_reply())[0]
