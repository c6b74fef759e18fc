"""Drives one office of a running platform over HTTP: a verb a method, and waiting for what follows.

The verbs are those of `deploy.local.desks.Desks`; here are the ways to bring a case to a stage,
to wait for what the bus brings, and to move the office clock.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from deploy.local.desks import Desks
from deploy.local.platform import OFFICES
from huiyin.chassis.calendar import load_calendar
from huiyin.chassis.clocks import SimulatedOfficeClock
from huiyin.client.line import Json, Person, Refused, until

T = TypeVar("T")

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
BEGINNING: Final = datetime(2024, 9, 23, 9, 0, tzinfo=SHANGHAI)
_OPENS, _CLOSES = 9, 15
_MATTERS: Final[dict[str, Json]] = {
    "mayors-line": {"kind": "complaint", "category": "municipal/road", "area": "990101001"},
    "community-centre": {"kind": "complaint", "category": "window/queue", "area": "990102002001"},
    "petition-office": {"kind": "complaint", "category": "housing/quality", "area": "990104001"},
    "county-hotline": {
        "kind": "criticism",
        "category": "roads",
        "area": "990105001",
        "object": "县公路站",
        "classes": {"scope": "livelihood"},
    },
    "city-hotline": {
        "kind": "complaint",
        "category": "urban/waste",
        "area": "980101001",
        "classes": {"domain": "urban_construction"},
    },
}
#: What only some offices ask of every form (S1-31, S1-32).
_MORE: Final[dict[str, Json]] = {"county-hotline": {"truth_stated": True, "warned": True}}
RESULT: Final = "已现场核实并修复，当事人确认。"
_PARTY: Final = {
    "name": "柏守拙",
    "phone": "19900000001",
    "email": "writer@mail.example",
    "address": "白帆街道石桥弄1号",
    "work_unit": "晨钟印刷厂",
    "occupation": "职员",
}


class Driver(Desks):
    """One office's desks, its clock and its calendar."""

    def __init__(self, desks: Desks, clock: SimulatedOfficeClock) -> None:
        super().__init__(desks.line, desks.folder)
        self.clock = clock
        self.calendar = load_calendar(OFFICES / "calendars")

    # -- waiting ---------------------------------------------------------------------------

    def until(self, condition: Callable[[], T | None], within: float = 30) -> T:
        """Look until it is so; a Refused (not there yet) is no failure meanwhile."""
        return until(condition, within)

    def until_stage(self, number: str, *stages: str, within: float = 30) -> Json:
        """Wait until the case stands at one of these stages."""

        def there() -> Json | None:
            case = self.case(number)
            return case if case["stage"] in stages else None

        return self.until(there, within)

    def until_said(self, number: str, event_type: str, times: int = 1, within: float = 30) -> list[Json]:
        """Wait until the journal has so many events of a type; answer them."""

        def there() -> list[Json] | None:
            rows = self.said(number, event_type)
            return rows if len(rows) >= times else None

        return self.until(there, within)

    def said(self, number: str, event_type: str) -> list[Json]:
        """The case's events of one type in the journal."""
        return [row for row in self.journal(number) if row["type"] == event_type]

    # -- by name -------------------------------------------------------------------------

    def person(self, subject: str) -> Person:
        """Somebody of the directory, in their first role."""
        return Person(self.line, subject, self.folder.people[subject].roles[0], self.office)

    def is_hidden(self, look: Callable[[], object], number: str) -> bool:
        """Whether a look, or an act, is refused in the very words for a case that is not there."""
        try:
            look()
        except Refused as refused:
            return (refused.status, refused.detail) == (404, f"没有编号为 {number} 的记录。请核对编号。")
        return False

    # -- the clock -------------------------------------------------------------------------

    def now(self) -> datetime:
        """Office time, where the office is."""
        return self.clock.now().astimezone(SHANGHAI)

    def advance(self, **by: float) -> datetime:
        """Move the office clock on: `advance(days=1, hours=2)`."""
        return self.clock.advance(timedelta(**by))

    def advance_to(self, day: date, at: str = "09:00") -> datetime:
        """Move the office clock on to an hour of a day; it never goes back."""
        target = datetime.combine(day, time.fromisoformat(at), SHANGHAI)
        return self.clock.advance(max(target - self.now(), timedelta(0)))

    def advance_past(self, day: date) -> datetime:
        """Move the office clock over the end of a day, and stand still shortly before it."""
        self.advance_to(day, "23:30")
        return self.advance(hours=1)

    def begin_the_day(self) -> None:
        """Be in office hours: at night nobody is called or texted, and nothing is archived."""
        now = self.now()
        if not self.calendar.is_working_day(now.date()) or now.hour < _OPENS or now.hour >= _CLOSES:
            self.advance_to(self.working_days_from_now(1))

    def working_days_from_now(self, amount: int) -> date:
        """The `amount`-th working day after today."""
        return self.calendar.add_working_days(self.now().date(), amount).on

    def days_from_now(self, amount: int) -> date:
        """The `amount`-th day after today, or the working day behind it where that is a holiday."""
        return self.calendar.working_day_on_or_after(self.now().date() + timedelta(days=amount))

    # -- bringing a case to a stage --------------------------------------------------------

    def form(self, **changes: Any) -> Json:
        """A complaint as an officer takes it down; `matter=` and `party=` change these parts."""
        text = {"text": "人行道地砖塌陷，老人摔倒，请尽快修复。", "wish": "修复"}
        matter = {**_MATTERS[self.office], "place": "和声路路口", **text, **changes.pop("matter", {})}
        party = {"role": "complainant", **_PARTY, **changes.pop("party", {})}
        more = _MORE.get(self.office, {})
        return {"channel": "call", **more, "matters": [matter], "parties": [party], **changes}

    def registered(self, **changes: Any) -> str:
        """A fresh case's number."""
        return str(self.register(self.form(**changes))["number"])

    def dispatched(self, **changes: Any) -> tuple[str, Json]:
        """A fresh case with its order at the unit; where a leader reads first, one instructs."""
        number = self.registered(**changes)
        handling = self.until(lambda: self.handling(number))
        if handling["gate"] == "asked":
            self.instruct(number)
        return number, self.until(lambda: self._first_order(number, "dispatched"))

    def accepted(self, **changes: Any) -> tuple[str, Json]:
        """A fresh case whose unit took the order and has its date."""
        number, order = self.dispatched(**changes)
        self.accept(number, order)
        return number, self.until(lambda: self._dated(number, order["id"]))

    def replied(self, text: str = RESULT, **changes: Any) -> tuple[str, Json]:
        """A fresh case in which every order, lead and assisting, has a reply to be reviewed."""
        number, order = self.dispatched(**changes)
        for one in self.handling(number)["orders"]:
            self.accept(number, one)
            self.reply(number, one, text)
        self.until(lambda: {o["id"] for o in self.handling(number)["orders"]} <= self._to_review(number))
        return number, self.order(number, order["id"])

    def approved(self, **changes: Any) -> tuple[str, Json]:
        """A fresh case whose every reply passed; the complainant is to be called, or was told."""
        number, _ = self.replied(**changes)
        for one in self.handling(number)["orders"]:
            self.review(number, one["id"], 1)
        return number, self.until_echo(number, "open", "told")

    def until_echo(self, number: str, *states: str, within: float = 30) -> Json:
        """Wait until the case's echo is in one of these states."""

        def there() -> Json | None:
            echo = self.echo(number)
            return echo if echo["state"] in states else None

        return self.until(there, within)

    def archived(self, number: str) -> Json:
        """An approved case to its end: called back, content, every letter and call task done."""
        self.until_echo(number, "open", "told")
        self.attempt(number, "call", reached=True)
        self.tell(number, "call")
        for matter in self.case(number)["matters"]:
            self.evaluate(number, matter["id"], solved=True, satisfied=True)
        return self.until(lambda: self._archived(number))

    def _archived(self, number: str) -> Json | None:
        for task in [*self.tasks("letter"), *self.tasks("call")]:
            if task["number"] == number:
                self.finish_task(number, task["id"], "delivered")
        case = self.case(number)
        return case if case["stage"] == "archived" else None

    def _to_review(self, number: str) -> set[str]:
        return {row["order"] for row in self.reviews() if row["number"] == number}

    def _first_order(self, number: str, state: str) -> Json | None:
        return next((o for o in self.handling(number)["orders"] if o["state"] == state), None)

    def _dated(self, number: str, order: str) -> Json | None:
        found = self.order(number, order)
        return found if found["due_on"] else None
