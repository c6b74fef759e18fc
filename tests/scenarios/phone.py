"""The platform's call centre in a test's hands: calls begin, go on and end as they do at an office."""

import itertools
from dataclasses import dataclass
from typing import Any, Final

import httpx

from huiyin.chassis.trust import NO_CA
from huiyin.client.line import Json
from tests.scenarios.driver import Driver

_NUMBERS: Final = (f"1990007{n:04d}" for n in itertools.count(1))
#: The beginning of an MP3 file, by which it is known.
VOICE: Final = b"ID3\x03\x00\x00\x00\x00\x00\x21" + b"\xff\xfb\x90\x00" * 400


def fresh_number() -> str:
    """A telephone number that nobody called from yet."""
    return next(_NUMBERS)


@dataclass(frozen=True)
class Phone:
    """The way to the call centre of the platform."""

    url: str

    def ring(self, office: Driver, number: str | None, **more: str) -> Json:
        """A call that the office's first operator answered: {call, sender, treatment}."""
        begun = self.begin(office, number, **more)
        self.say(office, begun, "answered", operator=office.role("operator").subject)
        return begun

    def begin(self, office: Driver, number: str | None, **more: str) -> Json:
        """A call that rings, and nobody has answered yet."""
        return self._desk("/calls", office=office.office, number=number, **more)

    def say(self, office: Driver, call: Json, word: str, **more: Any) -> Json:
        """Another word of a call."""
        return self._desk("/words", office=office.office, call=call["sender"], word=word, **more)

    def end(self, office: Driver, call: Json, reason: str = "ended") -> None:
        """The call is over."""
        self.say(office, call, "ended", reason=reason)

    def lines(self, *, away: bool = False, **behave: str) -> None:
        """How emergency lines behave from now on: `line_119="no_answer"`; without a word they answer."""
        named = {name.removeprefix("line_"): how for name, how in behave.items()}
        self._desk("/control", lines=named, away=away)

    def record(self, recording: str, content: bytes = VOICE) -> None:
        """A recording that lies at the call centre."""
        self._desk("/control", recordings={recording: content.hex()})

    def asked(self, call: Json) -> list[Json]:
        """What the platform asked for a call, first to last."""
        found = httpx.get(f"{self.url}/", timeout=30, verify=NO_CA).json()["asked"]
        return [one for one in found if one["reference"].startswith(f"{call['call']}.")]

    def _desk(self, path: str, **said: Any) -> Json:
        answer = httpx.post(f"{self.url}{path}", json=said, timeout=30, verify=NO_CA)
        assert answer.is_success, answer.text
        body: Json = answer.json()
        return body


def call_of(office: Driver, call: Json) -> Json:
    """The call as the operator sees it."""
    return office.role("operator").get("intake", f"/calls/{call['call']}")


def form_of(office: Driver, call: Json) -> Json:
    """The operator's form of it."""
    return office.role("operator").get("intake", f"/calls/{call['call']}/form")


def hand_over(office: Driver, call: Json, line: str, **more: str) -> Json:
    """The operator presses the line's button."""
    body = {"line": line, **more}
    return office.role("operator").post("intake", f"/calls/{call['call']}/hand-overs", body)


def registered_in(office: Driver, call: Json, **changes: Any) -> str:
    """What the operator takes down in a call, without asking for a number."""
    form = office.form(call=call["call"], **changes)
    for party in form["parties"]:
        del party["phone"]
    return str(office.register(form)["number"])


def case_of_call(office: Driver, call: Json) -> str:
    """The number of the case that came of a call by itself."""
    return str(office.until(lambda: call_of(office, call)["cases"])[0])


def long_held(office: Driver, phone: Phone, number: str) -> str:
    """A number that held the line as long as the office's rules call malicious; its mark (V-07)."""
    supervisor, minutes = office.role("supervisor"), office.folder.rulebook.terms.malicious.minutes
    known = {row["caller"] for row in supervisor.get("intake", "/misuse")["callers"]}
    call = phone.ring(office, number)
    office.advance(minutes=minutes)
    phone.end(office, call)
    (row,) = (r for r in supervisor.get("intake", "/misuse")["callers"] if r["caller"] not in known)
    return str(row["caller"])


def told(office: Driver, number: str, template: str) -> list[str]:
    """Whom the office was to tell of something, as often as it was."""
    asked = (row["data"] for row in office.said(number, "message.requested"))
    return [data["addressee"] for data in asked if data["template"] == template]
