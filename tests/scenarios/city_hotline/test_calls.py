"""Calls of the city hotline: lines, recordings, abuse, and danger to life (S3-05, S3-33, S3-35, S3-46)."""

from datetime import timedelta

import httpx
import pytest

from huiyin.chassis.trust import NO_CA
from huiyin.client.line import Json, Refused
from tests.scenarios.driver import Driver
from tests.scenarios.phone import (
    VOICE,
    Phone,
    call_of,
    case_of_call,
    form_of,
    fresh_number,
    hand_over,
    long_held,
    registered_in,
    told,
)


def settled(office: Driver, call: Json, state: str = "taken") -> Json:
    """The call, once its first hand-over stands so."""

    def there() -> Json | None:
        found = call_of(office, call)
        return found if found["hand_overs"][0]["state"] == state else None

    return office.until(there)


@pytest.mark.clause("S3-05")
def test_the_line_that_was_dialled_is_kept_and_emergency_lines_are_none_of_them(
    city_hotline: Driver, phone: Phone
) -> None:
    call = phone.ring(city_hotline, fresh_number(), line="12319")
    assert form_of(city_hotline, call)["line"] == {"id": "12319", "name": "原城管热线"}
    number = registered_in(city_hotline, call)
    assert city_hotline.case(number)["call"]["line"] == "12319"
    rules = city_hotline.folder.rulebook
    assert set(rules.emergency.lines) == {"110", "119", "120", "122"}
    assert not set(rules.emergency.lines) & set(rules.telephony.lines)


@pytest.mark.clause("S3-35")
def test_the_recording_is_kept_with_the_text_sealed_and_opened_for_intakes_people(
    city_hotline: Driver, phone: Phone
) -> None:
    call = phone.ring(city_hotline, fresh_number())
    number = registered_in(city_hotline, call)
    phone.record(f"rec-{call['call']}")
    phone.say(city_hotline, call, "recording_ready", recording=f"rec-{call['call']}")
    (file,) = city_hotline.until(lambda: city_hotline.case(number)["files"])
    assert (file["kind"], file["size"]) == ("voice", len(VOICE))
    who = city_hotline.role("operator")
    url = f"{city_hotline.line.urls['intake']}/cases/{number}/files/{file['id']}"
    assert httpx.get(url, headers=who.headers(), verify=NO_CA).content == VOICE
    assert city_hotline.case(number)["matters"][0]["text"], "in writing, too"


@pytest.mark.clause("S3-46", "E-50")
def test_danger_to_life_is_handed_over_first_and_registered_after(city_hotline: Driver, phone: Phone) -> None:
    call = phone.ring(city_hotline, None)
    hand_over(city_hotline, call, "120", words="老人倒地不起")
    found = settled(city_hotline, call)
    assert [one["line"] for one in phone.asked(call)] == ["120"]
    number = case_of_call(city_hotline, call)
    case = city_hotline.case(number)
    assert (case["priority"], case["flags"]) == ("urgent", ["emergency"])
    assert case["accepted_at"] >= found["hand_overs"][0]["asked_at"]
    (handed,) = city_hotline.until_said(number, "emergency.handed_over")
    assert (handed["data"]["line"], handed["data"]["outcome"]) == ("120", "taken")
    rest = registered_in(city_hotline, call)
    assert city_hotline.case(rest)["flags"] == [], "what remains is an ordinary matter"


@pytest.mark.clause("E-52")
def test_whoever_took_the_call_stays_on_the_line_until_somebody_took_over(
    city_hotline: Driver, phone: Phone
) -> None:
    phone.lines(line_110="ringing")
    call = phone.ring(city_hotline, fresh_number())
    hand_over(city_hotline, call, "110", words="来电人称不想活了")
    assert not settled(city_hotline, call, "ringing")["may_end"]
    with pytest.raises(Refused) as refused:
        registered_in(city_hotline, call)
    assert refused.value.code == "stay-on-the-line"
    (asked,) = phone.asked(call)
    phone.say(city_hotline, call, "transferred", reference=asked["reference"], outcome="taken")
    assert call_of(city_hotline, call)["may_end"]
    registered_in(city_hotline, call)


@pytest.mark.clause("E-53", "S3-46")
def test_a_line_that_does_not_answer_is_rung_again_and_the_duty_leader_is_alarmed(
    city_hotline: Driver, phone: Phone
) -> None:
    phone.lines(line_119="no_answer")
    call = phone.ring(city_hotline, fresh_number())
    hand_over(city_hotline, call, "119", words="楼道起火")
    number = case_of_call(city_hotline, call)
    rings = city_hotline.folder.rulebook.emergency.rings
    city_hotline.until(lambda: len(phone.asked(call)) == rings)
    city_hotline.until(lambda: told(city_hotline, number, "emergency_unanswered") == ["leader", "leader"])
    assert not call_of(city_hotline, call)["may_end"]
    phone.lines(line_119="taken")
    city_hotline.advance(minutes=1)
    assert settled(city_hotline, call)["hand_overs"][0]["attempts"] == rings + 1
    phone.lines(away=True)
    lost = phone.ring(city_hotline, fresh_number())
    hand_over(city_hotline, lost, "119", words="车辆起火")
    city_hotline.until(lambda: told(city_hotline, case_of_call(city_hotline, lost), "emergency_unanswered"))
    which = call_of(city_hotline, lost)["hand_overs"][0]["id"]
    path = f"/calls/{lost['call']}/hand-overs/{which}/settlement"
    city_hotline.role("leader").post("intake", path, {"taken": True, "how": "用手机报 119，已出警"})
    assert settled(city_hotline, lost)["hand_overs"][0]["settled_by"] == city_hotline.role("leader").subject


@pytest.mark.clause("E-51")
def test_a_night_post_that_nobody_reads_is_alarmed_and_a_threat_in_it_is_handed_over_when_read(
    city_hotline: Driver, phone: Phone
) -> None:
    quiet = city_hotline.registered(channel="web")
    read = city_hotline.registered(channel="web")
    city_hotline.role("operator").post("intake", f"/cases/{read}/reading", {})
    threat = city_hotline.registered(channel="web", matter={"text": "再不解决我就跳楼。"})
    city_hotline.until(lambda: told(city_hotline, threat, "unread_post") == ["leader"])
    assert told(city_hotline, quiet, "unread_post") == []
    city_hotline.advance(minutes=31)
    city_hotline.until(lambda: told(city_hotline, quiet, "unread_post") == ["leader"])
    assert told(city_hotline, read, "unread_post") == []
    body = {"line": "110", "words": "网帖称要跳楼"}
    raised = city_hotline.role("operator").post("intake", f"/cases/{threat}/emergency", body)
    assert (raised["priority"], raised["unread"]) == ("urgent", False)
    city_hotline.until_said(threat, "emergency.raised")
    (handed,) = city_hotline.until_said(threat, "emergency.handed_over")
    assert (handed["data"]["line"], handed["data"]["outcome"]) == ("110", "taken")
    city_hotline.until(lambda: told(city_hotline, threat, "emergency_raised") == ["leader"])


def _abused(office: Driver, phone: Phone, number: str) -> str:
    """A number that called as often as the office's rules call malicious; its mark."""
    malicious = office.folder.rulebook.terms.malicious
    supervisor = office.role("supervisor")
    known = {row["caller"] for row in supervisor.get("intake", "/misuse")["callers"]}
    for _ in range(malicious.calls - 1):
        phone.begin(office, number)
    assert {row["caller"] for row in supervisor.get("intake", "/misuse")["callers"]} == known
    phone.begin(office, number)
    (row,) = (r for r in supervisor.get("intake", "/misuse")["callers"] if r["caller"] not in known)
    assert (row["calls"], row["limit"]) == (malicious.calls, None), "proposed, and no more"
    return str(row["caller"])


@pytest.mark.clause("S3-33", "V-07", "X-32")
def test_abuse_of_the_line_is_counted_and_limited_by_a_person_alone(
    city_hotline: Driver, phone: Phone
) -> None:
    number = fresh_number()
    caller = _abused(city_hotline, phone, number)
    assert phone.ring(city_hotline, number)["treatment"] == "ordinary"
    supervisor, until = city_hotline.role("supervisor"), city_hotline.now() + timedelta(days=7)
    path = f"/callers/{caller}/limits"
    for wrong in ({"until": until.isoformat()}, {"reason": "一日内来电数十次，无正当诉求"}):
        with pytest.raises(Refused):
            supervisor.post("intake", path, wrong)
    with pytest.raises(Refused):
        city_hotline.role("operator").post("intake", path, {"reason": "占线", "until": until.isoformat()})
    body = {"reason": "一日内来电数十次，无正当诉求", "until": until.isoformat()}
    limit = supervisor.post("intake", path, body)["limit"]
    rung = phone.ring(city_hotline, number)
    assert (rung["treatment"], "紧急" in rung["announcement"]) == ("limited", True)
    with pytest.raises(Refused) as refused:
        registered_in(city_hotline, rung)
    assert (refused.value.code, until.date().isoformat() in refused.value.detail) == ("caller-limited", True)
    supervisor.post("intake", f"{path}/{limit}/lifting", {"reason": "家属说明情况，已劝导"})
    lifted = phone.ring(city_hotline, number)
    assert lifted["treatment"] == "ordinary"
    registered_in(city_hotline, lifted)


@pytest.mark.clause("E-47", "S3-33")
def test_a_limited_caller_who_tells_of_danger_is_heard(city_hotline: Driver, phone: Phone) -> None:
    number = fresh_number()
    until = (city_hotline.now() + timedelta(days=7)).isoformat()
    body = {"reason": "长时间占线，无正当诉求", "until": until}
    caller = long_held(city_hotline, phone, number)
    city_hotline.role("supervisor").post("intake", f"/callers/{caller}/limits", body)
    call = phone.ring(city_hotline, number)
    assert call["treatment"] == "limited"
    hand_over(city_hotline, call, "120", words="家人昏迷")
    settled(city_hotline, call)
    assert city_hotline.case(case_of_call(city_hotline, call))["priority"] == "urgent"
    other = registered_in(city_hotline, phone.ring(city_hotline, number), flags=["emergency"])
    assert city_hotline.case(other)["emergency"]["real"] is None
