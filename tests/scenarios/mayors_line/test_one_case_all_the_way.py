"""One case from the telephone to the sealed volume, and each arrow of the picture on its way."""

from datetime import date

import pytest

from tests.scenarios.driver import Driver


def test_a_call_is_registered_handled_echoed_and_archived(mayors_line: Driver) -> None:
    receipt = mayors_line.register(mayors_line.form())
    number = receipt["number"]
    order = mayors_line.until(lambda: mayors_line.handling(number)["orders"][0])
    mayors_line.accept(number, order)
    mayors_line.until(lambda: mayors_line.order(number, order["id"])["due_on"])
    assisting = [o for o in mayors_line.handling(number)["orders"] if o["id"] != order["id"]]
    mayors_line.reply(number, order, "已修复。")
    for other in assisting:
        mayors_line.accept(number, other)
        mayors_line.reply(number, other, "已配合。")
    for replied in [order, *assisting]:
        _approve(mayors_line, number, replied["id"])
    mayors_line.until_stage(number, "calling_back")
    mayors_line.attempt(number, "call", reached=True)
    mayors_line.tell(number, "call")
    mayors_line.evaluate(number, "m1", solved=True, satisfied=True)
    archived = mayors_line.until_stage(number, "archived")
    assert archived["outcome"] == "echoed"
    assert len(archived["volume"]) == 64
    progress = mayors_line.progress(number, receipt["query_code"])
    assert progress["stage"] == "archived"


def test_the_volume_holds_every_row_that_each_service_promised(mayors_line: Driver) -> None:
    number, _ = mayors_line.approved()
    _satisfied(mayors_line, number)
    mayors_line.until_stage(number, "archived")
    closed = {row["source"]: row["data"]["count"] for row in mayors_line.said(number, "part.closed")}
    rows = mayors_line.journal(number)
    assert set(closed) == {"dispatch", "supervision", "feedback", "notify"}
    for source, count in closed.items():
        sequences = sorted(row["sequence"] for row in rows if row["source"] == source)
        assert sequences[:count] == list(range(1, count + 1))


@pytest.mark.clause("S4-19")
@pytest.mark.parametrize(
    ("category", "area", "unit", "ground", "entry"),
    [
        ("transport/bus", "990101001", "bus_company", "by_subject", "ml-030"),
        ("city_order/stalls", "990101001", "zhonggu", "by_territory", "ml-018"),
        ("city_order/stalls", "990101002", "chenzhong_street", "by_territory", "ml-019"),
    ],
)
def test_the_catalogue_chooses_the_unit_by_subject_and_level_and_says_why(
    mayors_line: Driver, category: str, area: str, unit: str, ground: str, entry: str
) -> None:
    _, order = mayors_line.dispatched(matter={"category": category, "area": area})
    assert (order["unit"], order["ground"], order["entry"]) == (unit, ground, entry)


@pytest.mark.clause("E-60")
def test_a_matter_outside_the_catalogue_waits_for_a_person(mayors_line: Driver) -> None:
    number = mayors_line.registered(matter={"category": "animals"})
    mayors_line.until(lambda: number in [h["number"] for h in mayors_line.waiting_for("dispatcher")])
    mayors_line.assign(number, "m1", "police")
    orders = mayors_line.handling(number)["orders"]
    assert [(o["unit"], o["ground"]) for o in orders] == [("police", "by_person")]
    (gap,) = mayors_line.until_said(number, "catalogue.gap_found")
    assert gap["data"]["matter"] == "m1"


def test_a_returned_order_goes_to_another_unit(mayors_line: Driver) -> None:
    number, order = mayors_line.dispatched(matter={"category": "city_order/stalls", "area": "990101002"})
    mayors_line.give_back(number, order)
    orders = mayors_line.handling(number)["orders"]
    assert [(o["unit"], o["state"]) for o in orders] == [
        ("chenzhong_street", "returned"),
        ("zhonggu", "dispatched"),
    ]
    mayors_line.until_said(number, "order.returned")


@pytest.mark.clause("E-63")
def test_lead_and_assisting_must_both_be_approved(mayors_line: Driver) -> None:
    number, lead = mayors_line.accepted(matter={"category": "housing/lift"})
    assisting = mayors_line.handling(number)["orders"][1]
    assert (lead["role"], assisting["role"]) == ("lead", "assisting")
    mayors_line.reply(number, lead, "电梯已修复。")
    _approve(mayors_line, number, lead["id"])
    mayors_line.until(lambda: mayors_line.order(number, lead["id"])["state"] == "approved")
    assert mayors_line.said(number, "handling.completed") == []
    mayors_line.advance_past(date.fromisoformat(mayors_line.order(number, assisting["id"])["due_on"]))
    (urged,) = mayors_line.until_said(number, "supervision.issued")
    assert urged["data"]["order"] == assisting["id"], "the late one alone"
    mayors_line.accept(number, assisting)
    mayors_line.reply(number, assisting, "已督促物业。")
    _approve(mayors_line, number, assisting["id"])
    mayors_line.until_said(number, "handling.completed")


@pytest.mark.clause("E-40")
def test_two_matters_in_one_call_become_two_orders(mayors_line: Driver) -> None:
    form = mayors_line.form(matter={"category": "transport/bus"})
    form["matters"].append({**form["matters"][0], "category": "utilities/gas", "text": "燃气压力不足。"})
    number = mayors_line.register(form)["number"]
    orders = mayors_line.until(lambda: mayors_line.handling(number)["orders"])
    assert [(o["matter"], o["unit"]) for o in orders] == [("m1", "bus_company"), ("m2", "gas_company")]


@pytest.mark.clause("S4-23")
def test_an_on_the_spot_answer_ends_the_case_without_an_order(mayors_line: Driver) -> None:
    form = mayors_line.form(matter={"kind": "consultation"}, answer="请携身份证到街道办理。")
    number = mayors_line.register(form)["number"]
    archived = mayors_line.until_stage(number, "archived")
    assert archived["outcome"] == "answered"
    assert mayors_line.said(number, "order.dispatched") == []


def test_a_withdrawn_case_recalls_its_orders_and_is_archived(mayors_line: Driver) -> None:
    number, _ = mayors_line.dispatched(matter={"category": "transport/bus"})
    mayors_line.withdraw(number, "已自行解决。")
    mayors_line.until_said(number, "order.recalled")
    assert mayors_line.until_stage(number, "archived")["outcome"] == "withdrawn"


def test_the_complainant_is_told_of_registration_and_result(mayors_line: Driver) -> None:
    number, _ = mayors_line.approved(matter={"category": "transport/bus"})
    wanted = {"case_registered", "order_given", "result_ready"}
    mayors_line.until(lambda: wanted <= _delivered(mayors_line, number))


def _delivered(driver: Driver, number: str) -> set[str]:
    return {row["data"]["template"] for row in driver.said(number, "message.delivered")}


def _approve(driver: Driver, number: str, order: str) -> None:
    driver.until(lambda: any(r["number"] == number and r["order"] == order for r in driver.reviews()))
    driver.review(number, order, 1)


def _satisfied(driver: Driver, number: str) -> None:
    driver.until(lambda: driver.echo(number)["state"] in ("open", "told"))
    driver.attempt(number, "call", reached=True)
    driver.tell(number, "call")
    driver.evaluate(number, "m1", solved=True, satisfied=True)
