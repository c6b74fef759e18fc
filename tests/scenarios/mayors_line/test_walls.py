"""While intake does not answer nothing guarded goes out or is opened; other work goes on (S0-36, E-120)."""

from collections.abc import Callable

import httpx
import pytest

from deploy.local.platform import Kind, Platform
from huiyin.chassis.trust import NO_CA
from huiyin.client.line import Json, Person, Refused
from huiyin.contracts.services import Service
from tests.scenarios.driver import Driver

Process = tuple[Service, Kind]
BUS = {"category": "transport/bus"}
AWAY = "请稍后再试"
SECRET = {**BUS, "confidential": True}


def first_order(office: Driver, number: str, state: str) -> Json:
    """Wait until the case's first order is in a state."""

    def there() -> Json | None:
        orders = office.handling(number)["orders"]
        return orders[0] if orders and orders[0]["state"] == state else None

    return office.until(there)


@pytest.mark.clause("E-120")
def test_while_intake_does_not_answer_guarded_orders_stay_held_and_opening_waits(
    mayors_line: Driver, platform: Platform
) -> None:
    office = mayors_line
    secret, order = office.replied(matter=SECRET)
    slow, asked = office.accepted(matter=SECRET)
    office.ask_more_time(slow, asked, office.working_days_from_now(15))
    to_take, offered = office.dispatched(matter=BUS)
    told, _ = office.approved(matter=BUS)
    to_call, _ = office.approved(matter=BUS, channel="letter", party={"address": "回音市晨钟路1号"})
    callback, task = office.role("callback"), _call(office, to_call)
    words = f"/handlings/{secret}/orders/{order['id']}/replies/1"
    openings: dict[str, Callable[[], object]] = {
        "a reply's words": lambda: office.role("supervisor").get("dispatch", words)["text"],
        "a contact": lambda: _contact(callback, to_call),
        "what is to be told": lambda: _content(callback, to_call, task),
    }
    for opening in openings.values():
        opening()
    assert office.until(lambda: _asked(office, slow))["reason"]
    patient = office.line.patience
    platform.stop_process("intake", "worker")
    try:
        held, ordinary = office.registered(matter=SECRET), office.registered(matter=BUS)
        platform.stop_process("intake", "web")
        first_order(office, ordinary, "dispatched")
        assert first_order(office, held, "held")["unit"] == "bus_company"
        assert held not in {o["number"] for o in office.orders("bus_company", "dispatched")}
        office.line.patience = 1
        for what, opening in openings.items():
            with pytest.raises(Refused) as refused:
                opening()
            assert (refused.value.status, refused.value.code) == (503, "unavailable"), what
            assert AWAY in refused.value.detail, what
        with pytest.raises(httpx.ConnectError):  # who complained, and the files, are with intake itself
            office.role("supervisor").get("intake", f"/cases/{secret}/identity")
        row = _asked(office, slow)
        assert row is not None, "the list is shown all the same"
        assert row["reason"] is None
        office.line.patience = patient
        office.accept(to_take, offered)
        office.reply(to_take, offered, "已调整班次。")
        office.until(lambda: to_take in {row["number"] for row in office.reviews()})
        office.review(to_take, offered["id"], 1)
        office.review(secret, order["id"], 1)
        office.until_echo(secret, "open", "told")
        office.attempt(told, "call", reached=True)
        office.tell(told, "call")
        office.evaluate(told, "m1", solved=True, satisfied=True)
        assert first_order(office, held, "held")
    finally:
        office.line.patience = patient
        platform.start_processes([("intake", "worker"), ("intake", "web")])
    first_order(office, held, "dispatched")
    office.until_said(held, "order.dispatched")
    for opening in openings.values():
        opening()
    assert office.until(lambda: _asked(office, slow))["reason"]
    office.until_said(told, "case.concluded")


def _asked(office: Driver, number: str) -> Json | None:
    return next((row for row in office.extensions() if row["number"] == number), None)


@pytest.mark.clause("S0-35", "S2-58", "S2-89")
def test_who_was_just_accused_or_recused_opens_no_contact_though_the_desk_has_not_heard_of_it(
    mayors_line: Driver, platform: Platform
) -> None:
    office = mayors_line
    officer, supervisor = office.person("ml-callback-1"), office.person("ml-supervisor-1")
    office.begin_the_day()
    letter = {"channel": "letter", "party": {"address": "回音市晨钟路1号"}}  # answered by a call task
    accused, recused = (office.approved(matter=BUS, **letter)[0] for _ in range(2))
    calls = {number: _call(office, number) for number in (accused, recused)}
    deaf: tuple[Process, ...] = (("feedback", "worker"), ("notify", "worker"))
    platform.stop_processes(deaf)
    try:
        named = {"people": [officer.subject]}
        supervisor.post("intake", f"/cases/{accused}/circle/accused", {"matter": "m1", **named})
        supervisor.post("intake", f"/cases/{recused}/circle/recusals", named)
        for number in (accused, recused):
            assert officer.get("feedback", f"/echoes/{number}")["number"] == number, "it has not heard"
            for who, shut in ((officer, True), (office.person("ml-callback-2"), False)):
                assert office.is_hidden(lambda: _contact(who, number), number) is shut  # noqa: B023
                assert office.is_hidden(lambda: _content(who, number, calls[number]), number) is shut  # noqa: B023
    finally:
        platform.start_processes(deaf)


def _call(office: Driver, number: str) -> str:
    """The case's call task."""
    task = office.until(lambda: next(t for t in office.tasks("call") if t["number"] == number))
    return str(task["id"])


def _contact(who: Person, number: str) -> None:
    assert who.post("feedback", f"/echoes/{number}/contact", {"purpose": "callback"})["phone"]


def _content(who: Person, number: str, task: str) -> None:
    assert who.get("notify", f"/tasks/{number}/{task}/content")["to"]


@pytest.mark.clause("E-80")
def test_confidentiality_asked_late_masks_from_then_and_takes_no_order_back(mayors_line: Driver) -> None:
    office = mayors_line
    number, order = office.dispatched(matter=BUS)
    office.until_stage(number, "dispatched")
    callback = office.role("callback")
    body = {"matter": "m1"}
    receipt = callback.post("intake", f"/cases/{number}/circle/confidentiality", body)
    assert receipt == {"number": number, "version": 2}
    office.until_said(number, "circle.applied", times=4)
    assert office.order(number, order["id"])["state"] == "dispatched"
    assert callback.post("intake", f"/cases/{number}/circle/confidentiality", body) == receipt
    assert len(office.said(number, "circle.changed")) == 1
    (circle,) = office.role("auditor").get("intake", f"/cases/{number}/circle")["matters"]
    assert circle["confidential"] is True
    (logged,) = office.role("auditor").get("intake", "/audit", case=number, what="circle.confidential")[
        "rows"
    ]
    assert f"{order['id']}@{order['unit']}" in logged["detail"]["orders"], "who had it until then"


@pytest.mark.clause("E-75")
def test_what_a_supervisor_judged_before_declaring_a_conflict_is_judged_anew_by_another(
    mayors_line: Driver,
) -> None:
    office = mayors_line
    number, _ = office.approved(matter=BUS)
    judge, other = office.person("ml-supervisor-1"), office.person("ml-supervisor-2")
    judge.post("intake", f"/cases/{number}/circle/recusals", {})
    office.until(
        lambda: office.is_hidden(lambda: judge.get("supervision", f"/supervisions/{number}"), number)
    )
    assert number not in {row["number"] for row in judge.all("supervision", "/rereviews", "rereviews")}
    waiting = [row for row in other.all("supervision", "/rereviews", "rereviews") if row["number"] == number]
    assert [row["order"] for row in waiting] == ["m1-1"]
    path = f"/supervisions/{number}/orders/m1-1/rereview"
    decision = {"decision": "rehandle", "explanation": "原审核人应当回避，请重新核实。"}
    assert office.is_hidden(lambda: judge.post("supervision", path, decision), number)
    other.post("supervision", path, decision)
    office.until(lambda: office.order(number, "m1-1")["state"] == "accepted")
    assert office.until_said(number, "round.raised")[0]["data"]["orders"] == ["m1-1"]


@pytest.mark.clause("S2-89", "E-76")
def test_a_leader_judges_where_every_supervisor_has_a_conflict_and_only_there(mayors_line: Driver) -> None:
    office = mayors_line
    number, order = office.replied(matter=BUS)
    first, second = (office.person(f"ml-leader-{n}") for n in (1, 2))
    supervisors = [office.person(f"ml-supervisor-{n}") for n in (1, 2)]
    path = f"/supervisions/{number}/orders/{order['id']}/reviews"
    words = f"/handlings/{number}/orders/{order['id']}/replies/1"
    criteria = office.folder.rulebook.review.criteria
    verdict = {"reply": 1, "results": [{"criterion": one.id, "result": "pass"} for one in criteria]}
    supervisors[0].post("intake", f"/cases/{number}/circle/recusals", {})
    second.post("intake", f"/cases/{number}/circle/recusals", {})
    office.until(lambda: _applied(first, number, 3))
    with pytest.raises(Refused, match="forbidden"):
        first.get("dispatch", words)
    with pytest.raises(Refused, match="forbidden"):
        first.post("supervision", path, verdict)
    supervisors[1].post("intake", f"/cases/{number}/circle/recusals", {})
    office.until(lambda: _applied(first, number, 4))
    for shut in (second, *supervisors):
        assert office.is_hidden(lambda shut=shut: shut.post("supervision", path, verdict), number)  # type: ignore[misc]
    assert number in {row["number"] for row in first.all("supervision", "/reviews", "reviews")}
    assert first.get("dispatch", words)["text"]
    first.post("supervision", path, verdict)
    assert office.until_said(number, "reply.approved")


@pytest.mark.clause("E-78")
def test_on_a_phone_that_others_read_stands_nothing_of_a_confidential_matter(
    mayors_line: Driver, platform: Platform
) -> None:
    office = mayors_line
    result = "已对该线路的排班作出处理。"
    number, order = office.replied(result, matter=SECRET)
    office.review(number, order["id"], 1)
    office.until(lambda: "result_ready" in _delivered(office, number))
    taken: list[Json] = httpx.get(platform.sms_gateway, verify=NO_CA).json()["messages"]
    texts = "".join(sms["text"] for sms in taken if number in sms["text"])
    assert "已有办理结果" in texts
    matter, category = (
        office.form(matter=SECRET)["matters"][0],
        office.folder.rulebook.categories["transport/bus"],
    )
    for content in (result, category.name, matter["text"], matter["wish"], matter["place"]):
        assert content not in texts


def _delivered(office: Driver, number: str) -> set[str]:
    rows = office.role("operator").get("notify", f"/messages/{number}")["messages"]
    return {row["template"] for row in rows if row["state"] == "delivered"}


@pytest.mark.clause("E-83")
def test_nobodys_identity_is_opened_for_the_press_without_their_consent(mayors_line: Driver) -> None:
    office = mayors_line
    number = office.registered(arrival={"news_outlet": "和鸣晚报"})
    custodian, leader = office.role("custodian"), office.role("leader")
    path = f"/cases/{number}/identity-requests"
    asked = leader.post("intake", path, {"reason": "晚报记者拟随同现场调查。", "for_press": True})["id"]
    (waits,) = (r for r in custodian.all("intake", "/identity-requests", "requests") if r["id"] == asked)
    assert waits["for_press"] is True
    grant = {"hours": 2, "note": "同意"}
    with pytest.raises(Refused, match="no-consent"):
        custodian.post("intake", f"{path}/{asked}/grant", grant)
    assert office.is_hidden(lambda: leader.get("intake", f"/cases/{number}/identity"), number)
    office.role("callback").post("intake", f"/cases/{number}/parties/p1/press-consent", {"consents": True})
    custodian.post("intake", f"{path}/{asked}/grant", grant)
    (told,) = leader.get("intake", f"/cases/{number}/identity")["parties"]
    assert told["identity"]["name"] == office.form()["parties"][0]["name"]
    office.role("callback").post("intake", f"/cases/{number}/parties/p1/press-consent", {"consents": False})
    assert office.is_hidden(lambda: leader.get("intake", f"/cases/{number}/identity"), number)


def _applied(who: Person, number: str, version: int) -> bool:
    circle = who.get("intake", f"/cases/{number}/circle")
    return circle["version"] == version and not circle["missing"]
