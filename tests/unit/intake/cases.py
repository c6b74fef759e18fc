"""Cases and forms to test on."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bson import Binary

from services.intake.domain.case import Case, CaseMatter, Party
from services.intake.domain.parties import PartyForm
from services.intake.domain.registration import Form, MatterForm
from tests.unit.offices import folder, rulebook

AT = datetime(2024, 9, 27, 2, 0, tzinfo=UTC)
MAYORS = rulebook("mayors-line")
CENTRE = rulebook("community-centre")
OFFICE = folder("mayors-line")
NUMBER = "SZ-D-20240927-000001-09"


def matter_form(**changes: Any) -> MatterForm:
    told = MatterForm(
        kind="complaint", category="transport/bus", area="990101001", place="", text="公交车不停站", wish=""
    )
    return replace(told, **changes)


def party_form(**identity: str) -> PartyForm:
    given = identity or {"name": "柏守拙", "phone": "19900000001", "work_unit": "无"}
    return PartyForm(role="complainant", anonymous=False, identity=given)


def form(**changes: Any) -> Form:
    told = Form(
        channel="call",
        language="zh",
        difficulty="ordinary",
        legal_class=None,
        priority="normal",
        flags=(),
        received_at=AT,
        matters=(matter_form(),),
        parties=(party_form(),),
        answer=None,
    )
    return replace(told, **changes)


def case(**changes: Any) -> Case:
    sealed = Binary(b"sealed")
    taken = Case(
        number=NUMBER,
        office="mayors-line",
        rulebook=MAYORS.hash,
        channel="call",
        language="zh",
        difficulty="ordinary",
        legal_class=None,
        priority="normal",
        flags=(),
        received_at=AT,
        accepted_at=AT,
        registered_by="ml-operator-1",
        disposal="dispatch",
        matters=(
            CaseMatter(
                id="m1",
                kind="complaint",
                category="transport/bus",
                area="990101001",
                place="",
                text="公交车不停站",
                wish="",
                original=sealed,
            ),
        ),
        parties=(
            Party(id="p1", role="complainant", anonymous=False, media=("sms", "call"), identity=sealed),
        ),
    )
    return replace(taken, **changes)
