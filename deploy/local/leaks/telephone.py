"""Calls: numbers that ring, what was told to emergency lines, recordings, and abuse of the line."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import httpx

from deploy.local.leaks.answers import Answered, KeepingLine
from deploy.local.leaks.desk import Desk
from deploy.local.leaks.people import Identity
from deploy.local.leaks.planting import introduced
from huiyin.chassis.trust import NO_CA
from huiyin.client.line import Json, Person, until

#: An ID3 tag, by which an MP3 file is known; its title is what was said.
_VOICE: Final = b"ID3\x03\x00\x00\x00\x00\x00\x00"
_EVENTS: Final = "/call-centre/events"
_LINES: Final = ("110", "119", "120", "122")
_HELD: Final = timedelta(hours=2)
_LIMIT: Final = "limit"
_SOUND: Final = b"\xff\xfb\x90\x00" * 200


@dataclass(frozen=True)
class CallCentre:
    """The platform's local call centre, over HTTP; what it passes on to the platform is kept."""

    url: str
    line: KeepingLine

    def lines(self, how: str) -> None:
        """How emergency lines behave from now on."""
        self._said("/control", lines=dict.fromkeys(_LINES, how))

    def ring(self, desk: Desk, who: Identity, **more: str) -> Json:
        """Somebody rings, and the first operator answers: {call, sender}."""
        call = self._said("/calls", office=desk.desks.office, number=who.mobile, **more)
        self.say(desk, call, "answered", operator=desk.desks.role("operator").subject)
        return call

    def say(self, desk: Desk, call: Json, word: str, **more: Any) -> None:
        """Another word of the call."""
        self._said("/words", office=desk.desks.office, call=call["sender"], word=word, **more)

    def record(self, recording: str, words: str) -> None:
        """A recording lies at the call centre."""
        self._said("/control", recordings={recording: (_VOICE + words.encode() + _SOUND).hex()})

    def _said(self, path: str, **said: Any) -> Json:
        answer = httpx.post(f"{self.url}{path}", json=said, timeout=30, verify=NO_CA)
        answer.raise_for_status()
        asked = json.dumps(said, ensure_ascii=False).encode()
        told = Answered("POST", "intake", _EVENTS, asked, answer.content, answer.status_code, said)
        self.line.keep(told)
        body: Json = answer.json()
        return body


def ring(desk: Desk, centre: CallCentre) -> None:
    """Calls of every kind."""
    _told_in_a_call(desk, centre)
    _danger(desk, centre)
    _malice(desk, centre)


def _told_in_a_call(desk: Desk, centre: CallCentre) -> None:
    """A complaint told in a call, which is recorded and put through to somebody's own telephone."""
    told = desk.plain("call")
    call = centre.ring(desk, told.parties[0])
    desk.made["call"] = call["call"]
    desk.desks.role("operator").get("intake", f"/calls/{call['call']}/form")
    told.form["call"] = call["call"]
    told.form["parties"][0].pop("phone", None)
    number = desk.taken_down("called", told)
    recording = f"rec-{call['call']}"
    centre.record(recording, introduced(desk.crowd.next("recording")))
    centre.say(desk, call, "recording_ready", recording=recording)
    centre.say(desk, call, "transferred", to=desk.crowd.next("put through to").mobile, outcome="taken")
    centre.say(desk, call, "ended")
    until(lambda: desk.desks.case(number)["files"])


def _danger(desk: Desk, centre: CallCentre) -> None:
    """Danger to life in a call and in a letter: what was told goes to an emergency line."""
    who = desk.crowd.next("caller in danger")
    call, operator = centre.ring(desk, who), desk.desks.role("operator")
    line = desk.desks.folder.rulebook.emergency.lines[0]
    words = desk.named("有人落水。", "words of a hand-over")
    place = f"{desk.crowd.next('place of a hand-over').address}旁"
    area = desk.named("河边，", "area of a hand-over")
    asked = {"line": line, "words": words, "place": place, "area": area}
    given = operator.post("intake", f"/calls/{call['call']}/hand-overs", asked)["hand_over"]
    number = until(lambda: operator.get("intake", f"/calls/{call['call']}")["cases"])[0]
    desk.learn(number, who)
    how = {"taken": True, "how": desk.named("已到场。", "how a hand-over ended")}
    operator.post("intake", f"/calls/{call['call']}/hand-overs/{given}/settlement", how)
    centre.say(desk, call, "ended")
    desk.taken_down("danger", desk.plain("letter"))
    raised = {"line": line, "words": desk.named("信中称要轻生。", "words of an emergency")}
    desk.act("danger", "emergency", raised)


def _malice(desk: Desk, centre: CallCentre) -> None:
    """A number that holds the line too often: people decide by its mark, never by the number."""
    who, supervisor = desk.crowd.next("malicious caller"), desk.desks.role("supervisor")
    began = (desk.now() - _HELD).isoformat()
    call = centre.ring(desk, who, at=began)
    centre.say(desk, call, "ended", reason="ended")
    desk.unregistered[call["call"]] = who
    caller = supervisor.get("intake", "/misuse")["callers"][0]["caller"]
    desk.made["caller"] = caller
    policy = desk.desks.folder.rulebook.misuse.policy
    if measure := next((one for one in policy if one != _LIMIT), None):
        recorded = {"measure": measure, "words": desk.named("反复来电。", "misuse of the line")}
        supervisor.post("intake", f"/callers/{caller}/incidents", recorded)
    if _LIMIT in policy:
        _limited(desk, supervisor, caller)


def _limited(desk: Desk, supervisor: Person, caller: str) -> None:
    end = (desk.now() + timedelta(days=2)).isoformat()
    limited = {"reason": desk.named("长期占线。", "why limited"), "until": end}
    limit = supervisor.post("intake", f"/callers/{caller}/limits", limited)["limit"]
    lifted = {"reason": desk.named("已致歉。", "why no longer limited")}
    supervisor.post("intake", f"/callers/{caller}/limits/{limit}/lifting", lifted)
