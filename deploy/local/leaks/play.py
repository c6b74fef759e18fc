"""Leads the complaints of all offices to the archive: staff by script, the office clock by days."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, Final
from uuid import uuid4

import httpx

from deploy.local.desks import Desks, desks_of
from deploy.local.errors import LocalStackError
from deploy.local.leaks.answers import KeepingLine
from deploy.local.leaks.attachments import FILES
from deploy.local.leaks.desk import Desk, take_down, write_up
from deploy.local.leaks.forms import Complaint, complaints
from deploy.local.leaks.office import Course, Courses, PlantingDesks, ordinarily
from deploy.local.leaks.places.pages import Led
from deploy.local.leaks.planting import Crowd, introduced
from deploy.local.leaks.policies import keep_policies
from deploy.local.leaks.telephone import CallCentre, ring
from deploy.local.leaks.valuables import ask_for_copies, enclose, give_back
from deploy.local.leaks.walls import circle_of
from deploy.local.platform import OFFICES
from deploy.local.quiet import Quiet
from deploy.local.stack import BEGINNING, SHANGHAI, Stack
from deploy.local.staff import Staff
from huiyin.chassis.calendar import load_calendar
from huiyin.client.line import Json, Person, Refused

_MOST_DAYS: Final = 40
_HOUR: Final = time(10)
_SLOW_AFTER: Final = 3  # days on which everything happens; then one waits for what is late
_STRIDE_WD: Final = 5
_AT_ONCE: Final = 4


@dataclass
class Play:
    """All offices, until every case is archived."""

    stack: Stack
    line: KeepingLine
    crowd: Crowd
    cases: int
    quiet: Quiet
    complaints: dict[str, Complaint] = field(default_factory=dict)
    _files: dict[str, str] = field(default_factory=dict)
    _meant: defaultdict[str, Course] = field(default_factory=ordinarily)

    def __post_init__(self) -> None:
        self._calendar = load_calendar(OFFICES / "calendars")
        self.desks = {
            office: PlantingDesks(desks, self.crowd) for office, desks in desks_of(self.line, OFFICES).items()
        }
        self.staff = {office: self._staff(desks) for office, desks in self.desks.items()}
        self.written = {office: self._desk(desks) for office, desks in self.desks.items()}

    def register(self) -> None:
        """Take down so many complaints in each office, and write all else that is written at a desk."""
        self.in_every_office(self._register)

    def ring(self) -> None:
        """Calls to each office, while no emergency line answers, so that people say how it ended."""
        centre = CallCentre(self.stack.platform.call_centre, self.line)
        centre.lines("ringing")
        self.in_every_office(lambda office: ring(self.written[office], centre))
        centre.lines("taken")

    def _register(self, office: str) -> None:
        desks, desk = self.desks[office], self.written[office]
        told_to = complaints(desks.folder, self.crowd, self.cases, self.stack.now(), self._turn(office))
        for n, told in enumerate(told_to):
            key = f"{office}-{n}-{told.parties[0].mobile}-{told.parties[0].wechat}"
            number = desks.register(told.form, key)["number"]
            self._keep(number, told)
        for deed in (take_down, enclose, keep_policies):
            deed(desk)

    def _turn(self, office: str) -> int:
        """One office begins with the first courses and walls, the next goes on where it ends."""
        return self.cases * ((list(self.desks).index(office) + 1) % 2)

    def _keep(self, number: str, told: Complaint) -> None:
        self.complaints[number], self._meant[number] = told, told.course
        self.crowd.parties[number] = list(told.parties)

    def in_every_office(self, act: Callable[[str], None]) -> None:
        """Do something in all offices at a time."""
        with ThreadPoolExecutor(len(self.desks)) as pool:
            list(pool.map(act, self.desks))

    def busiest(self) -> dict[str, str]:
        """The unit of each office that its catalogue names most often for these cases."""
        named = {
            office: Counter(entry.unit for entry in desks.folder.rulebook.catalogue[: self.cases])
            for office, desks in self.desks.items()
        }
        return {office: counts.most_common(1)[0][0] for office, counts in named.items()}

    def form(self, office: str) -> Json:
        """A complaint that the office took."""
        desks = self.desks[office]
        return next(told.form for number, told in self.complaints.items() if _is_of(number, desks))

    def begin(self) -> None:
        """Until units have replied."""
        self._settle()
        for duty in (Staff.send_out, Staff.take_orders, Staff.handle):
            for staff in self.staff.values():
                duty(staff)
            self._settle()

    def lead(self, tell: Callable[[str], None]) -> None:
        """Day by day, until all is archived but what left the platform on paper (E-71)."""
        for day in range(_MOST_DAYS):
            self._day()
            stages = self._stages()
            tell(f"{self.stack.now():%Y-%m-%d}  {dict(stages)}")
            if self._all_done(stages):
                return
            self._advance(1 if day < _SLOW_AFTER else _STRIDE_WD)
        raise LocalStackError(f"not every case is archived after {_MOST_DAYS} days: {self._stages()}")

    def attach(self) -> None:
        """A file of some kind to every case; every picture is released without what its camera wrote."""
        kinds = itertools.cycle(FILES.items())
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(self._attach, sorted(self.complaints), kinds))

    def _attach(self, number: str, kind: tuple[str, Callable[[str], bytes]]) -> None:
        name, made = kind
        person = self.crowd.next(f"file {name}")
        file = {"file": (f"{person.name}{person.mobile}.{name}", made(introduced(person)))}
        sent = self._post(number, f"/cases/{number}/files", files=file).json()
        self._files[number] = sent["id"]
        if name == "jpg":
            self._post(number, f"/cases/{number}/files/{sent['id']}/stripped-release", json={})

    def wall_midway(self) -> None:
        """The walls that are put while cases are handled, until every service decides by them."""
        self._each_case(lambda number, told: told.wall.midway(self._desks_of(number), number, self.crowd))
        self._settle()

    def hand_back(self) -> None:
        """Units ask for copies of what lay in letters, which then goes back."""
        self.in_every_office(self._hand_back)

    def _hand_back(self, office: str) -> None:
        ask_for_copies(self.written[office])
        give_back(self.written[office])

    def wall_archived(self) -> None:
        """The walls that are put in the archive."""
        self._each_case(lambda number, told: told.wall.archived(self._desks_of(number), number, self.crowd))

    def write_up(self) -> None:
        """What is written of archived cases."""
        self.in_every_office(lambda office: write_up(self.written[office]))

    def _each_case(self, act: Callable[[str, Complaint], None]) -> None:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(lambda one: act(*one), self.complaints.items()))

    def learn(self) -> None:
        """Whose the cases are that came by themselves, of calls that nobody took down."""
        for office, desk in self.written.items():
            for call, who in desk.unregistered.items():
                operator = self.desks[office].role("operator")
                for number in operator.get("intake", f"/calls/{call}")["cases"]:
                    self.crowd.parties[number] = [who]

    def led(self) -> list[Led]:
        """Every case with what its addresses are made of."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(self._led, sorted(self.complaints)))

    def _led(self, number: str) -> Led:
        desks = self._desks_of(number)
        try:
            orders = desks.handling(number)["orders"]
        except Refused:  # answered on the spot, so nobody handled it
            orders = []
        messages = desks.role("records").get("notify", f"/messages/{number}")["messages"]
        return Led(
            number=number,
            office=desks.office,
            unit=orders[0]["unit"] if orders else "",
            orders=tuple(order["id"] for order in orders),
            file=self._files[number],
            messages=tuple(message["id"] for message in messages if message["state"] == "listed"),
            about=frozenset(person.number for person in self.crowd.parties[number]),
            behind=tuple(self._behind(desks, number)),
            made=self.written[desks.office].made,
            day=f"{BEGINNING:%Y-%m-%d}",
        )

    @staticmethod
    def _behind(desks: PlantingDesks, number: str) -> Iterator[Person]:
        """Everybody of the directory whom the circle of the case names, as they sign in."""
        named = [matter[how] for matter in circle_of(desks, number) for how in ("accused", "recused")]
        subjects = {one for who in named for one in who["people"]}
        units = {unit for who in named for unit in who["units"]}
        for member in desks.folder.people.values():
            if member.subject in subjects or member.unit in units:
                yield desks.member(member.subject)

    def _post(self, number: str, path: str, **request: Any) -> httpx.Response:
        own = self._desks_of(number).role("operator").headers()
        headers = {**own, "Idempotency-Key": uuid4().hex}
        answer = self.line.send("POST", "intake", path, headers=headers, **request)
        answer.raise_for_status()
        return answer

    def _desks_of(self, number: str) -> PlantingDesks:
        return next(desks for desks in self.desks.values() if _is_of(number, desks))

    def _desk(self, desks: PlantingDesks) -> Desk:
        others = [other.folder for office, other in self.desks.items() if office != desks.office]
        return Desk(desks, self.crowd, self._keep, self.stack.now, others)

    def _staff(self, desks: PlantingDesks) -> Staff:
        return Staff(desks, Courses(meant=self._meant), self._calendar, self.stack.now)

    def _day(self) -> None:
        """All duties, again and again, until nobody finds anything to do any more."""
        before = -1
        while before != (acts := self._acts()):
            before = acts
            with ThreadPoolExecutor(len(self.staff)) as pool:
                list(pool.map(self._duties, self.staff.values()))
            self._settle()

    def _duties(self, staff: Staff) -> None:
        staff.post_and_ring()
        staff.call_back()
        staff.send_out()
        staff.take_orders()
        staff.withdraw([number for number in self.complaints if _is_of(number, staff.desks)])
        staff.handle()
        staff.judge()

    def _acts(self) -> int:
        return sum(sum(staff.acts.values()) for staff in self.staff.values())

    def _settle(self) -> None:
        """Wait until all is quiet, so that the lists are complete."""
        self.quiet.wait(self.stack.now())

    def _advance(self, days: int) -> None:
        day = self._calendar.add_working_days(self.stack.now().date(), days).on
        self.stack.clock.advance(datetime.combine(day, _HOUR, SHANGHAI) - self.stack.now())
        self._settle()

    def _all_done(self, stages: Counter[str]) -> bool:
        left = stages.total() - stages["archived"]
        return not left or left == self._on_paper()

    def _on_paper(self) -> int:
        """How many accusations have nobody above the accused: discipline inspection has them by letter."""
        waiting = (row["number"] for desks in self.desks.values() for row in desks.waiting_for("dispatcher"))
        return sum(self._was_sent_out(number) for number in waiting)

    def _was_sent_out(self, number: str) -> bool:
        asked = (row["data"] for row in self._desks_of(number).journal(number))
        return any(said.get("template") == "accusation_letter" for said in asked)

    def _stages(self) -> Counter[str]:
        return sum((Counter(desks.stages()) for desks in self.desks.values()), Counter())


def _is_of(number: str, desks: Desks) -> bool:
    return number.startswith(f"{desks.folder.rulebook.office.code}-")
