"""What holds for all: numbers, time, who did what, and what happens when something comes twice (E)."""

import json
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import httpx
import pika
import pytest

from deploy.local.platform import OFFICES, Platform, Site
from huiyin.chassis.topology import inbox_of
from huiyin.chassis.trust import NO_CA
from huiyin.client.line import Json, Person, Refused
from huiyin.contracts.services import SERVICES, Service
from tests.scenarios.conftest import Directory
from tests.scenarios.driver import SHANGHAI, Driver
from tests.scenarios.test_the_command import Run, huiyin, told

__all__ = ["huiyin", "told"]

BUS = {"category": "transport/bus"}


# -- E-43: numbers ---------------------------------------------------------------------------


def _serial(number: str) -> tuple[str, int]:
    """The day of a number, and its serial of that day."""
    _, _, day, serial, _ = number.split("-")
    return day, int(serial)


@pytest.mark.clause("E-43")
def test_no_number_is_given_twice_across_channels_parallel_entry_crashes_and_days(
    mayors_line: Driver, community_centre: Driver, platform: Platform
) -> None:
    office = mayors_line
    forms = [office.form(channel=channel, matter=BUS) for channel in ("call", "letter", "mailbox", "web")] * 4
    with ThreadPoolExecutor(4) as pool:
        first = list(pool.map(lambda form: office.register(form)["number"], forms))
    serials = [_serial(number) for number in first]
    assert len(set(serials)) == len(serials), "one row of serials for all channels"
    platform.kill_process("intake", "web")
    platform.start_process("intake", "web")
    after = _serial(office.registered(matter=BUS))
    assert after > max(serials), "what a crashed process had not given yet is not given again"
    assert {number[:2] for number in first} == {"SZ"}
    assert community_centre.registered()[:2] == "BF"
    office.advance_to(office.working_days_from_now(1))
    tomorrow = _serial(office.registered(matter=BUS))
    assert tomorrow[0] == f"{office.now():%Y%m%d}" > after[0], "year, month and day stand in the number"


# -- E-42: typed in later --------------------------------------------------------------------


@pytest.mark.clause("E-42")
def test_what_was_taken_on_paper_while_the_system_was_down_keeps_its_original_time(
    mayors_line: Driver, platform: Platform
) -> None:
    office = mayors_line
    came = office.now()
    platform.stop_process("intake", "web")
    patient, office.line.patience = office.line.patience, 1
    try:
        with pytest.raises(Exception, match=r"refused|disconnected"):
            office.registered(matter=BUS)
    finally:
        office.line.patience = patient
        platform.start_process("intake", "web")
    office.advance(hours=2)
    number = office.registered(matter=BUS, received_at=came.isoformat())
    case = office.case(number)
    assert datetime.fromisoformat(case["received_at"]) == came
    assert datetime.fromisoformat(case["accepted_at"]) == came + timedelta(hours=2)
    with pytest.raises(Refused, match="received_at"):
        office.registered(matter=BUS, received_at=(office.now() + timedelta(days=1)).isoformat())


# -- E-124, E-125: every step, and its time --------------------------------------------------


@pytest.mark.clause("E-124")
def test_every_step_of_every_service_says_who_did_what_and_when(
    mayors_line: Driver,
) -> None:
    office = mayors_line
    number, order = office.replied(matter=BUS)
    office.review(number, order["id"], 1)
    office.until_echo(number, "open", "told")
    office.attempt(number, "call", reached=True)
    steps = {service: _steps(office, service, number) for service in SERVICES}
    assert {service for service, found in steps.items() if found} == set(SERVICES)
    for found in steps.values():
        assert [step["n"] for step in found] == list(range(1, len(found) + 1))
        for step in found:
            assert step["what"]
            assert datetime.fromisoformat(step["when"]).year == office.now().year
            assert step["who"]["subject"]
            assert step["who"]["role"]
    acts = {(s, step["what"]): step["who"]["subject"] for s, found in steps.items() for step in found}
    assert acts["intake", "register"] == office.role("operator").subject
    assert acts["dispatch", "accept"] == office.unit(order["unit"]).subject
    for role in ("operator", "admin", "records"):
        with pytest.raises(Refused, match="403"):
            office.role(role).get("dispatch", f"/steps/{number}")


def _steps(office: Driver, service: Service, number: str) -> list[Json]:
    steps: list[Json] = office.role("auditor").get(service, f"/steps/{number}")["steps"]
    return steps


@pytest.mark.clause("E-125")
def test_dates_follow_the_office_clock_and_nothing_moves_while_it_stands(community_centre: Driver) -> None:
    office = community_centre
    number, order = office.accepted()
    registered = office.case(number)["accepted_at"]
    assert datetime.fromisoformat(registered) == office.now()
    assert datetime.now(SHANGHAI) - office.now() > timedelta(days=300), "no machine's clock tells this"
    due = datetime.fromisoformat(order["due_on"]).replace(tzinfo=SHANGHAI)
    office.advance_to(due.date(), "23:59")
    assert office.said(number, "supervision.issued") == []
    office.advance(minutes=2)
    (issued,) = office.until_said(number, "supervision.issued")
    assert datetime.fromisoformat(issued["time"]) == office.now()


# -- E-84: who left --------------------------------------------------------------------------


@pytest.mark.clause("E-84")
def test_whoever_leaves_or_is_moved_is_shut_out_of_every_service_at_once(
    mayors_line: Driver, community_centre: Driver, directory: Directory
) -> None:
    office = mayors_line
    number, _ = office.replied(matter=BUS)
    leaving = Person(office.line, "ml-supervisor-2", "supervisor", office.office)
    assert leaving.get("supervision", f"/supervisions/{number}")["number"] == number
    line = next(x for x in _people(office) if "ml-supervisor-2" in x)
    yesterday = f"{office.now() - timedelta(days=1):%Y-%m-%d}"
    directory(office.office, line, line.replace("}", f", left_on: {yesterday}}}"))
    places: dict[Service, str] = {"intake": "cases", "dispatch": "handlings", "supervision": "supervisions"}
    for service, path in places.items():
        with pytest.raises(Refused, match="403"):
            leaving.get(service, f"/{path}/{number}")
    moved = Person(office.line, office.role("callback").subject, "callback", office.office)
    assert moved.get("intake", f"/cases/{number}")
    line = next(x for x in _people(office) if moved.subject in x)
    directory(office.office, line, line.replace("[callback]", "[unit]"))
    with pytest.raises(Refused, match="403"):
        moved.get("intake", f"/cases/{number}")


@pytest.mark.clause("E-84")
def test_an_office_sees_its_own_cases_alone(mayors_line: Driver, community_centre: Driver) -> None:
    number, _ = mayors_line.replied(matter=BUS)
    theirs = community_centre
    places: tuple[tuple[Service, str], ...] = (
        ("intake", "cases"), ("dispatch", "handlings"), ("supervision", "supervisions"),
        ("notify", "messages"),
    )  # fmt: skip
    for service, path in places:
        look = partial(theirs.role("supervisor").get, service, f"/{path}/{number}")
        assert theirs.is_hidden(look, number)
    assert number not in {case["number"] for case in theirs.cases()}


def _people(office: Driver) -> list[str]:
    return [
        line
        for line in (OFFICES / office.office / "people.yaml").read_text(encoding="utf-8").splitlines()
        if line.lstrip().startswith("- {")
    ]


# -- E-35: erasure ---------------------------------------------------------------------------


@pytest.mark.clause("E-35", "E-33")
def test_a_wish_for_erasure_restricts_the_view_and_deletes_nothing(mayors_line: Driver) -> None:
    office = mayors_line
    receipt = office.register(office.form(matter=BUS))
    number, code = receipt["number"], receipt["query_code"]
    office.until_said(number, "order.dispatched")
    assert office.progress(number, code)["steps"]
    office.role("custodian").post("intake", f"/cases/{number}/restriction", {"why": "本人申请删除"})
    with pytest.raises(Refused, match="view-restricted"):
        office.role("custodian").post("intake", f"/cases/{number}/identity", {"reason": "核实"})
    with pytest.raises(Refused, match="view-restricted"):
        office.role("operator").post(
            "intake", f"/cases/{number}/parties/p1/contact", {"name": "他人", "based_on": 0}
        )
    told = office.progress(number, code)
    assert (told["restricted"], "steps" in told) == (True, False)
    assert office.case(number)["restricted_at"]
    assert {row["type"] for row in office.journal(number)} >= {"case.registered", "order.dispatched"}


@pytest.mark.clause("E-35")
def test_what_the_complainant_said_of_the_result_is_shut_with_all_his_words(mayors_line: Driver) -> None:
    office, said = mayors_line, "师傅上门态度差，留了我的住址还到处讲。"
    number, _ = office.approved()
    office.until_echo(number, "open", "told")
    office.attempt(number, "call", reached=True)
    office.tell(number, "call")
    office.evaluate(number, "m1", solved=True, satisfied=False, words=said)
    supervisor, words = office.role("supervisor"), f"/echoes/{number}/evaluations/m1/words"
    assert supervisor.get("feedback", words)["words"] == said
    office.role("custodian").post("intake", f"/cases/{number}/restriction", {"why": "本人申请删除"})
    with pytest.raises(Refused, match="view-restricted"):
        supervisor.get("feedback", words)


# -- E-33: progress --------------------------------------------------------------------------


@pytest.mark.clause("E-33")
def test_progress_is_told_to_whoever_has_number_and_code_and_to_nobody_else(mayors_line: Driver) -> None:
    office = mayors_line
    receipt = office.register(office.form(matter=BUS))
    number, code = receipt["number"], receipt["query_code"]
    told = office.progress(number, code)
    assert (told["number"], told["stage"] in ("registered", "dispatched")) == (number, True)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for asked in ((number, wrong), ("SZ-D-20200101-999999-42", code)):
        with pytest.raises(Refused, match="编号或查询码不正确"):
            office.progress(*asked)
    secret = office.register(office.form(matter={**BUS, "confidential": True}))
    told = office.progress(secret["number"], secret["query_code"])
    assert told["restricted"] is True
    assert not {"stage", "steps", "matters", "round"} & told.keys()


# -- E-119: what comes twice, late, or not at all --------------------------------------------


@contextmanager
def held_back(site: Site) -> Iterator[Callable[[Callable[[Json], bool]], list[bytes]]]:
    """Takes what waits for notify out of its queue, and what was asked for back in at the end."""
    with pika.BlockingConnection(pika.URLParameters(site.addresses.amqp_url)) as connection:
        yield partial(_drained, connection.channel())


def _drained(channel: Any, wanted: Callable[[Json], bool]) -> list[bytes]:
    """The messages that are wanted; all others are put behind again, in their order."""
    taken: list[bytes] = []
    while (got := channel.basic_get(inbox_of("notify"), auto_ack=True))[0] is not None:
        taken.append(got[2])
    kept = [body for body in taken if wanted(json.loads(body))]
    for body in taken:
        if body not in kept:
            _put(channel, body)
    return kept


def _put(channel: Any, body: bytes) -> None:
    properties = pika.BasicProperties(content_type="application/json", delivery_mode=2)
    channel.basic_publish("", inbox_of("notify"), body, properties)


def _texts(platform: Platform, number: str) -> list[str]:
    """What the SMS gateway took about the case."""
    taken: list[Json] = httpx.get(platform.sms_gateway, verify=NO_CA).json()["messages"]
    return [str(sms["text"]) for sms in taken if number in sms["text"]]


@pytest.mark.clause("E-119")
def test_nothing_older_is_sent_to_a_person_after_something_newer_of_the_same_case(
    mayors_line: Driver, platform: Platform, site: Site
) -> None:
    office = mayors_line
    platform.stop_process("notify", "worker")
    try:
        number = office.registered(channel="web", matter=BUS)
        office.until_said(number, "order.dispatched")
        office.advance(minutes=5)
        office.withdraw(number, "已自行解决。")
        office.until_stage(number, "concluded")
        with held_back(site) as drained:
            (older,) = office.until(lambda: drained(lambda e: _asks(e, number, "case_registered")))
    finally:
        platform.start_process("notify", "worker")
    office.until(lambda: _state(office, number, "case_concluded") == "delivered")
    with pika.BlockingConnection(pika.URLParameters(site.addresses.amqp_url)) as connection:
        _put(connection.channel(), older)
    office.until(lambda: _state(office, number, "case_registered") == "superseded")
    assert len(_texts(platform, number)) == 1


def _asks(envelope: Json, number: str, template: str) -> bool:
    wanted = (envelope["subject"], envelope["type"]) == (number, "message.requested")
    return wanted and envelope["data"]["template"] == template


def _state(office: Driver, number: str, template: str) -> str:
    rows = office.role("operator").get("notify", f"/messages/{number}")["messages"]
    return next((str(row["state"]) for row in rows if row["template"] == template), "")


@pytest.mark.clause("E-119")
def test_a_message_that_comes_twice_is_sent_once(mayors_line: Driver, platform: Platform, told: Run) -> None:
    office = mayors_line
    number = office.registered(channel="web", matter=BUS)
    office.until(lambda: _state(office, number, "case_registered") == "delivered")
    sent = _texts(platform, number)
    heard = platform.handled("notify")
    told("history", "resend", "--case", number)
    office.until(lambda: platform.handled("notify") >= heard + 2)
    assert (len(sent), _texts(platform, number)) == (1, sent)


@pytest.mark.clause("E-119")
def test_what_cannot_be_delivered_is_set_aside_and_shown(mayors_line: Driver, site: Site, told: Run) -> None:
    office = mayors_line
    broken = uuid.uuid4().hex.encode()
    with pika.BlockingConnection(pika.URLParameters(site.addresses.amqp_url)) as connection:
        _put(connection.channel(), broken)
    row = office.until(lambda: _parked(office, broken))
    assert row["reason"] == "malformed"
    told("parked", "drop", "notify", row["id"], "--why", "a test made it up")


def _parked(office: Driver, raw: bytes) -> Json | None:
    admin = office.role("admin")
    for row in admin.all("notify", "/waiting", "messages", state="parked"):
        if raw.decode() in json.dumps(admin.get("notify", f"/waiting/{row['id']}")):
            return row
    return None
