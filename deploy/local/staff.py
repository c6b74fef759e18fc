"""The scripted staff of one office: works through its lists over HTTP as people would.

What they do follows the script of the case; when they do it follows the office clock and what
the services' work lists show. A refusal (a list was a moment old) is counted and tried again.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from deploy.local.desks import Desks
from deploy.local.samples import Receipts, Sample
from deploy.local.scripts import Script
from huiyin.chassis.calendar import WorkingCalendar
from huiyin.client.line import Json, Refused

_AT_ONCE: Final = 4
_LONGEST_WAIT_DAYS: Final = 25  # nobody plays late on a limit of months
_MORE_TIME_WD: Final = 5


@dataclass
class Staff:
    """Everybody who works for one office and its units."""

    desks: Desks
    script: Script
    calendar: WorkingCalendar
    now: Callable[[], datetime]
    acts: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    _asked: set[tuple[str, str]] = field(default_factory=set)

    # -- a day's work ----------------------------------------------------------------------

    def take_down(self, samples: list[Sample], receipts: Receipts) -> None:
        """The operator types in what has come by now."""
        due = [s for s in samples if s.office == self.desks.office and s.at <= self.now()]
        numbers = {}
        for sample in (s for s in due if s.id not in receipts):
            receipt = self._do("register", self.desks.register, dict(sample.form), key=f"sample-{sample.id}")
            if receipt:
                numbers[sample.id] = receipt["number"]
        if numbers:
            receipts.keep(numbers)

    def send_out(self) -> None:
        """The leader instructs, the dispatcher chooses units where the catalogue knows none."""
        if self.desks.folder.rulebook.dispatch.leader_gate != "none":
            self._each(self.desks.waiting_for("leader"), self._instruct)
        self._each(self.desks.waiting_for("dispatcher"), self._fill_gaps)

    def take_orders(self) -> None:
        """Every unit accepts what is its own and gives back what is not."""
        self._each(self.desks.units_with("dispatched"), self._take_orders)

    def handle(self) -> None:
        """The units that have work in hand reply, or ask for more time."""
        self._each(self.desks.units_with("accepted"), self._handle)

    def judge(self) -> None:
        """Supervisors decide on time, judge replies, and weigh what complainants are unhappy with."""
        self._each(self.desks.extensions(), self._decide_time)
        self._each(self.desks.reviews(), self._review)
        self._each(self.desks.dissatisfactions(), self._weigh)

    def call_back(self) -> None:
        """Call-back staff reach complainants, tell results, and ask what they think."""
        self._each(self.desks.echoes("open"), self._call)
        self._each(self.desks.echoes("told"), self._call)

    def post_and_ring(self) -> None:
        """Letters are posted, call tasks are made."""
        self._each([*self.desks.tasks("letter"), *self.desks.tasks("call")], self._finish_task)

    def withdraw(self, numbers: Iterable[str]) -> None:
        """Some complainants think better of it."""
        self._each([n for n in numbers if self.script.withdraws(n)], self._withdraw)

    # -- single acts -----------------------------------------------------------------------

    def _instruct(self, handling: Json) -> None:
        number = handling["number"]
        self._do("instruct", self.desks.instruct, number, key=f"instruct-{number}")

    def _fill_gaps(self, handling: Json) -> None:
        number = handling["number"]
        for matter in handling["gaps"]:
            tried = {o["unit"] for o in handling["orders"] if o["matter"] == matter}
            unit = self._choose_unit(number, matter, tried)
            key = f"assign-{number}-{matter}-{len(tried)}"
            self._do("assign", self.desks.assign, number, matter, unit, key=key)

    def _choose_unit(self, number: str, matter: str, tried: set[str]) -> str:
        """By the catalogue where it names one that did not refuse yet, else the office's own choice."""
        told = next(m for m in self.desks.case(number)["matters"] if m["id"] == matter)
        book = self.desks.folder.rulebook
        fitting = [e.unit for e in book.catalogue if e.fits(told["category"], told["area"])]
        others = [
            u.id
            for u in self.desks.folder.units.values()
            if u.type in ("department", "section") and u.successor is None
        ]
        return next(unit for unit in (*fitting, *others) if unit not in tried)

    def _take_orders(self, unit: str) -> None:
        for order in self.desks.orders(unit, "dispatched"):
            number, key = order["number"], f"{order['number']}-{order['id']}"
            if order["role"] == "lead" and self.script.gives_back(number, order["id"]):
                self._do("give_back", self.desks.give_back, number, order, key=f"back-{key}")
            else:
                self._do("accept", self.desks.accept, number, order, key=f"accept-{key}")

    def _handle(self, unit: str) -> None:
        for order in self.desks.orders(unit, "accepted"):
            self._ask_time(order)
            if self._is_time_to_reply(order):
                n = len(order["replies"]) + 1
                text = self.script.result(order["number"], order["id"], n)
                key = f"reply-{order['number']}-{order['id']}-{n}"
                self._do("reply", self.desks.reply, order["number"], order, text, key=key)

    def _ask_time(self, order: Json) -> None:
        number, order_id = order["number"], order["id"]
        wishes = order["role"] == "lead" and order["due_on"] and not order["replies"]
        if not wishes or not self._may_ask_time() or (number, order_id) in self._asked:
            return
        if self.script.asks_time(number, order_id):
            self._asked.add((number, order_id))
            until = self.calendar.add_working_days(date.fromisoformat(order["due_on"]), _MORE_TIME_WD).on
            key = f"time-{number}-{order_id}"
            self._do("ask_more_time", self.desks.ask_more_time, number, order, until, key=key)

    def _may_ask_time(self) -> bool:
        return self.desks.folder.rulebook.extension.allowed

    def _is_time_to_reply(self, order: Json) -> bool:
        if not order["due_on"]:
            return False  # supervision has not said the date yet
        number, order_id = order["number"], order["id"]
        if order["replies"]:  # sent back, or handled again
            return self._days_since(order["replies"][-1]["submitted_at"]) >= 1
        needed = {"prompt": 0, "when_urged": 1, "when_supervised": self._slips_until_supervised()}
        slips = needed[self.script.pace(number, order_id)]
        span = date.fromisoformat(order["due_on"]) - self._day(order["dispatched_at"])
        if slips and self._is_urged() and span.days <= _LONGEST_WAIT_DAYS:
            return len(order["slips"]) >= slips
        return self._days_since(order["dispatched_at"]) >= self.script.working_days(number, order_id)

    def _is_urged(self) -> bool:
        """Where nobody is ever urged, nobody waits for it (X-08)."""
        return self.desks.folder.rulebook.urge.form != "none"

    def _slips_until_supervised(self) -> int:
        return 1 if self.desks.folder.rulebook.urge.before is None else 2

    def _decide_time(self, extension: Json) -> None:
        number, order = extension["number"], extension["order"]
        granted = self.script.gets_time(number, order)
        self._do(
            "grant_time" if granted else "refuse_time",
            self.desks.decide_more_time,
            number,
            extension["id"],
            granted=granted,
            reason="" if granted else "情况不复杂，请按期办结。",
            key=f"decide-{number}-{extension['id']}",
        )

    def _review(self, row: Json) -> None:
        number, order, reply = row["number"], row["order"], row["reply"]
        careless = reply == 1 and self.script.is_careless(number, order)
        failed = [self.desks.folder.rulebook.review.criteria[0].id] if careless else []
        verb = "send_back" if careless else "approve"
        key = f"review-{number}-{order}-{reply}"
        self._do(verb, self.desks.review, number, order, reply, failed, key=key)

    def _weigh(self, row: Json) -> None:
        number, round_ = row["number"], row["round"]
        decision = "rehandle" if self.script.mood(number, round_) == "rehandle" else "uphold"
        words = {
            "rehandle": "结果与实际不符，请重新核实办理。",
            "uphold": "处理于法有据，已向诉求人说明理由。",
        }
        key = f"weigh-{number}-{round_}"
        self._do(decision, self.desks.judge_dissatisfaction, number, decision, words[decision], key=key)

    def _call(self, echo: Json) -> None:
        number, round_ = echo["number"], echo["round"]
        mood, tries = self.script.mood(number, round_), len(echo["attempts"])
        key = f"{number}-{round_}-{tries}"
        if mood == "unreachable":
            self._do("miss", self.desks.attempt, number, "call", reached=False, key=f"miss-{key}")
            return
        if not tries:
            self._do("open_contact", self.desks.open_contact, number, key=f"contact-{key}")
            self._do("reach", self.desks.attempt, number, "call", reached=True, key=f"reach-{key}")
        if echo["state"] == "open":
            self._do("tell", self.desks.tell, number, "call", key=f"tell-{key}")
        if mood == "declines":
            self._do("decline", self.desks.decline, number, key=f"decline-{key}")
            return
        for matter in echo["unevaluated"]:
            self._evaluate(number, round_, matter, satisfied=mood == "satisfied")

    def _evaluate(self, number: str, round_: int, matter: str, *, satisfied: bool) -> None:
        self._do(
            "evaluate",
            self.desks.evaluate,
            number,
            matter,
            solved=satisfied,
            satisfied=satisfied,
            words="" if satisfied else "问题没有真正解决。",
            key=f"evaluate-{number}-{round_}-{matter}",
        )

    def _finish_task(self, task: Json) -> None:
        number, message = task["number"], task["id"]
        self._do(
            "finish_task",
            self.desks.finish_task,
            number,
            message,
            "delivered",
            key=f"task-{number}-{message}",
        )

    def _withdraw(self, number: str) -> None:
        if self.desks.case(number)["stage"] in ("dispatched", "handling"):
            self._do("withdraw", self.desks.withdraw, number, "问题已自行解决。", key=f"withdraw-{number}")

    # -- how it is done --------------------------------------------------------------------

    def _each(self, rows: Iterable[Any], act: Callable[[Any], None]) -> None:
        """Several people at a time."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(act, list(rows)))

    def _do(self, verb: str, act: Callable[..., Json], *given: Any, **more: Any) -> Json | None:
        try:
            done = act(*given, **more)
        except Refused as refused:
            self.refusals[f"{verb}: {refused.status} {refused.code}"] += 1
            return None
        self.acts[verb] += 1
        return done

    def _days_since(self, moment: str) -> int:
        return self.calendar.working_days_between(self._day(moment), self._local(self.now()).date())

    def _day(self, moment: str) -> date:
        return self._local(datetime.fromisoformat(moment)).date()

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.desks.folder.rulebook.office.timezone))
