"""What the hotline offers: around the clock, every demand an order, everybody's own progress (S3)."""

import json
from datetime import datetime

import pytest

from huiyin.client.line import Json, Person, Refused
from huiyin.contracts.services import SERVICES
from tests.scenarios.conftest import Directory
from tests.scenarios.driver import SHANGHAI, Driver

NAME, PHONE, ADDRESS = "柏守拙", "19900000001", "白帆街道石桥弄1号"
ID_CARD, BANK = "11010119900307803X", "6222021234567890123"


@pytest.mark.clause("S3-13", "X-20")
@pytest.mark.parametrize("channel", ["call", "web"])
def test_at_any_hour_a_demand_is_taken_looked_at_and_dispatched_at_once(
    city_hotline: Driver, channel: str
) -> None:
    office = city_hotline
    for hour in ("17:30", "23:50"):
        office.advance_to(office.now().date(), hour)
        _taken_at_once(office, channel)
    office.advance(hours=3)
    assert office.now().hour == 2
    _taken_at_once(office, channel)


def _taken_at_once(office: Driver, channel: str) -> None:
    receipt = office.register(office.form(channel=channel))
    assert receipt["attended_from"] == receipt["accepted_at"]
    assert datetime.fromisoformat(receipt["accepted_at"]) == office.now()
    number = receipt["number"]
    (sent,) = office.until_said(number, "order.dispatched")
    assert datetime.fromisoformat(sent["time"]).astimezone(SHANGHAI) == office.now()


@pytest.mark.clause("S3-14+feedback")
def test_the_hotline_receives_answers_tells_progress_and_gives_feedback(city_hotline: Driver) -> None:
    office = city_hotline
    asked = office.form(matter={"kind": "consultation"}, answer="请携身份证到街道办理。")
    assert office.register(asked)["stage"] == "concluded"
    receipt = office.register(office.form())
    number = receipt["number"]
    assert office.progress(number, receipt["query_code"])["number"] == number
    order = office.until(lambda: _dispatched(office, number))
    office.accept(number, order)
    office.reply(number, order, "已清运。")
    office.until(lambda: any(row["number"] == number for row in office.reviews()))
    office.review(number, order["id"], 1)
    office.until_echo(number, "open", "told")
    office.attempt(number, "call", reached=True)
    office.tell(number, "call")
    # It may have been told in writing before.
    office.until(lambda: any(row["data"]["medium"] == "call" for row in office.said(number, "result.told")))


def _dispatched(office: Driver, number: str) -> Json | None:
    return next((o for o in office.handling(number)["orders"] if o["state"] == "dispatched"), None)


@pytest.mark.clause("S3-26+feedback")
def test_a_complainant_follows_the_own_demand_from_registration_to_the_result(city_hotline: Driver) -> None:
    office = city_hotline
    receipt = office.register(office.form())
    number, code, link = receipt["number"], receipt["query_code"], receipt["progress_link"]
    order = office.until(lambda: _dispatched(office, number))
    assert _follow(office, number, code, link, "order.dispatched")["concluded_at"] is None
    office.accept(number, order)
    _follow(office, number, code, link, "order.accepted")
    office.until(lambda: office.progress(number, code)["stage"] == "handling")
    office.reply(number, order, "已清运。")
    office.until(lambda: any(row["number"] == number for row in office.reviews()))
    office.review(number, order["id"], 1)
    _follow(office, number, code, link, "handling.completed")
    office.until_echo(number, "open", "told")
    office.attempt(number, "call", reached=True)
    office.tell(number, "call")
    office.evaluate(number, "m1", solved=True, satisfied=True)
    assert _follow(office, number, code, link, "case.concluded")["stage"] in ("concluded", "archived")
    assert office.progress(number, code)["concluded_at"]


def _follow(office: Driver, number: str, code: str, link: str, last: str) -> Json:
    """What both ways of asking tell, once a step is among it."""

    def told() -> Json | None:
        found = office.progress(number, code)
        return found if last in {step["type"] for step in found["steps"]} else None

    seen = office.until(told)
    assert office.line.ask("GET", "intake", link)["number"] == number
    return seen


@pytest.mark.clause("S3-30")
def test_what_people_tell_of_themselves_stands_in_no_record_view_or_message(city_hotline: Driver) -> None:
    office = city_hotline
    text = f"我是{NAME}，住{ADDRESS}，电话{PHONE}，身份证{ID_CARD}，卡号{BANK}，垃圾三天未清运。"
    number, order = office.replied(f"已联系{NAME}（{PHONE}）并清运。", matter={"text": text})
    office.review(number, order["id"], 1)
    office.until_echo(number, "open", "told")
    everything = json.dumps(_views(office, number, order), ensure_ascii=False)
    assert "垃圾三天未清运" in everything
    for secret in (NAME, PHONE, ADDRESS, ID_CARD, BANK):
        assert secret not in everything


def _views(office: Driver, number: str, order: Json) -> list[Json]:
    """What each role is shown; who judges a reply reads it as it was written, on the record."""
    unit = office.unit(order["unit"])
    return [
        *(office.role(role).get("intake", f"/cases/{number}") for role in ("operator", "leader", "records")),
        unit.get("intake", f"/cases/{number}"),
        office.role("auditor").get("intake", f"/cases/{number}/journal"),
        office.handling(number),
        office.supervision(number),
        office.echo(number),
        office.role("operator").get("notify", f"/messages/{number}"),
        *(office.role("auditor").get(service, "/ledger", number=number) for service in SERVICES),
    ]


@pytest.mark.clause("S3-30")
def test_a_business_secret_stands_in_no_public_view_and_in_no_event(city_hotline: Driver) -> None:
    office = city_hotline
    secret = {"text": "我司配方为甲三乙七，遭同行仿冒。", "confidential": True}
    receipt = office.register(office.form(matter=secret))
    number = receipt["number"]
    office.until(lambda: _dispatched(office, number))
    assert office.progress(number, receipt["query_code"])["restricted"] is True
    outside = office.unit("water_company")
    assert office.is_hidden(lambda: outside.get("intake", f"/cases/{number}"), number)
    for row in office.journal(number):
        assert "甲三乙七" not in json.dumps(row, ensure_ascii=False)


@pytest.mark.clause("S3-36")
@pytest.mark.parametrize("kind", ["consultation", "help", "complaint", "report", "suggestion"])
def test_every_demand_becomes_a_work_order_with_a_number_of_its_own(city_hotline: Driver, kind: str) -> None:
    office = city_hotline
    kinds = office.folder.rulebook.classification.kinds
    assert {name for name, one in kinds.items() if one.dispatched} == {
        "consultation", "help", "complaint", "report", "suggestion",
    }  # fmt: skip
    number = office.registered(matter={"kind": kind})
    order = office.until(lambda: _dispatched(office, number))
    assert (order["matter"], office.case(number)["matters"][0]["kind"]) == ("m1", kind)


@pytest.mark.clause("S3-36")
def test_a_demand_with_several_matters_becomes_an_order_for_each(city_hotline: Driver) -> None:
    office = city_hotline
    form = office.form()
    form["matters"].append({**form["matters"][0], "text": "路灯不亮，夜里难走。"})
    number = office.register(form)["number"]
    orders = office.until(lambda: office.handling(number)["orders"])
    assert {one["matter"] for one in orders} == {"m1", "m2"}


@pytest.mark.clause("S3-52")
def test_the_hotline_runs_the_platform_and_whoever_sets_its_rules_does_not(
    city_hotline: Driver, directory: Directory
) -> None:
    office = city_hotline
    people = office.folder.people
    runs, rules = office.role("admin"), office.role("rulebook")
    assert (people[runs.subject].unit, people[rules.subject].unit) == ("hotline", "service_department")
    for service in SERVICES:
        assert "messages" in runs.get(service, "/waiting")
        for path in ("/waiting", "/ledger"):
            with pytest.raises(Refused, match="403"):
                rules.get(service, path)
    # The directory itself refuses that one person holds both, or that another unit runs it.
    directory(
        office.office,
        "roles: [rulebook], unit: service_department",
        "roles: [rulebook, admin], unit: service_department",
    )
    both = Person(office.line, rules.subject, "admin", office.office)
    with pytest.raises(Refused, match="403"):
        both.get("intake", "/waiting")
