"""What the mayor's line takes down: its channels, its lines, its duty book, and withdrawals (S4)."""

from datetime import timedelta

import pytest

from huiyin.client.line import Json
from tests.scenarios.driver import SHANGHAI, Driver
from tests.scenarios.taking import asked_for, identity, looked, of_case, wrong_fields


@pytest.mark.clause("S4-01")
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("complaint", "批评：窗口工作人员午休脱岗一小时。"),
        ("suggestion", "意见：公示牌字太小，老人看不清。"),
        ("suggestion", "建议：地铁口增设非机动车停放区。"),
        ("help", "要求：小区停水两天，请尽快恢复供水。"),
    ],
    ids=["criticism", "opinion", "suggestion", "demand"],
)
def test_criticism_opinions_suggestions_and_demands_are_accepted(
    mayors_line: Driver, kind: str, text: str
) -> None:
    number = mayors_line.registered(matter={"kind": kind, "text": text})
    matter = mayors_line.case(number)["matters"][0]
    assert (matter["kind"], matter["text"]) == (kind, text)


@pytest.mark.clause("S4-06", "X-18")
def test_mailbox_and_letters_are_taken_as_well_as_calls(mayors_line: Driver) -> None:
    for channel, letter in {"call": "D", "mailbox": "M", "letter": "X"}.items():
        assert mayors_line.registered(channel=channel).split("-")[1] == letter
    bare = [{"role": "complainant", "name": "柏守拙"}]
    asked = {"call": {"phone", "work_unit"}, "mailbox": {"email"}, "letter": {"address"}}
    for channel, names in asked.items():
        found = wrong_fields(mayors_line, mayors_line.form(channel=channel, parties=bare))
        assert set(found) == {f"parties.0.{name}" for name in names}
    arrival = {"visitors": 2}
    assert "arrival.visitors" in wrong_fields(mayors_line, mayors_line.form(arrival=arrival))


@pytest.mark.clause("S4-07")
def test_a_call_to_a_departments_former_hotline_keeps_its_line(mayors_line: Driver) -> None:
    number = mayors_line.registered(arrival={"line": "12315"})
    assert mayors_line.case(number)["arrival"]["line"] == "12315"
    foreign = mayors_line.form(arrival={"line": "120"})
    assert set(wrong_fields(mayors_line, foreign)) == {"arrival.line"}


@pytest.mark.clause("S4-21")
def test_name_unit_number_time_and_content_of_a_call_are_stored(mayors_line: Driver) -> None:
    rang = mayors_line.now().replace(microsecond=0) - timedelta(hours=2)
    number = mayors_line.registered(received_at=rang.isoformat())
    stored = identity(mayors_line, number)
    assert (stored["name"], stored["work_unit"], stored["phone"]) == ("柏守拙", "晨钟印刷厂", "19900000001")
    case = mayors_line.case(number)
    assert case["matters"][0]["text"] == "人行道地砖塌陷，老人摔倒，请尽快修复。"
    assert case["received_at"] == rang.astimezone(mayors_line.clock.now().tzinfo).isoformat()
    nothing = mayors_line.form(parties=[{}], matter={"text": ""})
    asked = {"parties.0.name", "parties.0.work_unit", "parties.0.phone", "matters.0.text"}
    assert set(wrong_fields(mayors_line, nothing)) == asked


@pytest.mark.clause("S4-22")
def test_all_entries_of_a_duty_stand_in_one_book_answered_ones_too(mayors_line: Driver) -> None:
    day = mayors_line.now().date()
    night = mayors_line.now().replace(hour=3, minute=15, second=0, microsecond=0)
    question = {"kind": "consultation", "text": "户口迁移需要哪些材料？"}
    spoken = mayors_line.registered(
        matter=question, answer="请携身份证到街道办理。", received_at=night.isoformat()
    )
    before = (day - timedelta(days=1)).isoformat()
    book = looked(mayors_line, "/duty-book", day=before, duty="night")
    assert (book["book"], book["duty"]) == ("市长公开电话值班记录", "夜班")
    entries = _entries(mayors_line, before, "night")
    entry = next(e for e in entries if e["number"] == spoken)
    assert (entry["outcome"], entry["answer"]) == ("answered", "请携身份证到街道办理。")
    moments = [e["received_at"] for e in entries]
    assert moments == sorted(moments)
    assert [e["n"] for e in entries] == list(range(1, len(moments) + 1))
    noon = night.replace(hour=12).astimezone(SHANGHAI) - timedelta(days=1)
    by_day = mayors_line.registered(received_at=noon.isoformat())
    for duty, there in {"day": True, "night": False}.items():
        assert (by_day in [e["number"] for e in _entries(mayors_line, before, duty)]) is there


def _entries(office: Driver, day: str, duty: str) -> list[Json]:
    """All pages of the book: other tests write into it, too."""
    pages = looked(office, "/duty-book", day=day, duty=duty)["pages"]
    turned = (looked(office, "/duty-book", day=day, duty=duty, page=n + 1) for n in range(pages))
    return [entry for page in turned for entry in page["entries"]]


@pytest.mark.clause("E-29")
@pytest.mark.parametrize(
    ("changes", "ground"),
    [
        ({"flags": ["emergency"]}, "danger"),
        ({"matter": {"accusing": True}}, "accusation"),
        ({"interest": "public"}, "public_interest"),
    ],
    ids=["danger", "accusation", "public interest"],
)
def test_a_withdrawal_closes_toward_the_complainant_and_handling_goes_on(
    mayors_line: Driver, changes: Json, ground: str
) -> None:
    matter = {"category": "transport/bus", **changes.get("matter", {})}
    number, order = mayors_line.accepted(**{**changes, "matter": matter})
    of_case(mayors_line, number, "withdrawal", {"reason": "来电称不再要求处理"})
    mayors_line.until_said(number, "complainant.withdrew")
    case = mayors_line.case(number)
    assert (case["goes_on"], case["outcome"], case["withdrawn_at"] is not None) == ([ground], None, True)
    assert asked_for(mayors_line, number, "case_concluded") == ["p1"]
    mayors_line.reply(number, order, "已处置。")
    mayors_line.until(lambda: any(row["number"] == number for row in mayors_line.reviews()))
    mayors_line.review(number, order["id"], 1)
    assert mayors_line.until_stage(number, "archived")["outcome"] == "echoed"
    assert asked_for(mayors_line, number, "result_ready") == []
    assert asked_for(mayors_line, number, "case_concluded") == ["p1"], "told once"
    assert mayors_line.said(number, "order.recalled") == []


@pytest.mark.clause("E-29")
def test_who_withdraws_while_a_result_is_weighed_again_is_not_told_that_it_stands(
    mayors_line: Driver,
) -> None:
    number, _ = mayors_line.approved(matter={"category": "transport/bus"}, interest="public")
    mayors_line.attempt(number, "call", reached=True)
    mayors_line.tell(number, "call")
    mayors_line.evaluate(number, "m1", solved=False, satisfied=False)
    mayors_line.until(lambda: number in [row["number"] for row in mayors_line.dissatisfactions()])
    told = mayors_line.until(lambda: asked_for(mayors_line, number, "result_ready"))
    of_case(mayors_line, number, "withdrawal", {"reason": "来电称不再要求处理"})
    mayors_line.until(lambda: mayors_line.echo(number)["withdrawn"])
    mayors_line.judge_dissatisfaction(number, "uphold", "线路调整已依规公示，不再变更。")
    assert mayors_line.until_stage(number, "archived")["outcome"] == "echoed"
    assert asked_for(mayors_line, number, "result_ready") == told


@pytest.mark.clause("E-29")
def test_any_other_withdrawal_is_recorded_and_ends_the_case(mayors_line: Driver) -> None:
    number, _ = mayors_line.dispatched()
    of_case(mayors_line, number, "withdrawal", {"reason": "问题已解决"})
    mayors_line.until_said(number, "order.recalled")
    case = mayors_line.case(number)
    assert (case["goes_on"], case["outcome"]) == ([], "withdrawn")
