"""`huiyin` against the running platform: what people type, and what they are told."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pika
import pytest
from typer.testing import CliRunner, Result

from deploy.local.platform import OFFICES, Platform, Site
from huiyin.chassis.topology import inbox_of
from huiyin.cli.main import app
from huiyin.contracts.services import Service
from tests.scenarios.driver import Driver

pytestmark = pytest.mark.reads_all_cases

Run = Callable[..., Any]
ROAD = ("--channel", "call", "--kind", "complaint", "--category", "municipal/road", "--area", "990101001")
WRITER = ("--name", "柏守拙", "--phone", "19900000001", "--work-unit", "晨钟印刷厂")


@pytest.fixture
def huiyin(platform: Platform, site: Site, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs `huiyin …` on the scenarios' platform."""
    for name in ("HUIYIN_TOKEN", "HUIYIN_SERVICES", "HUIYIN_OFFICE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HUIYIN_LOCAL", str(site.folder))
    monkeypatch.setenv("HUIYIN_OFFICES_DIR", str(OFFICES))
    return lambda *words, typed="": CliRunner().invoke(app, [str(word) for word in words], input=typed)


@pytest.fixture
def told(huiyin: Callable[..., Result]) -> Run:
    """What a command says with --json, when it ends with 0."""

    def run(*words: Any, typed: str = "") -> Any:
        result = huiyin(*words, "--json", typed=typed)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return run


# -- cases --------------------------------------------------------------------------------------


def test_a_complaint_is_registered_once_however_often_it_is_typed(told: Run, mayors_line: Driver) -> None:
    typed = ("register", *ROAD, *WRITER, "--text", "人行道塌陷。", "--idempotency-key", uuid.uuid4().hex)
    receipt = told(*typed)
    assert told(*typed) == receipt
    progress = mayors_line.progress(receipt["number"], receipt["query_code"])
    assert progress["number"] == receipt["number"]


def test_a_form_comes_as_json_and_options_change_it(told: Run, mayors_line: Driver) -> None:
    form = mayors_line.form(priority="normal")
    number = told(
        "register",
        "--file",
        "-",
        "--priority",
        "urgent",
        "--priority-why",
        "有人受困",
        "--place",
        "石桥",
        typed=json.dumps(form),
    )["number"]
    case = mayors_line.case(number)
    assert (case["priority"], case["matters"][0]["place"]) == ("urgent", "石桥")
    assert case["matters"][0]["text"] == form["matters"][0]["text"]


def test_what_the_rulebook_does_not_take_is_refused_field_by_field(
    huiyin: Callable[..., Result], mayors_line: Driver
) -> None:
    refused = huiyin("register", *ROAD, "--text", "人行道塌陷。", "--name", "柏守拙")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "parties.0.phone: 本渠道必填" in refused.stderr


def test_a_case_is_shown_as_all_services_have_it_without_identity(
    huiyin: Callable[..., Result], told: Run, mayors_line: Driver
) -> None:
    number, order = mayors_line.replied()
    due_on = mayors_line.until(lambda: mayors_line.order(number, order["id"])["due_on"])
    shown = told("case", "show", number)
    assert shown["case"]["stage"] == "handling"
    assert order["id"] in [one["id"] for one in shown["handling"]["orders"]]
    assert shown["supervision"]["clocks"][0]["limits"][0]["due_on"] == due_on
    assert shown["echo"]["state"] == "waiting"
    assert "order_given" in [one["template"] for one in shown["messages"]["messages"]]
    assert shown["missing"] == {}
    for_people = huiyin("case", "show", number)
    assert for_people.exit_code == 0
    for secret in ("柏守拙", "19900000001", "晨钟印刷厂"):
        assert secret not in for_people.stdout
        assert secret not in json.dumps(shown, ensure_ascii=False)


def test_a_service_that_is_away_is_told_and_the_rest_is_shown(
    huiyin: Callable[..., Result],
    mayors_line: Driver,
    site: Site,
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number, _ = mayors_line.dispatched()
    services = json.loads((site.folder / "services.json").read_text())
    (tmp_path / "services.json").write_text(json.dumps({**services, "feedback": "http://127.0.0.1:9"}))
    monkeypatch.setenv("HUIYIN_SERVICES", str(tmp_path / "services.json"))
    shown = huiyin("case", "show", number, "--json")
    assert shown.exit_code == 3
    assert "feedback: http://127.0.0.1:9 没有应答" in shown.stderr
    found = json.loads(shown.stdout)
    assert {"case", "handling", "supervision", "messages"} <= found.keys()
    assert (list(found["missing"]), "echo" in found) == (["feedback"], False)


def test_identity_is_opened_by_the_custodian_for_a_reason(
    huiyin: Callable[..., Result], told: Run, mayors_line: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = mayors_line.registered()
    (party,) = told("case", "show", number, "--identity", "诉求人要求更正电话")["identity"]
    assert (party["identity"]["name"], party["identity"]["phone"]) == ("柏守拙", "19900000001")
    monkeypatch.setenv("HUIYIN_TOKEN", told("token", "--role", "records")["token"])
    refused = huiyin("case", "show", number, "--identity", "想知道是谁")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "403 forbidden" in refused.stderr


def test_a_case_that_is_not_there_is_refused(huiyin: Callable[..., Result]) -> None:
    missing = huiyin("case", "show", "SZ-D-20240923-999999-99")
    assert (missing.exit_code, missing.stdout) == (1, "")
    assert "404" in missing.stderr


def test_cases_are_listed_by_filter_and_page(told: Run, mayors_line: Driver) -> None:
    number, order = mayors_line.dispatched()
    today = mayors_line.now().date().isoformat()
    query = ("cases", "--unit", order["unit"], "--channel", "call", "--since", today, "--until", today)
    mayors_line.until(lambda: number in [case["number"] for case in told(*query)["cases"]])
    found = told("cases", "--limit", 2)
    pages = [told("cases", "--limit", 2, "--page", page + 1) for page in range(-(-found["total"] // 2))]
    numbers = [case["number"] for page in pages for case in page["cases"]]
    assert len(set(numbers)) == found["total"]
    assert numbers == sorted(numbers, key=_newest(pages), reverse=True)
    assert told("cases", "--until", "2020-01-01")["total"] == 0


def _newest(pages: list[Any]) -> Callable[[str], Any]:
    accepted = {case["number"]: case["accepted_at"] for page in pages for case in page["cases"]}
    return lambda number: (accepted[number], number)


def test_ones_own_token_says_who_asks(
    huiyin: Callable[..., Result], told: Run, mayors_line: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, order = mayors_line.dispatched()
    token = told("token", "--role", "unit", "--unit", order["unit"])["token"]
    monkeypatch.setenv("HUIYIN_TOKEN", token)
    shown = mayors_line.until(lambda: _with_its_clock(huiyin("case", "show", number, "--json")))
    found = json.loads(shown.stdout)
    assert (shown.exit_code, sorted(found["missing"])) == (1, ["dispatch", "feedback", "notify"])
    assert {clock["unit"] for clock in found["supervision"]["clocks"]} == {order["unit"]}
    assert "HUIYIN_TOKEN" in huiyin("cases").stderr


def _with_its_clock(shown: Result) -> Result | None:
    """What was shown, once supervision has heard of the case."""
    return shown if shown.stdout and "supervision" in json.loads(shown.stdout) else None


# -- messages -----------------------------------------------------------------------------------


def _put(site: Site, service: Service, body: bytes) -> None:
    with pika.BlockingConnection(pika.URLParameters(site.addresses.amqp_url)) as connection:
        properties = pika.BasicProperties(content_type="application/json", delivery_mode=2)
        connection.channel().basic_publish("", inbox_of(service), body, properties)


def _early(case: str) -> bytes:
    data = {"order": "m1-1", "unit": "zhonggu", "accepted_at": "2024-09-23T01:00:00+00:00"}
    return json.dumps(
        {
            "specversion": "1.0",
            "id": uuid.uuid4().hex,
            "source": "dispatch",
            "type": "order.accepted",
            "subject": case,
            "time": "2024-09-23T01:00:00+00:00",
            "datacontenttype": "application/json",
            "dataschema": "urn:huiyin:event:order.accepted:1",
            "office": "mayors-line",
            "sequence": 1,
            "correlationid": "c",
            "causationid": "c",
            "data": data,
        }
    ).encode()


def test_what_waits_is_tried_now_parked_sent_again_and_dropped(
    huiyin: Callable[..., Result], told: Run, mayors_line: Driver, site: Site
) -> None:
    case = f"SZ-D-{uuid.uuid4().hex[:8]}"
    _put(site, "supervision", _early(case))

    def row(state: str) -> Any:
        return next((one for one in told(state, "list") if one["case"] == case), None)

    waiting = mayors_line.until(lambda: row("waiting"))
    assert (waiting["service"], waiting["reason"]) == ("supervision", "early")
    message = waiting["id"]
    tries = waiting["attempts"]
    told("waiting", "retry", "supervision", message)
    mayors_line.until(lambda: row("waiting")["attempts"] > tries)
    assert case in told("waiting", "show", "supervision", message)["raw"]
    assert huiyin("parked", "drop", "supervision", message, "--why", "not yet").exit_code == 1
    told("waiting", "park", "supervision", message, "--why", "asked the unit")
    assert row("parked")["parked"] == "asked the unit"
    told("parked", "resend", "supervision", message)
    mayors_line.until(lambda: row("waiting"))
    told("waiting", "park", "supervision", message, "--why", "nobody knows this case")
    told("parked", "drop", "supervision", message, "--why", "a test made it up")
    assert (row("waiting"), row("parked")) == (None, None)


# -- history ------------------------------------------------------------------------------------


def test_history_said_again_is_heard_everywhere_and_changes_nothing(
    told: Run, mayors_line: Driver, platform: Platform
) -> None:
    number, _ = mayors_line.replied()
    mayors_line.until_said(number, "message.delivered", times=3)  # to who complained, to both units
    assert len(mayors_line.said(number, "message.requested")) == 3, "nothing more is on its way"
    before = (told("case", "show", number), mayors_line.journal(number))
    heard = platform.handled("intake")
    assert told("history", "resend", "--case", number) == {
        "intake": 1, "dispatch": 1, "supervision": 1, "feedback": 0, "notify": 1,
    }  # fmt: skip
    again = len(mayors_line.journal(number))
    mayors_line.until(lambda: platform.handled("intake") >= heard + again)
    assert (told("case", "show", number), mayors_line.journal(number)) == before
    assert told("history", "resend", "--service", "intake", "--since", "2099-01-01") == {"intake": 0}
