"""The circle where it is made: told, ruled, learned late, approved once (S0-37, S1-34, S2-23, S2-25)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from bson import Binary

from huiyin.contracts.circle import Circle, MatterCircle
from huiyin.contracts.events import CircleChanged, OrderDispatched, OrderRecalled
from services.intake.domain import approvals, checking, circle, course
from services.intake.domain.approvals import Consent
from services.intake.domain.case import Case
from services.intake.domain.circle import Named, Order, Told
from services.intake.errors import (
    AlreadyApproved,
    AlreadyAsked,
    ApproverTouched,
    NoOverride,
    NoSuchMatter,
    NoSuchRequest,
    NotAsRuled,
    NotInDirectory,
    NotToBeDisclosed,
)
from tests.unit.intake.cases import AT, CENTRE, MAYORS, OFFICE, case, form, matter_form
from tests.unit.offices import folder

STREET = folder("community-centre")
RELIEF = Named(units=("relief",))


def of(book: Any = CENTRE, kind: str = "complaint", flags: tuple[str, ...] = (), **told: Any) -> MatterCircle:
    return circle.of_matter(Told(**told), "m1", kind, flags, None, book)


def accused(*units: str, **shut: Any) -> Case:
    """A centre's case that accuses these units."""
    only = MatterCircle(matter="m1", accusing=True, accused_units=units, **shut)
    return case(office="community-centre", circle=Circle(matters=(only,)))


def asked(before: Case, unit: str = "relief", by: str = "cc-dispatcher-1", book: Any = CENTRE) -> Case:
    return approvals.ask(before, "m1", unit, by, book, STREET, AT)[0]


def approved(before: Case, approver: str = "cc-leader-2", book: Any = CENTRE) -> Case:
    """The last request, approved."""
    last = before.transfer_requests[-1].id
    consent = Consent(request=last, approver=approver, text=Binary(b"sealed"))
    return approvals.approve(before, consent, book, STREET, AT)[0]


def disclosed(before: Case, order: str = "m1-1", unit: str = "relief", head: str = "") -> Any:
    asked = Order(id=order, matter="m1", unit=unit, head=head)
    return circle.disclose(before, asked, CENTRE, STREET, AT)


def test_an_ordinary_matter_has_no_circle_at_all() -> None:
    assert circle.begin([of()]) == Circle(version=1, matters=())


@pytest.mark.clause("S2-23")
@pytest.mark.parametrize(
    "told", [{"kind": "report"}, {"flags": ("accusing",)}, {"accusing": True}, {"accused": RELIEF}], ids=str
)
def test_a_matter_accuses_by_its_kind_by_a_mark_or_by_whom_it_names(told: dict[str, Any]) -> None:
    assert of(**told).accusing
    assert not of().accusing


@pytest.mark.clause("S1-34", "S4-60", "X-15")
def test_what_is_confidential_without_being_asked_is_in_the_rulebook() -> None:
    assert of(MAYORS, confidential=True).confidential
    assert of(MAYORS, kind="report").confidential  # informants
    assert not of(MAYORS, accused=Named(units=("police",))).confidential
    assert of(CENTRE, accused=RELIEF).confidential  # accusing material
    whole = replace(CENTRE, confidential=replace(CENTRE.confidential, default=("everything",)))
    assert of(whole).confidential
    assert not of().confidential


@pytest.mark.clause("S0-37", "S2-89")
def test_the_accused_stand_in_the_directory_and_do_not_register_themselves() -> None:
    def wrong(*people: str, units: tuple[str, ...] = ()) -> dict[str, str]:
        told = Told(accused=Named(people=people, units=units))
        with pytest.raises(NotAsRuled) as refused:
            checking.check(form(matters=(matter_form(told=told),)), OFFICE, AT, "ml-operator-1")
        return refused.value.fields

    assert wrong("li") == {"matters.0.accused.people": "通讯录里没有人员 li"}
    assert wrong(units=("ferry",)) == {"matters.0.accused.units": "通讯录里没有单位 ferry"}
    assert "回避" in wrong("ml-operator-1")["matters.0.accused.people"]


@pytest.mark.clause("S0-37", "E-73")
def test_the_accused_learned_late_make_a_newer_circle_that_is_said_whole() -> None:
    after, (said,) = circle.accuse(case(), "m1", Named(units=("police",)), OFFICE, AT)
    shut = MatterCircle(matter="m1", accusing=True, accused_units=("police",))
    assert after.circle == Circle(version=2, matters=(shut,))
    assert said == CircleChanged(circle=after.circle, matters=("m1",), cause="accused", changed_at=AT)
    assert circle.accuse(after, "m1", Named(units=("police",)), OFFICE, AT) == (after, [])
    with pytest.raises(NotInDirectory):
        circle.accuse(case(), "m1", Named(units=("ferry",)), OFFICE, AT)
    with pytest.raises(NoSuchMatter):
        circle.accuse(case(), "m7", Named(units=("police",)), OFFICE, AT)


@pytest.mark.clause("E-75", "E-80")
def test_a_conflict_is_of_the_whole_case_and_confidentiality_of_one_matter() -> None:
    two = case(matters=(case().matters[0], replace(case().matters[0], id="m2")))
    recused, _ = circle.recuse(two, Named(people=("ml-supervisor-1",)), OFFICE, AT)
    assert [(s.matter, s.recused) for s in recused.circle.matters] == [
        ("m1", ("ml-supervisor-1",)),
        ("m2", ("ml-supervisor-1",)),
    ]
    secret, (said,) = circle.keep_secret(recused, "m2", AT)
    assert isinstance(said, CircleChanged)
    assert (secret.circle.version, said.matters) == (3, ("m2",))
    assert [s.confidential for s in secret.circle.matters] == [False, True]


@pytest.mark.clause("E-73")
def test_a_recall_is_complete_when_every_service_has_answered() -> None:
    changed, _ = circle.keep_secret(case(), "m1", AT)
    assert circle.missing(case()) == ()
    assert circle.missing(changed) == ("dispatch", "supervision", "feedback", "notify")
    for service in ("dispatch", "supervision", "feedback", "notify"):
        changed = course.apply_circle(changed, service, 2)
    assert circle.missing(course.apply_circle(changed, "dispatch", 1)) == ()


@pytest.mark.clause("S2-25", "E-74")
@pytest.mark.parametrize(
    ("unit", "approver", "by"),
    [
        ("relief", "cc-dispatcher-1", "cc-dispatcher-1"),  # the requester
        ("relief", "cc-unit-relief-head", "cc-dispatcher-1"),  # of the accused unit
        ("relief", "nobody", "cc-dispatcher-1"),
        ("relief", "cc-leader-1", "cc-leader-1"),
    ],
)
def test_nobody_touched_by_an_accusation_approves_its_transfer(unit: str, approver: str, by: str) -> None:
    with pytest.raises(ApproverTouched):
        approved(asked(accused("relief"), unit, by), approver)


@pytest.mark.clause("S2-25", "E-74")
def test_what_nobody_asked_for_is_not_approved_and_nobody_asks_twice() -> None:
    waits = asked(accused("relief"))
    with pytest.raises(AlreadyAsked):
        asked(waits)
    both = asked(waits, by="cc-leader-2")
    assert [one.asker for one in both.transfer_requests] == ["cc-dispatcher-1", "cc-leader-2"]
    with pytest.raises(NoSuchRequest):
        approvals.transfer_request(waits, "request-2")


@pytest.mark.clause("S2-25", "E-74")
def test_the_accused_and_who_recused_approve_nothing() -> None:
    for shut in ({"accused": ("cc-leader-2",)}, {"recused": ("cc-leader-2",)}):
        before = accused("relief", **shut)
        book = replace(CENTRE, accusation=replace(CENTRE.accusation, staff_override="organisation_approval"))
        with pytest.raises(ApproverTouched):
            approved(asked(before, book=book), book=book)


@pytest.mark.clause("S2-25", "X-14", "XI-05")
def test_where_the_rulebook_knows_no_approval_the_ban_cannot_be_lifted() -> None:
    with pytest.raises(NoOverride):
        asked(accused("relief"), book=MAYORS)
    staff = accused(accused=("cc-operator-1",))
    with pytest.raises(NoOverride):
        asked(staff, "window")
    with pytest.raises(NoOverride, match="不需要批准"):
        asked(accused("relief"), "employment")
    with pytest.raises(NoOverride):
        approved(asked(accused("relief")), book=MAYORS)


@pytest.mark.clause("S2-25", "E-74")
def test_an_approval_is_kept_with_approver_date_and_sealed_text_and_is_spent_on_one_order() -> None:
    ready = approved(asked(accused("relief")))
    (approval,) = ready.circle.of("m1").approvals
    assert (approval.unit, approval.approver, approval.approved_on) == ("relief", "cc-leader-2", AT.date())
    assert ready.approval_texts == {approval.id: Binary(b"sealed")}
    with pytest.raises(AlreadyApproved):
        approved(ready)
    with pytest.raises(AlreadyApproved):
        approved(asked(ready))
    spent, (said,) = disclosed(ready)
    assert said.cause == "spent"
    assert spent.circle.of("m1").approvals[0].order == "m1-1"
    assert disclosed(spent) == (replace(spent, disclosed={"m1-1": 3}), [])
    with pytest.raises(NotToBeDisclosed):
        disclosed(spent, "m1-2")
    with pytest.raises(AlreadyApproved):
        approved(spent)
    second = approved(asked(spent))  # asked again, the first order spends nothing more
    assert [one.order for one in disclosed(second)[0].circle.of("m1").approvals] == ["m1-1", ""]


@pytest.mark.clause("S0-36", "S2-24", "S2-26")
def test_leave_is_given_for_a_head_above_and_for_nobody_else() -> None:
    before = accused("relief")
    assert disclosed(before, unit="centre", head="cc-leader-1")[0].disclosed == {"m1-1": 1}
    for unit, head in (
        ("relief", ""),
        ("relief", "cc-unit-relief-head"),
        ("employment", ""),
        ("social_insurance", "cc-unit-insurance-head"),
    ):
        with pytest.raises(NotToBeDisclosed):
            disclosed(before, unit=unit, head=head)


@pytest.mark.clause("S2-26", "E-84")
def test_no_leave_is_given_for_a_head_who_has_left() -> None:
    for days, given in ((1, True), (0, False)):
        leaver = replace(STREET.people["cc-leader-1"], left_on=AT.date() + timedelta(days=days))
        office = replace(STREET, people={**STREET.people, leaver.subject: leaver})
        asked = Order(id="m1-1", matter="m1", unit="centre", head="cc-leader-1")
        for before in (accused("relief"), accused(confidential=True)):
            assert bool(circle.may_be_disclosed(before, asked, CENTRE, office, AT)) is given


def test_a_unit_may_look_while_it_has_an_order_whatever_is_heard_first() -> None:
    given = OrderDispatched(
        order="m1-1",
        matter="m1",
        unit="relief",
        role="lead",
        round=1,
        ground="by_subject",
        entry="",
        dispatched_at=AT,
    )
    recalled = OrderRecalled(order="m1-1", unit="relief", recalled_at=AT)
    assert course.follow(case(), given).units == ("relief",)
    for heard in ((given, recalled), (recalled, given)):
        after = case()
        for event in heard:
            after = course.follow(after, event)
        assert after.units == ()
        assert (after.orders[0].matter, after.orders[0].ended) == ("m1", True)
