"""What the community centre takes down: four channels, its form, its book, letters, trouble (S2)."""

import pytest

from huiyin.client.line import Json
from tests.scenarios.driver import Driver
from tests.scenarios.taking import asked_for, code_of, identity, looked, of_case, opened, wrong_fields

FIELDS = ("name", "work_unit", "occupation", "address")


@pytest.mark.clause("S2-02", "S2-07")
def test_four_channels_are_taken_and_a_message_of_the_board_once(community_centre: Driver) -> None:
    letters = {"visit": "F", "call": "D", "web": "W", "letter": "X"}
    for channel, letter in letters.items():
        assert community_centre.registered(channel=channel).split("-")[1] == letter
    assert set(wrong_fields(community_centre, community_centre.form(channel="fax"))) == {"channel"}
    posted = community_centre.form(channel="web", arrival={"account": "归航人", "reference": "bbs-90817"})
    number = community_centre.register(posted)["number"]
    assert community_centre.case(number)["arrival"]["reference"] == "bbs-90817"
    assert opened(community_centre, number)["arrival"] == {"account": "归航人"}
    assert code_of(lambda: community_centre.register(posted)) == (409, "already-registered")


@pytest.mark.clause("S2-03+dispatch", "S2-05")
@pytest.mark.parametrize("channel", ["visit", "call"])
@pytest.mark.parametrize(
    ("category", "department"),
    [("window/queue", "window"), ("pension", "social_insurance"), ("relief", "relief")],
)
def test_the_officer_takes_it_and_passes_it_to_the_department(
    community_centre: Driver, channel: str, category: str, department: str
) -> None:
    number, order = community_centre.dispatched(channel=channel, matter={"category": category})
    assert community_centre.case(number)["channel"] == channel
    assert (order["unit"], order["role"]) == (department, "lead")
    for unit in ("window", "social_insurance", "relief"):
        on_desk = [row["number"] for row in community_centre.orders(unit, "dispatched")]
        assert (number in on_desk) is (unit == department)
    community_centre.until(lambda: department in asked_for(community_centre, number, "order_given"))


@pytest.mark.clause("S2-10", "XI-01")
def test_letters_are_of_the_centres_work_and_of_its_staff_and_lie_on_a_desk(community_centre: Driver) -> None:
    work = community_centre.registered(channel="letter", matter={"category": "window/procedure"})
    staff = {"category": "integrity/staff", "kind": "report", "accused": {"people": ["cc-unit-window-1"]}}
    conduct = community_centre.registered(channel="letter", matter=staff)
    assert community_centre.case(work)["matters"][0]["category"] == "window/procedure"
    assert community_centre.case(conduct)["matters"][0]["category"] == "integrity/staff"
    assert community_centre.case(work)["arrival"]["desk"] == "office"
    handed = community_centre.registered(channel="letter", arrival={"delivered": "handed_in"})
    assert community_centre.case(handed)["arrival"]["desk"] == "window"


@pytest.mark.clause("S2-13", "S2-16")
def test_each_complaint_has_its_handling_form_with_problem_and_wish_apart(community_centre: Driver) -> None:
    number = community_centre.registered(matter={"wish": "请在周末加开窗口"})
    matter = community_centre.case(number)["matters"][0]
    assert (matter["text"], matter["wish"]) == ("人行道地砖塌陷，老人摔倒，请尽快修复。", "请在周末加开窗口")
    operator = community_centre.role("operator")
    path = f"/cases/{number}/sheet"
    sheet = operator.line.send("GET", "intake", path, headers=operator.headers()).text
    assert all(words in sheet for words in ("投诉处理单", number, matter["text"], "请在周末加开窗口"))
    assert "柏守拙" not in sheet


@pytest.mark.clause("S2-14")
def test_the_form_is_concise_accurate_and_clear_and_all_that_is_not_is_named_at_once(
    community_centre: Driver,
) -> None:
    limit = community_centre.folder.rulebook.intake.max_text
    community_centre.registered(matter={"text": "长" * limit})
    for part, words in (
        ("text", "长" * (limit + 1)),
        ("wish", "想" * 2001),
        ("text", "？"),
        ("text", "排队\ufffd\ufffd很久很久"),
    ):
        form = community_centre.form(matter={part: words})
        assert set(wrong_fields(community_centre, form)) == {f"matters.0.{part}"}
    wrong = {"text": "", "category": "moon", "area": "", "kind": ""}
    form = community_centre.form(matter=wrong, parties=[{"name": "柏守拙"}])
    found = wrong_fields(community_centre, form)
    named = {f"matters.0.{name}" for name in wrong} | {
        f"parties.0.{name}" for name in ("phone", "work_unit", "occupation", "address")
    }
    assert set(found) == named
    assert all("\u4e00" <= words[0][0] <= "\u9fff" for words in found.values()), "in Chinese"


@pytest.mark.clause("S2-15", "E-24")
def test_name_work_unit_occupation_and_home_are_stored_or_not_given(community_centre: Driver) -> None:
    stored = identity(community_centre, community_centre.registered(channel="visit"))
    assert {name: stored[name] for name in FIELDS} == {
        "name": "柏守拙",
        "work_unit": "晨钟印刷厂",
        "occupation": "职员",
        "address": "白帆街道石桥弄1号",
    }
    silent = community_centre.form(channel="visit", parties=[{}])
    assert set(wrong_fields(community_centre, silent)) == {f"parties.0.{name}" for name in FIELDS}
    number = community_centre.registered(channel="visit", parties=[{"not_given": list(FIELDS)}])
    assert community_centre.case(number)["parties"][0]["not_given"] == list(FIELDS)
    assert identity(community_centre, number) == {}


@pytest.mark.clause("S2-20")
def test_the_window_keeps_one_record_of_registration_and_handling(community_centre: Driver) -> None:
    number, order = community_centre.dispatched(channel="visit")
    day = community_centre.now().date().isoformat()
    community_centre.until(lambda: _entry(community_centre, day, number)["units"])
    entry = _entry(community_centre, day, number)
    assert (entry["units"], entry["channel"], entry["stage"]) == ([order["unit"]], "来访", "dispatched")
    assert looked(community_centre, "/duty-book", day=day)["book"] == "群众投诉登记处理记录"


@pytest.mark.clause("S2-52", "E-44")
def test_a_letter_was_mailed_or_forwarded_with_both_dates_and_its_sender_is_told(
    community_centre: Driver,
) -> None:
    mailed = community_centre.registered(channel="letter", arrival={"dated_on": "2024-09-01"})
    assert community_centre.case(mailed)["arrival"]["delivered"] == "mailed"
    organ = {
        "role": "forwarder",
        "kind": "organisation",
        "name": "白帆街道信访办",
        "registered_address": "和平路1号",
    }
    came = {"forwarded_by": "白帆街道信访办", "first_received_on": "2024-09-12", "tell_forwarder": True}
    parties = [community_centre.form()["parties"][0], organ]
    number = community_centre.registered(channel="letter", arrival=came, parties=parties)
    kept = community_centre.case(number)["arrival"]
    assert (kept["delivered"], kept["desk"]) == ("forwarded", "office")
    assert (kept["first_received_on"], kept["forwarded_by"]) == ("2024-09-12", "白帆街道信访办")
    assert community_centre.case(number)["received_at"][:10] != "2024-09-12"
    community_centre.withdraw(number, "来信人已自行解决。")
    community_centre.until(lambda: asked_for(community_centre, number, "forwarder_told"))
    assert asked_for(community_centre, number, "forwarder_told") == ["p2"]
    asked = community_centre.form(
        channel="letter", arrival={**came, "forwarded_by": "", "delivered": "forwarded"}
    )
    assert "arrival.forwarded_by" in wrong_fields(community_centre, asked)


@pytest.mark.clause("S2-78", "S2-79+notify", "S2-80")
@pytest.mark.parametrize("kind", ["groundless_trouble", "disrupting_order", "bad_influence", "dangerous"])
def test_trouble_is_reported_to_the_leader_at_once_the_police_told_the_measure_kept(
    community_centre: Driver, kind: str
) -> None:
    number = community_centre.registered(channel="visit")
    body = {"kind": kind, "words": "接待结束后拒不离开"}
    noted = of_case(community_centre, number, "incidents", body)["incidents"][0]
    assert (noted["kind"], noted["reported_at"]) == (kind, noted["noted_at"])
    reported = community_centre.until(lambda: _delivered(community_centre, number, "visitor_incident"))
    assert reported["medium"] == "mail"
    of_case(community_centre, number, "incidents/i1/police", {"station": "白帆派出所"}, "supervisor")
    measure = "persuaded" if kind == "groundless_trouble" else "police"
    of_case(community_centre, number, "incidents/i1/measure", {"measure": measure})
    kept = looked(community_centre, f"/cases/{number}/incidents")["incidents"][0]
    assert (kept["station"], kept["measure"]) == ("白帆派出所", measure)
    assert kept["police_at"] is not None
    called = community_centre.registered()
    assert code_of(lambda: of_case(community_centre, called, "incidents", body)) == (409, "not-a-visit")


@pytest.mark.clause("E-55")
def test_a_threat_against_staff_goes_to_the_police_first_and_is_reported_after(
    community_centre: Driver,
) -> None:
    number = community_centre.registered(channel="visit")
    body = {"kind": "dangerous", "threat": True, "words": "持刀威胁窗口人员"}
    assert "公安" in of_case(community_centre, number, "incidents", body)["incidents"][0]["next"]
    community_centre.until_said(number, "visitor.incident")
    assert asked_for(community_centre, number, "visitor_incident") == []
    for measure in ("persuaded", "police"):
        act = lambda measure=measure: of_case(  # noqa: E731
            community_centre, number, "incidents/i1/measure", {"measure": measure}
        )
        assert code_of(act) == (409, "police-first")
    of_case(community_centre, number, "incidents/i1/police", {"station": "白帆派出所"})
    community_centre.until_said(number, "visitor.incident", times=2)
    assert asked_for(community_centre, number, "visitor_incident") == ["leader"]


@pytest.mark.clause("E-34")
def test_who_needs_help_has_a_helper_and_who_cannot_hear_is_written_to(community_centre: Driver) -> None:
    party = community_centre.form()["parties"][0]
    child = {**party, "needs": ["minor"]}
    assert set(wrong_fields(community_centre, community_centre.form(parties=[child]))) == {
        "parties.0.helper_name"
    }
    helped = {**child, "helper_name": "柏秋水", "helper_phone": "19900000051"}
    assert (
        identity(community_centre, community_centre.registered(parties=[helped]))["helper_name"] == "柏秋水"
    )
    deaf = community_centre.registered(parties=[{**party, "needs": ["deaf"]}])
    assert "call" not in community_centre.case(deaf)["parties"][0]["media"]
    assert {"sms", "letter"} <= set(community_centre.case(deaf)["parties"][0]["media"])
    foreign = {**party, "needs": ["language"], "helper_name": "柏秋水"}
    assert "language" in wrong_fields(community_centre, community_centre.form(language="uy"))
    spoken = community_centre.registered(language="uy", parties=[foreign])
    assert community_centre.case(spoken)["arrival"]["spoken"] == "uy"


@pytest.mark.clause("E-40")
def test_several_matters_of_one_letter_are_one_registration_and_several_orders(
    community_centre: Driver,
) -> None:
    form = community_centre.form(channel="letter")
    more = {"category": "estate/greenery", "text": "小区树木倾倒，压坏车棚。", "wish": "修剪"}
    form["matters"].append({**form["matters"][0], **more})
    receipt = community_centre.register(form)
    number = receipt["number"]
    assert receipt["matters"] == ["m1", "m2"]
    community_centre.until(lambda: community_centre.handling(number)["gate"] == "asked")
    community_centre.instruct(number)
    orders = community_centre.until(lambda: community_centre.handling(number)["orders"])
    assert [(o["matter"], o["unit"]) for o in orders] == [("m1", "window"), ("m2", "estate_office")]


def _delivered(driver: Driver, number: str, template: str) -> Json | None:
    rows = (row["data"] for row in driver.said(number, "message.delivered"))
    return next((row for row in rows if row["template"] == template), None)


def _entry(driver: Driver, day: str, number: str) -> Json:
    page, pages = 1, 1
    while page <= pages:
        found = looked(driver, "/duty-book", day=day, page=page)
        entries: list[Json] = [entry for entry in found["entries"] if entry["number"] == number]
        if entries:
            return entries[0]
        page, pages = page + 1, found["pages"]
    raise AssertionError(f"{number} is not in the book of {day}")
