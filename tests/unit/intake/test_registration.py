"""A complaint is taken down as the office's rulebook wants it (X-16…X-20, S0-22, S1-16, E-24, E-42, E-45)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from huiyin.chassis.rulebook import OfficeFolder
from huiyin.contracts.events import CaseConcluded, CaseRegistered, MessageRequested
from services.intake.domain import checking, parties, registration
from services.intake.domain.parties import PartyForm
from services.intake.domain.registration import Form
from services.intake.errors import NotAsRuled
from tests.unit.intake.cases import AT, MAYORS, OFFICE, case, form, matter_form, party_form
from tests.unit.offices import folder


def problems(told: Form, book: Any = MAYORS) -> dict[str, str]:
    office = replace(OFFICE, rulebook=book)
    return refusal(told, office, "op-1")


def refusal(told: Form, office: OfficeFolder, registrar: str) -> dict[str, str]:
    with pytest.raises(NotAsRuled) as refused:
        checking.check(told, office, AT, registrar)
    return refused.value.fields


def test_a_form_as_ruled_is_taken() -> None:
    checking.check(form(), OFFICE, AT, "op-1")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"channel": "fax"}, "channel"),
        ({"language": "fr"}, "language"),
        ({"difficulty": "legendary"}, "difficulty"),
        ({"priority": "someday"}, "priority"),
        ({"legal_class": "martial"}, "legal_class"),
        ({"flags": ("emergency", "spicy")}, "flags"),
        ({"received_at": AT + timedelta(hours=1)}, "received_at"),
        ({"matters": (matter_form(kind="rumour"),)}, "matters.0.kind"),
        ({"matters": (matter_form(category="moon"),)}, "matters.0.category"),
        ({"matters": (matter_form(), matter_form(area="0"))}, "matters.1.area"),
        ({"matters": (matter_form(text="长" * 5001),)}, "matters.0.text"),
        ({"parties": (party_form(name="柏守拙"),)}, "parties.0.phone"),
        ({"answer": "已告知"}, "answer"),
    ],
)
def test_what_the_rulebook_does_not_know_is_refused_by_name(changes: dict[str, Any], field: str) -> None:
    assert field in problems(form(**changes))


def test_all_wrong_fields_are_named_at_once() -> None:
    wrong = problems(form(difficulty="x", matters=(matter_form(kind="x", area="x"),)))
    assert set(wrong) == {"difficulty", "matters.0.kind", "matters.0.area"}


def test_a_paper_entry_keeps_its_earlier_time() -> None:
    checking.check(form(received_at=AT - timedelta(days=3)), OFFICE, AT, "op-1")


def test_each_office_asks_its_own_fields() -> None:
    visit = form(
        channel="visit",
        matters=(matter_form(category="window/queue", area="990102002001", wish="整改"),),
        parties=(party_form(name="施金凤"),),
    )
    assert set(refusal(visit, folder("community-centre"), "cc-operator-1")) == {
        f"parties.0.{name}" for name in ("work_unit", "occupation", "address")
    }


def test_a_channel_with_a_window_is_taken_down_there_alone() -> None:
    """S2-01."""
    call = form(matters=(matter_form(category="window/queue", area="990102002001"),))
    assert "channel" in refusal(call, folder("community-centre"), "cc-supervisor-1")
    assert "channel" not in refusal(call, folder("community-centre"), "cc-operator-2")


def test_an_anonymous_complainant_need_give_nothing_where_the_office_accepts_it() -> None:
    nobody = PartyForm(role="complainant", anonymous=True, identity={})
    assert MAYORS.anonymous.accept
    checking.check(form(parties=(nobody,)), OFFICE, AT, "op-1")


def test_an_anonymous_complainant_is_refused_where_the_office_does_not() -> None:
    nobody = PartyForm(role="complainant", anonymous=True, identity={})
    closed = replace(MAYORS, anonymous=replace(MAYORS.anonymous, accept=False))
    assert "parties.0.anonymous" in problems(form(parties=(nobody,)), closed)


def test_an_on_the_spot_answer_is_for_the_kinds_that_allow_it() -> None:
    checking.check(form(matters=(matter_form(kind="consultation"),), answer="已告知"), OFFICE, AT, "op-1")


@pytest.mark.parametrize("kind", ["praise", "wrong_number", "nonsense"])
def test_praise_and_the_like_are_registered_and_go_to_no_unit_e45(kind: str) -> None:
    assert registration.disposal_of(form(matters=(matter_form(kind=kind),)), MAYORS) == "filed"
    assert registration.disposal_of(form(), MAYORS) == "dispatch"


def test_what_travels_holds_no_words_and_no_identity() -> None:
    _, events = registration.register(case())
    said = events[0]
    assert isinstance(said, CaseRegistered)
    assert "公交车不停站" not in repr(said)
    assert said.parties[0].media == ("sms", "call")
    assert isinstance(events[1], MessageRequested)


def test_a_complainant_whom_nothing_reaches_is_sent_nothing() -> None:
    unreachable = replace(case().parties[0], media=())
    _, events = registration.register(case(parties=(unreachable,)))
    assert [type(event) for event in events] == [CaseRegistered]


def test_answered_on_the_spot_the_case_is_over_at_once() -> None:
    over, events = registration.register(case(disposal="answered"))
    assert (over.outcome, over.stage.name) == ("answered", "concluded")
    assert events[-1] == CaseConcluded(outcome="answered", round=1, concluded_at=AT)


def test_the_media_follow_from_what_was_given() -> None:
    assert parties.media_of({"phone": "1", "address": "a"}) == ("sms", "call", "letter")
    assert parties.media_of({"email": "a@b"}) == ("mail",)
