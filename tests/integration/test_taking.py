"""Taking down on a real store: parties, arrivals, refusals, corrections, incidents, withdrawal."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from huiyin.chassis.tokens import issue
from tests.integration.test_intake import FORM, Stand, stand

__all__ = ["stand"]

MATTER = FORM["matters"][0]
PARTY = FORM["parties"][0]
VISIT: dict[str, Any] = {
    "channel": "visit",
    "matters": [
        {
            "kind": "complaint",
            "category": "window/queue",
            "area": "990102002001",
            "text": "窗口只开一个，排队两小时。",
            "wish": "多开窗口",
        }
    ],
    "parties": [{"name": "柏守拙", "work_unit": "印刷厂", "occupation": "排字工", "address": "石桥弄1号"}],
}


def taken(stand: Stand, form: dict[str, Any], office: str = "mayors-line") -> str:
    answer = stand.post("/cases", office=office, json=form)
    assert answer.status_code == 201, answer.text
    return str(answer.json["number"])  # type: ignore[index]


def wrong(stand: Stand, form: dict[str, Any], office: str = "mayors-line") -> dict[str, Any]:
    answer = stand.post("/cases", office=office, json=form)
    assert answer.status_code == 422, answer.text
    return dict(answer.json["errors"])  # type: ignore[index]


def shown(stand: Stand, number: str, office: str = "mayors-line") -> dict[str, Any]:
    return dict(stand.get(f"/cases/{number}", office=office).json)  # type: ignore[arg-type]


def with_party(**changes: Any) -> dict[str, Any]:
    return {**FORM, "parties": [{**PARTY, **changes}]}


def arriving(channel: str = "call", party: dict[str, Any] | None = None, **arrival: Any) -> dict[str, Any]:
    return {**FORM, "channel": channel, "parties": [party or PARTY], "arrival": arrival}


# -- parties ------------------------------------------------------------------------------------


def test_a_legal_person_gives_a_contact_and_a_registered_address_instead(stand: Stand) -> None:
    firm = {"kind": "legal_person", "name": "晨钟印刷有限公司", "contact_person": "齐临风"}
    form = {**VISIT, "parties": [firm]}
    assert set(wrong(stand, form, "community-centre")) == {"parties.0.registered_address"}
    form = {**VISIT, "parties": [{**firm, "registered_address": "晨钟路8号"}]}
    number = taken(stand, form, "community-centre")
    (party,) = shown(stand, number, "community-centre")["parties"]
    assert (party["kind"], party["media"]) == ("legal_person", ["letter"])
    form = {**VISIT, "parties": [{**firm, "registered_address": "晨钟路8号", "occupation": "排字工"}]}
    assert set(wrong(stand, form, "community-centre")) == {"parties.0.occupation"}


def test_what_is_refused_is_registered_as_not_given(stand: Stand) -> None:
    forgotten = {**VISIT, "parties": [{"name": "柏守拙"}]}
    assert set(wrong(stand, forgotten, "community-centre")) == {
        f"parties.0.{name}" for name in ("work_unit", "occupation", "address")
    }
    refused = {"not_given": ["name", "work_unit", "occupation", "address"]}
    number = taken(stand, {**VISIT, "parties": [refused]}, "community-centre")
    (party,) = shown(stand, number, "community-centre")["parties"]
    assert party["not_given"] == refused["not_given"]
    assert not party["anonymous"]


def test_whoever_rings_without_a_name_is_answered_on_the_line_that_was_seen(stand: Stand) -> None:
    number = taken(stand, arriving(party={"anonymous": True}, calling_number="19900000077"))
    case = shown(stand, number)
    assert case["parties"][0]["media"] == ["sms", "call"]
    assert "19900000077" not in stand.kept()
    opened = stand.post(f"/cases/{number}/identity", "custodian", json={"reason": "核对来电号码"}).json
    assert opened["parties"][0]["identity"]["phone"] == "19900000077"  # type: ignore[index]
    assert opened["arrival"] == {"calling_number": "19900000077"}  # type: ignore[index]


def test_who_cannot_hear_is_written_to_and_a_minor_has_a_helper(stand: Stand) -> None:
    number = taken(stand, with_party(needs=["deaf"]))
    assert shown(stand, number)["parties"][0]["media"] == ["sms"]
    child = {"name": "柏小满", "not_given": ["phone", "work_unit"], "needs": ["minor"]}
    assert set(wrong(stand, {**FORM, "parties": [child]})) == {"parties.0.helper_name"}
    helped = {**child, "helper_name": "柏守拙", "helper_phone": "19900000001"}
    number = taken(stand, {**FORM, "parties": [helped]})
    assert shown(stand, number)["parties"][0]["media"] == ["sms", "call"]


def test_another_language_is_taken_down_with_an_interpreter(stand: Stand) -> None:
    assert "language" in wrong(stand, {**FORM, "language": "fr"})
    helped = with_party(needs=["language"], helper_name="齐临风")
    case = shown(stand, taken(stand, {**helped, "language": "fr"}))
    assert case["arrival"]["spoken"] == "fr"


def test_on_behalf_of_another_the_other_is_noted_and_asked_for_consent(stand: Stand) -> None:
    assert "parties" in wrong(stand, {**FORM, "interest": "others"})
    other = {"role": "interested", "name": "祁老太", "phone": "19900000002"}
    number = taken(stand, {**FORM, "interest": "others", "parties": [PARTY, other]})
    case = shown(stand, number)
    assert (case["interest"], case["parties"][1]["consents"]) == ("others", False)
    refused = stand.post(f"/cases/{number}/parties/p1/consent", json={})
    assert (refused.status_code, refused.json["code"]) == (409, "not-interested")  # type: ignore[index]
    assert stand.post(f"/cases/{number}/parties/p2/consent", json={}).status_code == 200
    assert shown(stand, number)["parties"][1]["consents"] is True


# -- arrivals -----------------------------------------------------------------------------------


def test_a_call_keeps_the_hotline_it_came_from_and_an_unknown_one_is_refused(stand: Stand) -> None:
    assert shown(stand, taken(stand, arriving(line="12315")))["arrival"]["line"] == "12315"
    assert "arrival.line" in wrong(stand, arriving(line="110"))


def test_a_letter_says_whether_it_was_mailed_or_forwarded_and_by_whom(stand: Stand) -> None:
    writer = {"name": "柏守拙", "address": "石桥弄1号"}
    mailed = shown(stand, taken(stand, arriving("letter", writer)))["arrival"]
    assert (mailed["delivered"], "forwarded_by" in mailed) == ("mailed", False)
    bare = wrong(stand, arriving("letter", writer, delivered="forwarded"))
    assert set(bare) == {"arrival.forwarded_by", "arrival.first_received_on"}
    came = {"forwarded_by": "回音市信访局", "first_received_on": "2024-09-20", "forwarded_on": "2024-09-24"}
    forwarded = shown(stand, taken(stand, arriving("letter", writer, **came)))["arrival"]
    assert forwarded["delivered"] == "forwarded"
    assert forwarded["first_received_on"] == "2024-09-20"
    late = {**came, "first_received_on": "2024-09-25"}
    assert "arrival.first_received_on" in wrong(stand, arriving("letter", writer, **late))
    assert "arrival.visitors" in wrong(stand, arriving("letter", writer, visitors=3))


def test_the_same_message_of_a_board_is_registered_once(stand: Stand) -> None:
    posted = arriving("web", account="晨钟路人", reference="bbs-4711")
    number = taken(stand, posted)
    again = stand.post("/cases", json=posted)
    assert (again.status_code, again.json["code"]) == (409, "already-registered")  # type: ignore[index]
    assert again.json["errors"]["number"] == [number]  # type: ignore[index]
    assert "晨钟路人" not in stand.kept()


# -- corrections --------------------------------------------------------------------------------


def correct(stand: Stand, number: str, based_on: int = 0, **changes: Any) -> Any:
    body = {"reason": "听录音更正", "based_on": based_on, **changes}
    return stand.post(f"/cases/{number}/matters/m1/corrections", json=body)


def test_a_correction_keeps_the_version_before_and_lists_it(stand: Stand) -> None:
    number = taken(stand, FORM)
    done = correct(stand, number, text="楼上烧烤店油烟直排，请打19900000001。", place="和声路路口")
    assert done.status_code == 200, done.text
    case = shown(stand, number)
    assert case["matters"][0]["text"].startswith("楼上烧烤店")
    assert "19900000001" not in case["matters"][0]["text"]
    listed = stand.get(f"/cases/{number}/corrections").json["corrections"]  # type: ignore[index]
    assert [(c["revision"], c["parts"], c["reason"]) for c in listed] == [
        (1, ["place", "text"], "听录音更正")
    ]
    assert listed[0]["before"]["text"].startswith("楼下烧烤店")
    kept = stand.house.cases.get(number).state.corrections[0].before
    assert stand.house.base.sealer.open(kept)["text"] == FORM["matters"][0]["text"]
    assert correct(stand, number, 1, place="和声路路口").json["code"] == "nothing-to-correct"


def test_the_second_of_two_officers_is_shown_the_newer_text_and_overwrites_nothing(stand: Stand) -> None:
    number = taken(stand, FORM)
    assert correct(stand, number, 0, wish="停业整改").status_code == 200
    second = correct(stand, number, 0, wish="罚款")
    assert (second.status_code, second.json["code"]) == (409, "changed-meanwhile")
    assert second.json["errors"] == {"wish": ["停业整改"], "revision": ["1"]}
    assert shown(stand, number)["matters"][0]["wish"] == "停业整改"
    other = correct(stand, number, 0, place="和声路路口")
    assert other.status_code == 200, "another part was not touched"
    assert correct(stand, number, 1, wish="罚款").status_code == 200


# -- visitors -----------------------------------------------------------------------------------


def trouble(stand: Stand, number: str, path: str = "", **body: Any) -> Any:
    return stand.post(f"/cases/{number}/incidents{path}", office="community-centre", json=body)


def said(stand: Stand, number: str, event_type: str) -> list[dict[str, Any]]:
    events = (e for step in stand.house.cases.history(number) for e in step["events"])
    return [e["data"] for e in events if e["type"] == event_type]


def reports(stand: Stand, number: str) -> list[dict[str, Any]]:
    asked = said(stand, number, "message.requested")
    return [m for m in asked if m["template"] == "visitor_incident"]


@pytest.mark.parametrize("kind", ["groundless_trouble", "disrupting_order", "bad_influence", "dangerous"])
def test_trouble_is_told_to_the_leaders_at_once(stand: Stand, kind: str) -> None:
    number = taken(stand, VISIT, "community-centre")
    done = trouble(stand, number, kind=kind, words="接待后滞留大厅")
    assert done.status_code == 201, done.text
    (report,) = reports(stand, number)
    assert (report["addressee_kind"], report["addressee"], report["urgent"]) == ("role", "leader", True)
    (incident,) = done.json["incidents"]
    assert incident["reported_at"] == incident["noted_at"]
    assert "派出所" in incident["next"]


def test_a_threat_goes_to_the_police_first_and_then_to_the_leaders(stand: Stand) -> None:
    number = taken(stand, VISIT, "community-centre")
    noted = trouble(stand, number, kind="dangerous", threat=True, words="扬言伤害窗口人员")
    assert noted.json["incidents"][0]["reported_at"] is None
    assert reports(stand, number) == []
    early = trouble(stand, number, "/i1/measure", measure="persuaded")
    assert (early.status_code, early.json["code"]) == (409, "police-first")
    told = trouble(stand, number, "/i1/police", station="白帆派出所")
    assert told.json["incidents"][0]["reported_at"] is not None
    assert len(reports(stand, number)) == 1
    done = trouble(stand, number, "/i1/measure", measure="police")
    assert (done.json["incidents"][0]["measure"], done.json["incidents"][0]["next"]) == ("police", "")
    assert len(reports(stand, number)) == 1


# -- withdrawal and findings --------------------------------------------------------------------


def withdraw(stand: Stand, number: str, **more: Any) -> Any:
    return stand.post(f"/cases/{number}/withdrawal", json={"reason": "来电称不再要求处理", **more})


@pytest.mark.parametrize(
    ("form", "more", "ground"),
    [
        ({**FORM, "flags": ["emergency"]}, {}, "danger"),
        ({**FORM, "matters": [{**MATTER, "accusing": True}]}, {}, "accusation"),
        ({**FORM, "interest": "public"}, {}, "public_interest"),
        (FORM, {"goes_on": ["public_interest"]}, "public_interest"),
    ],
    ids=["danger", "accusation", "public interest", "as the officer saw"],
)
def test_danger_accusation_and_public_interest_outlive_a_withdrawal(
    stand: Stand, form: dict[str, Any], more: dict[str, Any], ground: str
) -> None:
    number = taken(stand, form)
    done = withdraw(stand, number, **more)
    assert (done.json["goes_on"], done.json["outcome"], done.json["stage"]) == ([ground], None, "registered")
    farewells = [m for m in said(stand, number, "message.requested") if m["template"] == "case_concluded"]
    assert len(farewells) == 1, "closed toward the complainant"
    assert withdraw(stand, number).json["code"] == "already-concluded"


def test_any_other_withdrawal_ends_the_case(stand: Stand) -> None:
    done = withdraw(stand, taken(stand, FORM))
    assert (done.json["goes_on"], done.json["outcome"]) == ([], "withdrawn")


def test_a_finding_of_fabrication_is_a_persons_and_nothing_follows_from_it(stand: Stand) -> None:
    number = taken(stand, FORM)
    path, body = f"/cases/{number}/findings", {"what": "facts", "grounds": "现场核查与柏守拙所述不符"}
    assert stand.post(path, "operator", json=body).status_code == 403
    done = stand.post(path, "supervisor", json=body)
    assert done.status_code == 201
    (finding,) = stand.get(path).json["findings"]  # type: ignore[index]
    assert (finding["what"], finding["by"]) == ("facts", "ml-supervisor-1")
    assert "柏守拙" not in finding["grounds"]
    assert shown(stand, number)["outcome"] is None


# -- drafts -------------------------------------------------------------------------------------


def begin(stand: Stand, form: dict[str, Any]) -> str:
    answer = stand.post("/drafts", json={"form": form})
    assert answer.status_code == 201, answer.text
    return str(answer.json["draft"])  # type: ignore[index]


def other_officer(stand: Stand, path: str, method: str = "POST", **sent: Any) -> Any:
    token = issue(
        stand.keys.tokens_private,
        subject="ml-operator-2",
        role="operator",
        office="mayors-line",
        ttl=timedelta(hours=1),
        issuer="huiyin",
        audience="huiyin",
    )
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid.uuid4().hex}
    return stand.app.test_client().open(path, method=method, headers=headers, **sent)


def test_a_half_typed_form_is_sealed_taken_over_and_becomes_one_case(stand: Stand) -> None:
    draft = begin(stand, {"channel": "call", "parties": [PARTY]})
    assert PARTY["phone"] not in stand.kept()
    assert other_officer(stand, f"/drafts/{draft}", "GET").status_code == 409
    assert other_officer(stand, f"/drafts/{draft}/takeover", json={}).status_code == 200
    late = stand.post(f"/drafts/{draft}/form", json={"form": {}})
    assert (late.status_code, late.json["code"]) == (409, "not-your-draft")  # type: ignore[index]
    typed = other_officer(stand, f"/drafts/{draft}", "GET").json["form"]
    assert typed == {"channel": "call", "parties": [PARTY]}
    unfinished = other_officer(stand, f"/drafts/{draft}/registration", json={})
    assert (unfinished.status_code, list(unfinished.json["errors"])) == (422, ["matters"])
    saved = other_officer(stand, f"/drafts/{draft}/form", json={"form": {**typed, "matters": [MATTER]}})
    assert saved.status_code == 200
    done = [other_officer(stand, f"/drafts/{draft}/registration", json={}) for _ in range(2)]
    assert [answer.status_code for answer in done] == [201, 201]
    assert done[0].json["number"] == done[1].json["number"]
    assert stand.database["cases"].count_documents({}) == 1
    assert stand.get("/drafts", "operator").json["total"] == 0  # type: ignore[index]


def test_whoever_looks_into_a_draft_is_on_record_since_it_holds_who_complains(stand: Stand) -> None:
    draft = begin(stand, {"channel": "call", "parties": [PARTY]})
    assert stand.get(f"/drafts/{draft}", "operator").status_code == 200
    assert other_officer(stand, f"/drafts/{draft}", "GET").status_code == 409
    assert other_officer(stand, f"/drafts/{draft}/takeover", json={}).status_code == 200
    assert other_officer(stand, f"/drafts/{draft}", "GET").status_code == 200
    rows = stand.get("/audit", "auditor", what="draft.opened").json["rows"]  # type: ignore[index]
    assert [(row["who"]["subject"], row["detail"]) for row in rows] == [
        ("ml-operator-2", {"draft": draft}),
        ("ml-operator-1", {"draft": draft}),
    ]


def test_a_draft_left_lying_is_listed_as_expired_and_can_be_taken_over(stand: Stand) -> None:
    draft = begin(stand, FORM)
    stand.house.base.office_clock.advance(timedelta(days=3))  # type: ignore[attr-defined]
    assert stand.get("/drafts", "operator").json["total"] == 0  # type: ignore[index]
    expired = stand.get("/drafts", "supervisor", state="expired").json
    assert [row["draft"] for row in expired["drafts"]] == [draft]  # type: ignore[index]
    assert stand.post(f"/drafts/{draft}/registration", json={}).status_code == 409
    assert stand.post(f"/drafts/{draft}/takeover", json={}).status_code == 200
    assert stand.post(f"/drafts/{draft}/registration", json={}).status_code == 201


def test_a_draft_that_accuses_an_officer_is_not_there_for_that_officer(stand: Stand) -> None:
    accusing = {**MATTER, "accused": {"people": ["ml-operator-2"]}}
    draft = begin(stand, {**FORM, "matters": [accusing]})
    assert other_officer(stand, f"/drafts/{draft}", "GET").status_code == 404
    assert other_officer(stand, "/drafts", "GET").json["total"] == 0
    assert other_officer(stand, f"/drafts/{draft}/takeover", json={}).status_code == 404
    assert stand.get("/drafts", "operator").json["total"] == 1  # type: ignore[index]


# -- the duty book ------------------------------------------------------------------------------


def book(stand: Stand, role: str = "operator", **asked: Any) -> dict[str, Any]:
    return dict(stand.get("/duty-book", role, **asked).json)  # type: ignore[arg-type]


def test_every_entry_of_a_day_and_duty_stands_in_one_book_answers_on_the_spot_too(stand: Stand) -> None:
    called = taken(stand, FORM)
    asked = {**MATTER, "kind": "consultation", "text": "柏守拙问油烟标准是什么。"}
    answered = taken(stand, {**FORM, "matters": [asked], "answer": "已告知柏守拙，每立方米2毫克。"})
    night = taken(stand, {**FORM, "received_at": "2024-09-26T21:30:00+08:00"})
    today = book(stand, day="2024-09-27")
    assert [(e["n"], e["number"]) for e in today["entries"]] == [(1, called), (2, answered)]
    assert (today["book"], today["total"], today["pages"]) == ("市长公开电话值班记录", 2, 1)
    spoken = today["entries"][1]
    assert (spoken["outcome"], spoken["answer"]) == ("answered", "已告知【已隐去】，每立方米2毫克。")
    before = book(stand, day="2024-09-26", duty="night")
    assert [e["number"] for e in before["entries"]] == [night], "by the time it came in"
    assert book(stand, day="2024-09-26", duty="day")["total"] == 0
    assert "柏守拙" not in str(today)


def test_the_book_is_printed_by_page_and_shows_nobody_what_is_walled_off(stand: Stand) -> None:
    for _ in range(20):
        taken(stand, FORM)
    hidden = taken(stand, {**FORM, "matters": [{**MATTER, "accused": {"people": ["ml-supervisor-1"]}}]})
    assert book(stand, day="2024-09-27")["pages"] == 2
    second = stand.get("/duty-book/print", "operator", day="2024-09-27", page=2)
    assert hidden in second.text
    assert "第 2 / 2 页" in second.text
    walled = stand.get("/duty-book/print", "supervisor", day="2024-09-27", page=1)
    assert "共 20 件　第 1 / 1 页" in walled.text
    assert hidden not in walled.text
    sheet = stand.get(f"/cases/{hidden}/sheet", "operator")
    assert "投诉处理单" in sheet.text
    assert stand.get(f"/cases/{hidden}/sheet", "supervisor").status_code == 404
