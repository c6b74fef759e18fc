"""Leads the complaints of all offices to the archive: staff by script, the office clock by days."""

import itertools
import time as machine
from collections import Counter
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
from deploy.local.leaks.office import Complaint, Course, Courses, PlantingDesks, complaints
from deploy.local.leaks.places.pages import Led
from deploy.local.leaks.planting import Crowd, introduced
from deploy.local.platform import OFFICES
from deploy.local.stack import SHANGHAI, Stack
from deploy.local.staff import Staff
from huiyin.chassis.calendar import load_calendar
from huiyin.client.line import Json, Person, Refused

_MOST_DAYS: Final = 40
_HOUR: Final = time(10)
_SLOW_AFTER: Final = 4  # days on which everything happens; then one waits for what is late
_STRIDE_WD: Final = 3
_PAUSE_S: Final = 0.3
#: The offices in which people are planted; the others stand empty beside them.
PLAYED: Final = ("community-centre", "mayors-line")


@dataclass
class Play:
    """All offices, until every case is archived."""

    stack: Stack
    line: KeepingLine
    crowd: Crowd
    cases: int
    complaints: dict[str, Complaint] = field(default_factory=dict)
    _files: dict[str, str] = field(default_factory=dict)
    _meant: dict[str, Course] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._calendar = load_calendar(OFFICES / "calendars")
        self.desks = {
            office: PlantingDesks(desks, self.crowd)
            for office, desks in desks_of(self.line, OFFICES).items()
            if office in PLAYED
        }
        self.staff = {office: self._staff(desks) for office, desks in self.desks.items()}

    def register(self) -> None:
        """Take down so many complaints in each office."""
        for desks in self.desks.values():
            for told in complaints(desks.folder, self.crowd, self.cases):
                first = told.parties[0]
                number = desks.register(told.form, f"{first.mobile}-{first.wechat}")["number"]
                self.complaints[number], self._meant[number] = told, told.course
                self.crowd.parties[number] = list(told.parties)

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
        """Day by day, until all is archived."""
        for day in range(_MOST_DAYS):
            self._day()
            stages = self._stages()
            tell(f"{self.stack.now():%Y-%m-%d}  {dict(stages)}")
            if set(stages) <= {"archived"}:
                return
            self._advance(1 if day < _SLOW_AFTER else _STRIDE_WD)
        raise LocalStackError(f"not every case is archived after {_MOST_DAYS} days: {self._stages()}")

    def attach(self) -> None:
        """A file of some kind to every case; every picture is released without what its camera wrote."""
        kinds = itertools.cycle(FILES.items())
        for number, (name, made) in zip(sorted(self.complaints), kinds, strict=False):
            person = self.crowd.next(f"file {name}")
            file = {"file": (f"{person.name}{person.mobile}.{name}", made(introduced(person)))}
            sent = self._post(number, f"/cases/{number}/files", files=file).json()
            self._files[number] = sent["id"]
            if name == "jpg":
                self._post(number, f"/cases/{number}/files/{sent['id']}/stripped-release", json={})

    def wall_midway(self) -> None:
        """The walls that are put while cases are handled, until every service decides by them."""
        for number, told in self.complaints.items():
            told.wall.midway(self._desks_of(number), number, self.crowd)
        self._settle()

    def wall_archived(self) -> None:
        """The walls that are put in the archive."""
        for number, told in self.complaints.items():
            told.wall.archived(self._desks_of(number), number, self.crowd)

    def led(self) -> list[Led]:
        """Every case with what its addresses are made of."""
        return [self._led(number) for number in sorted(self.complaints)]

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
        )

    @staticmethod
    def _behind(desks: PlantingDesks, number: str) -> Iterator[Person]:
        """Everybody of the directory whom the circle of the case names, as they sign in."""
        circle = desks.role("auditor").get("intake", f"/cases/{number}/circle")["matters"]
        named = [matter[how] for matter in circle for how in ("accused", "recused")]
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
        """Wait until nothing more is heard, so that the lists are complete."""
        heard = [-2.0, -1.0]
        while heard[-1] != heard[-2]:
            machine.sleep(_PAUSE_S)
            heard.append(self.stack.platform.handled("intake"))

    def _advance(self, days: int) -> None:
        day = self._calendar.add_working_days(self.stack.now().date(), days).on
        self.stack.clock.advance(datetime.combine(day, _HOUR, SHANGHAI) - self.stack.now())
        self._settle()

    def _stages(self) -> Counter[str]:
        return sum((Counter(desks.stages()) for desks in self.desks.values()), Counter())


def _is_of(number: str, desks: Desks) -> bool:
    return number.startswith(f"{desks.folder.rulebook.office.code}-")
