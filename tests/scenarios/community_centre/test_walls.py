"""What accuses goes to the head above; the accused find nothing, early or late (S0-35…S0-37, S2-23…S2-26)."""

import pytest

from huiyin.client.line import Json, Refused
from tests.scenarios.driver import Driver

RELIEF = {"category": "relief/temporary", "area": "990102002002"}
HEAD, ABOVE = "cc-leader-1", "cc-leader-2"
ACCUSED, DISPATCHER = "cc-unit-relief-head", "cc-dispatcher-1"


def order_in(office: Driver, number: str, unit: str, state: str = "dispatched") -> Json:
    """Wait for an order of the case at a unit in a state."""

    def there() -> Json | None:
        orders = office.handling(number)["orders"]
        return next((o for o in orders if o["unit"] == unit and o["state"] == state), None)

    return office.until(there)


def draw(office: Driver, number: str, who: str, what: str, **body: object) -> Json:
    """Change the circle of a case."""
    return office.person(who).post("intake", f"/cases/{number}/circle/{what}", dict(body))


def ask_transfer(office: Driver, number: str, unit: str, who: str) -> str:
    """Somebody asks that the matter may go once to a unit that it shuts out; the request's id."""
    return str(draw(office, number, who, "approval-requests", matter="m1", unit=unit)["request"])


def until_applied(office: Driver, number: str, version: int) -> None:
    """Wait until every service has answered that it decides by this circle."""
    view = office.until(lambda: _applied(office, number, version))
    assert view["version"] == version


def _applied(office: Driver, number: str, version: int) -> Json | None:
    view = office.person("cc-auditor-1").get("intake", f"/cases/{number}/circle")
    return view if view["version"] == version and not view["missing"] else None


def mixed_letter(office: Driver) -> tuple[str, Json, Json]:
    """A case that accuses a unit (m1) and asks it for something ordinary (m2), and both its orders."""
    ordinary = {**office.form()["matters"][0], **RELIEF}
    accuses = {**ordinary, "kind": "report", "accused": {"people": [], "units": ["relief"]}}
    number = office.registered(matters=[accuses, ordinary])
    office.until(lambda: office.handling(number)["gate"] == "asked")
    office.instruct(number)
    return number, order_in(office, number, "centre"), order_in(office, number, "relief")


@pytest.mark.clause("E-72")
def test_the_ordinary_part_of_a_mixed_letter_goes_to_the_unit_without_the_accusation(
    community_centre: Driver,
) -> None:
    office = community_centre
    number, order, theirs = mixed_letter(office)

    relief = office.person(ACCUSED)
    assert [o["id"] for o in office.orders("relief", "dispatched") if o["number"] == number] == [theirs["id"]]
    seen = office.until(lambda: relief.get("intake", f"/cases/{number}"))
    assert [matter["id"] for matter in seen["matters"]] == ["m2"]
    with pytest.raises(Refused, match="404"):
        relief.post("dispatch", f"/handlings/{number}/orders/{order['id']}/acceptance")
    assert [
        o["id"] for o in [relief.post("dispatch", f"/handlings/{number}/orders/{theirs['id']}/acceptance")]
    ] == [theirs["id"]]


@pytest.mark.clause("S2-24", "S2-26", "E-69")
def test_what_accuses_a_unit_goes_to_the_head_above_it_who_alone_is_told_and_judged(
    community_centre: Driver,
) -> None:
    office = community_centre
    number, order, _ = mixed_letter(office)
    assert (order["matter"], order["head"], order["ground"]) == ("m1", HEAD, "by_accusation")
    assert order["id"] not in {
        o["id"] for o in office.orders("relief", "dispatched") if o["number"] == number
    }
    relief = office.person(ACCUSED)
    head = office.person(HEAD)
    head.post("dispatch", f"/handlings/{number}/orders/{order['id']}/acceptance")
    reply = {"text": "已约谈并责令整改。", "final": True}
    head.post("dispatch", f"/handlings/{number}/orders/{order['id']}/replies", reply)
    office.until(lambda: order["id"] in {r["order"] for r in office.reviews() if r["number"] == number})
    office.review(number, order["id"], 1, failed=[office.folder.rulebook.review.criteria[0].id])
    demands = f"/supervisions/{number}/orders/{order['id']}/demands"
    assert head.get("supervision", demands)["demands"]
    with pytest.raises(Refused, match="404"):
        relief.get("supervision", demands)
    told = office.until(
        lambda: {
            row["data"]["addressee"]
            for row in office.said(number, "message.requested")
            if row["data"]["matter"] == "m1" and row["data"]["template"] == "order_given"
        }
    )
    assert told == {HEAD}


@pytest.mark.clause("E-73")
def test_when_the_accused_are_learned_late_everything_is_taken_back_from_them(
    community_centre: Driver,
) -> None:
    office = community_centre
    number, _ = office.dispatched(matter=RELIEF)
    order = order_in(office, number, "relief")
    office.accept(number, order)
    office.until(lambda: office.unit("relief").get("intake", f"/cases/{number}"))

    draw(office, number, "cc-supervisor-1", "accused", matter="m1", people=[], units=["relief"])
    until_applied(office, number, 2)
    assert office.until_said(number, "order.recalled")[0]["data"]["order"] == order["id"]
    applied = {r["source"]: r["data"] for r in office.until_said(number, "circle.applied", times=4)}
    assert applied["dispatch"] == {"version": 2, "recalled": [order["id"]]}
    assert order_in(office, number, "centre")["head"] == HEAD

    relief, path = office.person(ACCUSED), f"/handlings/{number}/orders/{order['id']}"
    assert office.is_hidden(lambda: relief.get("intake", f"/cases/{number}"), number)
    assert office.is_hidden(lambda: relief.get("supervision", f"/supervisions/{number}"), number)
    assert office.is_hidden(lambda: relief.get("dispatch", f"{path}/replies/1"), number)
    assert office.is_hidden(lambda: relief.post("dispatch", f"{path}/replies", {"text": "已办。"}), number)
    assert number not in {o["number"] for o in office.orders("relief", "recalled")}


@pytest.mark.clause("E-74")
def test_nobody_whom_the_accusation_touches_approves_its_transfer(community_centre: Driver) -> None:
    office = community_centre
    of_the_unit = {"kind": "report", "accused": {"people": [], "units": ["centre"]}}
    of_the_leader = {"kind": "report", "accused": {"people": [ABOVE], "units": ["relief"]}}
    first = office.registered(matter={**RELIEF, **of_the_unit})
    given = {"request": ask_transfer(office, first, "centre", DISPATCHER), "text": "同意移送。"}
    assert office.is_hidden(lambda: draw(office, first, HEAD, "approvals", **given), first)
    second = office.registered(matter={**RELIEF, **of_the_leader})
    assert office.is_hidden(lambda: draw(office, second, ABOVE, "approvals", **given), second)


@pytest.mark.clause("S2-25", "E-74")
def test_the_accused_unit_gets_one_order_by_the_approval_of_somebody_untouched(
    community_centre: Driver,
) -> None:
    office = community_centre
    matter = {**RELIEF, "kind": "report", "accused": {"people": [], "units": ["relief"]}}
    number = office.registered(matter=matter)
    office.until(lambda: office.handling(number)["gate"] == "asked")
    office.instruct(number)
    order_in(office, number, "centre")
    with pytest.raises(Refused, match="barred-unit"):
        office.assign(number, "m1", "relief")
    given = {"request": ask_transfer(office, number, "relief", DISPATCHER), "text": "同意移送该单位自查。"}
    with pytest.raises(Refused, match="barred-unit"):
        office.assign(number, "m1", "relief")
    draw(office, number, ABOVE, "approvals", **given)
    until_applied(office, number, 2)
    office.assign(number, "m1", "relief")
    sent = order_in(office, number, "relief")
    until_applied(office, number, 3)
    view = office.person("cc-auditor-1").get("intake", f"/cases/{number}/circle")
    (approval,) = view["matters"][0]["approvals"]
    assert (approval["approver"], approval["order"]) == (ABOVE, sent["id"])
    assert approval["approved_on"] == office.now().date().isoformat()
    office.accept(number, sent)
    with pytest.raises(Refused, match=r"wrong-state|barred-unit"):
        office.assign(number, "m1", "relief", role="assisting")
    with pytest.raises(Refused, match="already-approved"):
        draw(office, number, ABOVE, "approvals", **given)


@pytest.mark.clause("E-74")
def test_who_asked_for_the_transfer_is_who_signed_in_and_does_not_approve_it(
    community_centre: Driver,
) -> None:
    office = community_centre
    matter = {**RELIEF, "kind": "report", "accused": {"people": [], "units": ["relief"]}}
    number = office.registered(matter=matter)
    given = {"request": ask_transfer(office, number, "relief", ABOVE), "text": "同意移送。"}
    with pytest.raises(Refused, match="approver-touched"):
        draw(office, number, ABOVE, "approvals", **given)
    with pytest.raises(Refused, match="422"):
        draw(office, number, HEAD, "approvals", requested_by=DISPATCHER, **given)
    (shown,) = office.role("auditor").get("intake", f"/cases/{number}/circle")["matters"]
    (asked,) = shown["requests"]
    assert (asked["asker"], asked["approval"], shown["approvals"]) == (ABOVE, None, [])


INSTRUCTED = {"text": "请核查。"}


def accusing_the_director(office: Driver) -> str:
    """A case that accuses the centre's director, about which a leader is asked."""
    accused = {"kind": "report", "accused": {"people": [HEAD], "units": []}}
    number = office.registered(matter={**accused, "category": "integrity", "area": "990102002001"})
    office.until(lambda: office.handling(number)["gate"] == "asked")
    return number


@pytest.mark.clause("E-70")
def test_an_accusation_of_the_director_passes_one_level_up_and_the_director_finds_nothing(
    community_centre: Driver,
) -> None:
    office = community_centre
    number = accusing_the_director(office)
    director, path = office.person(HEAD), f"/handlings/{number}/instruction"
    assert office.is_hidden(lambda: director.get("dispatch", f"/handlings/{number}"), number)
    assert office.is_hidden(lambda: director.post("dispatch", path, INSTRUCTED), number)
    assert number not in {
        h["number"] for h in director.all("dispatch", "/handlings", "handlings", person="leader")
    }
    office.person(ABOVE).post("dispatch", path, INSTRUCTED)
    assert order_in(office, number, "street_office")["head"] == ABOVE


@pytest.mark.clause("S2-89", "E-71", "E-76")
def test_when_the_last_head_above_recuses_it_goes_to_discipline_inspection_by_paper(
    community_centre: Driver,
) -> None:
    office = community_centre
    number = accusing_the_director(office)
    above = office.person(ABOVE)
    above.post("dispatch", f"/handlings/{number}/instruction", INSTRUCTED)
    order_in(office, number, "street_office")
    draw(office, number, ABOVE, "recusals")
    until_applied(office, number, 2)
    gap = office.until(lambda: office.handling(number)["gaps"])
    letter = office.until_said(number, "catalogue.gap_found")
    assert (gap, letter[0]["data"]["matter"]) == (["m1"], "m1")
    told = [r["data"] for r in office.said(number, "message.requested")]
    assert "discipline_inspection" in {
        one["addressee"] for one in told if one["template"] == "accusation_letter"
    }
    assert office.is_hidden(lambda: above.get("dispatch", f"/handlings/{number}"), number)


@pytest.mark.clause("S2-59")
@pytest.mark.parametrize("staff", ["cc-operator-2", "cc-records-1"])
def test_an_accusation_of_the_centres_staff_goes_to_the_director_and_nowhere_else(
    community_centre: Driver, staff: str
) -> None:
    office = community_centre
    accused = {"kind": "report", "accused": {"people": [staff], "units": []}}
    number = office.registered(matter={**accused, "category": "integrity", "area": "990102002001"})
    office.until(lambda: office.handling(number)["gate"] == "asked")
    office.person(HEAD).post("dispatch", f"/handlings/{number}/instruction", INSTRUCTED)
    assert order_in(office, number, "centre")["head"] == HEAD
    assert {one["head"] for one in office.handling(number)["orders"]} == {HEAD}
    who = office.person(staff)
    assert office.is_hidden(lambda: who.get("intake", f"/cases/{number}"), number)


@pytest.mark.clause("XI-05", "X-14")
def test_what_is_said_of_the_centres_staff_no_approval_passes_on(community_centre: Driver) -> None:
    office = community_centre
    accused = {"kind": "report", "accused": {"people": ["cc-operator-2"], "units": []}}
    number = office.registered(matter={**accused, "category": "integrity", "area": "990102002001"})
    with pytest.raises(Refused, match="no-override"):
        ask_transfer(office, number, "window", DISPATCHER)
