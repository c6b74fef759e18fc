"""What is written at the desk beside complaints and replies: each act names somebody where it takes words.

Every office acts on cases of its own, which no wall surrounds, and each case is led to the archive with
the others. What an office does not do (visits, letters, passing on) the others do.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from deploy.local.leaks.forms import Complaint, called, own_word, plain
from deploy.local.leaks.office import PlantingDesks
from deploy.local.leaks.people import Identity
from deploy.local.leaks.planting import Crowd
from deploy.local.leaks.walls import NO_WALL
from huiyin.chassis.rulebook import OfficeFolder
from huiyin.client.line import Json, Person, Refused, until
from huiyin.contracts.roles import Role

_VISIT, _CALL = "visit", "call"
_WITH_FIRM: Final = 2
#: What of a special class only the officer can say; standard words are the rulebook's.
_TOLD: Final = "已告知当事人。"


@dataclass
class Desk:
    """One office at its desk; `keep` learns of every case that comes of it, with its parties."""

    desks: PlantingDesks
    crowd: Crowd
    keep: Callable[[str, Complaint], None]
    now: Callable[[], datetime]
    #: The other offices, to which a case may go on.
    others: Sequence[OfficeFolder]
    #: By what they are for, the numbers of the cases that were taken down here.
    numbers: dict[str, str] = field(default_factory=dict)
    #: What else came to be, by the name that addresses have for it.
    made: dict[str, str] = field(default_factory=dict)
    #: Who rang and was not taken down, by their call: a case comes of it by itself (E-41).
    unregistered: dict[str, Identity] = field(default_factory=dict)

    def named(self, words: str, where: str) -> str:
        """Words with somebody's name in them."""
        return f"{words}{self.crowd.named(where)}"

    def channel(self, way: str) -> str:
        """The office's first channel of this way in, or of any."""
        ways = self.desks.folder.rulebook.taking.ways.items()
        return next((name for name, one in ways if one.way == way), next(iter(dict(ways))))

    def plain(self, way: str, n: int = 0, **changes: Any) -> Complaint:
        """A complaint as it is typed in, by this way in if the office has it."""
        told = plain(self.desks.folder, self.crowd, self.channel(way), n)
        told.form.update(changes)
        return told

    def taken_down(self, what: str, told: Complaint) -> str:
        """The number under which it was taken down."""
        number = str(self.desks.register(told.form)["number"])
        self.numbers[what] = number
        self.keep(number, told)
        return number

    def learn(self, number: str, who: Identity) -> None:
        """Of a case that came to be by itself, because somebody rang."""
        self.keep(number, Complaint({}, "ordinary", NO_WALL, (who,)))

    def act(self, what: str, path: str, body: Json, role: Role = "operator") -> Json:
        """One act on a case."""
        return self.desks.role(role).post("intake", f"/cases/{self.numbers[what]}/{path}", body)

    def second(self, role: Role) -> Person:
        """The second who holds the role."""
        return Person(self.desks.line, self.desks.folder.holders(role)[1].subject, role, self.desks.office)

    def comes_by(self, what: str, way: str) -> bool:
        """Whether the case came by this way in."""
        form = self.desks.case(self.numbers[what])
        return self.desks.folder.rulebook.taking.ways[form["channel"]].way == way


def take_down(desk: Desk) -> None:
    """What is written while a complaint is taken down, and just after."""
    for deed in (
        _looked_up,
        _noted,
        _sorted_out,
        _told_instead,
        _nameless,
        _again,
        _drafted,
        _taken_over,
        _passed_on,
    ):
        deed(desk)


def write_up(desk: Desk) -> None:
    """What is written of archived cases: files shut away, filing, reopening."""
    _shut_away(desk)
    _filed(desk)
    _reopened(desk)


# -- while typing ---------------------------------------------------------------------------------


def _looked_up(desk: Desk) -> None:
    """Likeness and categories are looked for in what is typed; nothing of it is kept."""
    who, operator = desk.crowd.next("looked up"), desk.desks.role("operator")
    text = desk.named("门前积水多日。", "looked up text")
    typed = {"text": text, "phone": who.mobile, "name": who.name, "address": who.address}
    operator.post("intake", "/likeness", typed)
    operator.post("intake", "/suggestions/category", {"text": text})


def _drafted(desk: Desk) -> None:
    """One draft is finished by another officer, one is left lying."""
    told = desk.plain(_CALL)
    first, second = desk.desks.role("operator"), desk.second("operator")
    begun = {"form": {**told.form, "answer": desk.named("草稿，", "draft begun")}}
    for finished in (True, False):
        draft = first.post("intake", "/drafts", begun)["draft"]
        first.post("intake", f"/drafts/{draft}/form", {"form": told.form})
        desk.made["draft"] = draft
        if finished:
            second.post("intake", f"/drafts/{draft}/takeover", {})
            number = second.post("intake", f"/drafts/{draft}/registration", {})["number"]
            desk.keep(number, told)


def _taken_over(desk: Desk) -> None:
    """A case that runs in an older system, with all that it has there."""
    told, due = desk.plain(_CALL), desk.now() + timedelta(days=20)
    unit = desk.desks.folder.rulebook.catalogue[0].unit
    handed = {"number": f"旧字{due:%m%d%H%M%S}", "unit": unit, "due_on": f"{due:%Y-%m-%d}"}
    received = (desk.now() - timedelta(days=5)).isoformat()
    form = {**told.form, "received_at": received, "taken_over": handed}
    number = desk.desks.role("records").post("intake", "/takeovers", form)["number"]
    desk.keep(number, told)


# -- on a case ------------------------------------------------------------------------------------


def _noted(desk: Desk) -> None:
    """Everything that may be noted of one case."""
    number = desk.taken_down("noted", desk.plain(_VISIT))
    _corrected(desk, number)
    _found(desk)
    _sorted_anew(desk)
    _linked(desk)
    _contacts(desk)
    if desk.comes_by("noted", _VISIT):
        _visitors(desk)


def _corrected(desk: Desk, number: str) -> None:
    parts = {part: desk.named("更正：", f"corrected {part}") for part in ("text", "wish", "object", "place")}
    revision = desk.desks.case(number)["revision"]
    told = {**parts, "based_on": revision, "reason": desk.named("听错了。", "why corrected")}
    desk.act("noted", "matters/m1/corrections", told)


def _contacts(desk: Desk) -> None:
    """Who complained is somebody else with somebody else's help; the firm has another contact (E-35)."""
    who, helper, firm = (desk.crowd.next(f"corrected {what}") for what in ("party", "helper", "firm"))
    fields = ("name", "email", "address", "work_unit", "occupation")
    told = {field: getattr(who, field) for field in fields} | {"phone": who.mobile}
    helped = {"helper_name": helper.name, "helper_phone": helper.mobile}
    _contact(desk, "noted", "p1", told | helped)
    _contact(desk, "linked", "p2", {"contact_person": firm.name, "registered_address": firm.address})
    desk.crowd.parties[desk.numbers["noted"]] += [who, helper]
    desk.crowd.parties[desk.numbers["linked"]].append(firm)


def _contact(desk: Desk, what: str, party: str, told: Json) -> None:
    revision = desk.desks.case(desk.numbers[what])["revision"]
    desk.act(what, f"parties/{party}/contact", told | {"based_on": revision})


def _found(desk: Desk) -> None:
    found = {"what": "distorted", "grounds": desk.named("现场核实不符。", "finding of a fabrication")}
    desk.act("noted", "findings", found, "supervisor")


def _sorted_anew(desk: Desk) -> None:
    """By an officer who names who complained without any word that introduces a name."""
    book = desk.desks.folder.rulebook
    mark = next(name for name in book.classification.flags if name != "emergency")
    party = desk.crowd.parties[desk.numbers["noted"]][0]
    told = {
        "reason": f"{party.name}说原分类不对。{desk.crowd.named('why sorted anew')}",
        "flags": [mark],
        "why": {mark: f"{party.name}补充。{desk.crowd.named('why marked anew')}"},
        "affected": 12,
        "classes": own_word(book, desk.crowd),
    }
    desk.act("noted", "classification", told)


def _sorted_out(desk: Desk) -> None:
    """An ordinary matter proves to be a special class: what was said of it is kept."""
    special = next(iter(_special(desk)))
    desk.taken_down("sorted out", desk.plain(_CALL))
    said = {duty: desk.named(_TOLD, f"said anew of {duty}") for duty in _special(desk)[special]}
    told = {"class": special, "said": said}
    reason = desk.named("属特殊类别。", "why a special class")
    desk.act("sorted out", "classification", {"special": told, "reason": reason})


def _linked(desk: Desk) -> None:
    """Another case is said to be the same incident, and not to be like it."""
    other = desk.taken_down("linked", desk.plain(_CALL, _WITH_FIRM))
    for verdict in ("not_alike", "incident"):
        why = desk.named("同一处积水。", f"why {verdict}")
        desk.act("noted", "links", {"other": other, "verdict": verdict, "why": why})


def _visitors(desk: Desk) -> None:
    """A visitor made a disturbance; the police station was told."""
    told = {"kind": "disrupting_order", "words": desk.named("堵住窗口。", "visitor incident")}
    desk.act("noted", "incidents", told)
    station = {"station": desk.named("城东派出所，", "police station")}
    desk.act("noted", "incidents/i1/police", station)
    desk.act("noted", "incidents/i1/measure", {"measure": "persuaded"})


def _told_instead(desk: Desk) -> None:
    """Matters that go to nobody: what the officer said is kept."""
    for special, duties in _special(desk).items():
        said = {duty: desk.named(_TOLD, f"{special} {duty}") for duty in duties}
        told = desk.plain(_CALL)
        told.form["matters"][0]["special"] = {"class": special, "said": said}
        if special == "not_accepted":  # what has a class of the office's scope is accepted (S1-12)
            told.form["matters"][0]["classes"] = {}
        desk.taken_down(special, told)


def _special(desk: Desk) -> dict[str, list[str]]:
    """The special classes that have no kinds, with what must be said of each."""
    held = desk.desks.folder.rulebook.special_classes.items()
    return {name: list(one.duties) for name, one in held if not one.which and name != "legal_channel"}


def _nameless(desk: Desk) -> None:
    """Who gives no name, where the office hears such people, is there all the same: by telephone."""
    if not desk.desks.folder.rulebook.anonymous.accept:
        return
    told = desk.plain(_CALL)
    party = {"role": "complainant", "anonymous": True, "phone": told.parties[0].mobile}
    told.form["parties"] = [party]
    # What nobody registered and no word introduces, such as an occupation, no redactor can know.
    told.form["matters"][0]["text"] = desk.named("门前积水多日。", "text of who gives no name")
    desk.taken_down("nameless", told)


def _again(desk: Desk) -> None:
    """Somebody comes again with the same matter."""
    told = desk.plain(_CALL)
    why = desk.named("自称上次已反映。", "why a repeat")
    told.form["repeat_of"] = {"number": desk.numbers["linked"], "claim": "same", "why": why}
    desk.taken_down("again", told)


def _passed_on(desk: Desk) -> None:
    """A case goes on to the first office whose rules take it as it is."""
    told = desk.plain(_CALL)
    desk.taken_down("passed", told)
    reason = desk.named("属该机构职责。", "why passed on")
    for folder in desk.others:
        wanted = {"to": folder.rulebook.office.id, "reason": reason, **called(folder.rulebook)}
        try:
            desk.act("passed", "passing", wanted, "dispatcher")
        except Refused as refused:
            last = refused
        else:
            return desk.keep(_number_there(desk), told)
    raise last


def _number_there(desk: Desk) -> str:
    there = until(lambda: desk.desks.case(desk.numbers["passed"])["passed_to"]["number"])
    return str(there)


# -- in the archive -------------------------------------------------------------------------------


def _shut_away(desk: Desk) -> None:
    """A file is shut away, opened and let out again, each time with the reason."""
    at = f"/cases/{desk.numbers['noted']}/files/f1/quarantine"
    records = desk.desks.role("records")
    for path, told in (("", {}), ("/opening", {}), ("/verdict", {"decision": "released"})):
        reason = desk.named("内容不宜公开。", f"quarantine{path}")
        headers = {**records.headers(), "Idempotency-Key": uuid4().hex}
        body = {"reason": reason, **told}
        desk.desks.line.send("POST", "intake", f"{at}{path}", json=body, headers=headers)


def _filed(desk: Desk) -> None:
    """Where people decide on filing: of each case, not to file it."""
    for row in desk.desks.role("records").all("intake", "/filings", "cases"):
        path = f"/cases/{row['number']}/filing"
        told = {"kept": False, "reason": desk.named("无保存价值。", "why not filed")}
        desk.desks.role("records").post("intake", path, told)


def _reopened(desk: Desk) -> None:
    told = {"reason": desk.named("又积水了。", "why reopened")}
    desk.act("linked", "reopening", told, "supervisor")
