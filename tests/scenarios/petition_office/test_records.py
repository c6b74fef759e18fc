"""Calls, letters and visits: three channels, each on record for good, read by staff alone (S0-01…S0-08)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import httpx
import pytest

from deploy.local.platform import Platform
from huiyin.chassis.trust import NO_CA
from huiyin.client.line import Json, Refused
from huiyin.contracts.roles import ROLES
from huiyin.contracts.services import SERVICES
from tests.scenarios.driver import Driver

CHANNELS = ("call", "letter", "visit")
READERS = {"operator", "dispatcher", "leader", "supervisor", "callback", "records"}
ACCOUNT = "外墙渗水已两年，去年十月报修后来人看过一次，至今未修，墙面发霉。"


@pytest.mark.clause("S0-01", "X-18")
@pytest.mark.parametrize("channel", CHANNELS)
def test_each_channel_is_registered_planned_transferred_answered_and_filed(
    petition_office: Driver, channel: str
) -> None:
    office = petition_office
    number = office.registered(channel=channel)
    order = office.until(lambda: office.handling(number)["orders"][0])
    assert (order["unit"], order["entry"]) == ("housing", "po-001")
    order = office.until(lambda: _dispatched(office, number))
    office.accept(number, order)
    office.reply(number, order, "经查，已按规范重做防水，依据《建设工程质量管理条例》办结。")
    office.until(lambda: any(row["number"] == number for row in office.reviews()))
    office.review(number, order["id"], 1)
    filed = office.archived(number)
    assert (filed["channel"], filed["outcome"]) == (channel, "echoed")
    assert office.role("records").get("intake", f"/cases/{number}/volume")["parts"]


def _dispatched(office: Driver, number: str) -> Json | None:
    return next((o for o in office.handling(number)["orders"] if o["state"] == "dispatched"), None)


@pytest.mark.clause("S0-01")
def test_a_channel_that_the_office_has_not_is_not_taken(petition_office: Driver) -> None:
    with pytest.raises(Refused, match="channel"):
        petition_office.registered(channel="fax")


@pytest.mark.clause("S0-01", "X-08")
def test_what_is_unfinished_at_the_end_of_its_limit_is_urged_on_every_channel(
    petition_office: Driver,
) -> None:
    office = petition_office
    due = office.working_days_from_now(1)
    running = {channel: _taken_over(office, channel, due) for channel in CHANNELS}
    for number in running.values():
        office.until_said(number, "deadline.set")
        assert office.said(number, "order.urged") == []
    office.advance_past(due)
    for channel, number in running.items():
        (urged,) = office.until_said(number, "order.urged")
        assert (urged["data"]["unit"], urged["data"]["due_on"]) == ("housing", due.isoformat())
        assert office.case(number)["channel"] == channel


def _taken_over(office: Driver, channel: str, due: date) -> str:
    """A case that an older system has had for two months, and whose limit ends soon."""
    handed = {
        "number": f"旧字{channel}{office.now():%m%d%H%M%S%f}",
        "unit": "housing",
        "due_on": due.isoformat(),
    }
    form = office.form(channel=channel, received_at=office.now().isoformat(), taken_over=handed)
    return str(office.role("records").post("intake", "/takeovers", form)["number"])


@pytest.mark.parametrize(
    "channel",
    [
        pytest.param("call", marks=pytest.mark.clause("S0-04", "E-84")),
        pytest.param("letter", marks=pytest.mark.clause("S0-07", "E-84")),
    ],
)
def test_a_record_is_read_by_the_offices_staff_alone(
    petition_office: Driver, mayors_line: Driver, platform: Platform, channel: str
) -> None:
    office = petition_office
    number = office.registered(channel=channel, matter={"text": ACCOUNT})
    path = f"/cases/{number}"
    for role in ROLES:
        person = office.unit("labour") if role == "unit" else office.role(role)
        if role in READERS:
            assert person.get("intake", path)["matters"][0]["text"] == ACCOUNT
        else:
            with pytest.raises(Refused, match="404" if role == "unit" else "403"):
                person.get("intake", path)
    for role in ("operator", "records"):
        assert mayors_line.is_hidden(lambda role=role: mayors_line.role(role).get("intake", path), number)  # type: ignore[misc]
    assert httpx.get(f"{platform.url('intake')}{path}", verify=NO_CA).status_code == 401


@pytest.mark.parametrize(
    "channel",
    [
        pytest.param("call", marks=pytest.mark.clause("S0-05")),
        pytest.param("letter", marks=pytest.mark.clause("S0-08")),
    ],
)
def test_a_record_cannot_be_deleted_and_survives_a_crash_of_every_process_of_its_house(
    petition_office: Driver, platform: Platform, channel: str
) -> None:
    office = petition_office
    number = office.registered(channel=channel, matter={"text": ACCOUNT})
    before = office.until(lambda: _sent(office, number))
    for service in SERVICES:
        for path in ("cases", "handlings", "supervisions", "echoes", "messages"):
            for role in ("records", "custodian", "admin"):
                url = f"{platform.url(service)}/{path}/{number}"
                answer = httpx.delete(url, headers=office.role(role).headers(), verify=NO_CA)
                assert answer.status_code in (404, 405)
    for kind in ("web", "worker", "relay"):
        platform.kill_process("intake", kind)
    platform.start_processes([("intake", kind) for kind in ("web", "worker", "relay")])
    assert office.case(number) == before
    assert before["matters"][0]["text"] == ACCOUNT


def _sent(office: Driver, number: str) -> Json | None:
    case = office.case(number)
    return case if case["stage"] == "dispatched" else None


@pytest.mark.parametrize(
    "channel",
    [
        pytest.param("call", marks=pytest.mark.clause("S0-05", "E-35")),
        pytest.param("letter", marks=pytest.mark.clause("S0-08", "E-35")),
    ],
)
def test_a_corrected_contact_keeps_what_it_was_before(petition_office: Driver, channel: str) -> None:
    office = petition_office
    number = office.registered(channel=channel)
    path = f"/cases/{number}/parties/p1/contact"
    told = office.role("operator").post("intake", path, {"phone": "19900000002", "based_on": 0})
    assert told["versions"] == 2
    (party,) = _opened(office, number)
    assert (party["identity"]["phone"], [before["phone"] for before in party["former"]]) == (
        "19900000002",
        ["19900000001"],
    )


def _opened(office: Driver, number: str) -> list[Json]:
    """Each party, as a custodian opens it."""
    opened = office.role("custodian").post("intake", f"/cases/{number}/identity", {"reason": "核对更正"})
    parties: list[Json] = opened["parties"]
    return parties


@pytest.mark.clause("S0-06", "E-43")
def test_every_letter_has_a_number_of_its_own_however_many_come_at_once(petition_office: Driver) -> None:
    office = petition_office
    with ThreadPoolExecutor(4) as pool:
        letters = list(
            pool.map(lambda n: office.registered(channel="letter", party={"name": f"写信人{n}"}), range(12))
        )
    assert len(set(letters)) == 12
    for number in letters:
        assert number.startswith(f"SQ-X-{office.now():%Y%m%d}-")
        assert office.case(number)["channel"] == "letter"
