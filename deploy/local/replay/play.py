"""The replay: every row's message, what the staff do about it, and the clock that moves between."""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from deploy.local.desks import Desks
from deploy.local.replay.hours import Hours
from deploy.local.replay.people import party
from deploy.local.replay.quiet import Quiet
from deploy.local.replay.reading import Row
from deploy.local.replay.schedule import Command, Schedule, half_day
from deploy.local.replay.script import Script
from huiyin.chassis.clocks import SimulatedOfficeClock
from huiyin.client.line import Json, Refused
from huiyin.contracts.tides import TIDE_MARGIN


@dataclass
class Course:
    """What is known of one row's case."""

    row: Row
    number: str = ""
    orders: dict[str, Json] = field(default_factory=dict)
    approved: set[str] = field(default_factory=set)
    round: int = 1
    on_time: bool | None = None
    times: dict[str, datetime] = field(default_factory=dict)

    @property
    def live(self) -> list[Json]:
        return [o for o in self.orders.values() if o["state"] not in ("returned", "recalled")]

    @property
    def lead(self) -> Json:
        return next(o for o in self.live if o["role"] == "lead")


class Play:
    def __init__(
        self, desks: Desks, clock: SimulatedOfficeClock, quiet: Quiet, hours: Hours, script: Script
    ) -> None:
        self.desks, self.clock, self.quiet, self.hours, self.script = desks, clock, quiet, hours, script
        self.schedule = Schedule()
        self.courses: dict[str, Course] = {}
        self.refused: Counter[str] = Counter()
        self.stops = 0
        self.posting: datetime | None = None
        self.now = datetime.min

    # -- the course of time --

    def run(self, rows: list[Row], tell: Callable[["Play"], None]) -> None:
        for row in rows:
            at = row.received_at
            if row.dated_only:
                at += timedelta(minutes=self.script.minute("received", row.id))
            self.courses[row.id] = Course(row, times={"received": at})
            self._at(at, row.id, lambda row=row: self._register(row))
        self._move(self.schedule.first())
        while self._stop():
            self.stops += 1
            tell(self)

    def _stop(self) -> bool:
        due = self.quiet.wait(self.now)
        first = self.schedule.first()
        if first is None:
            return self._drain(due)
        if due is not None and due <= first:
            self._move(due + TIDE_MARGIN)
            return True
        half, touched = half_day(first.astimezone(self.hours.zone)), set()
        while (command := self.schedule.take(half, due, touched)) is not None:
            touched.add(command.case)
            self._move(command.at)
            command.act()
        return True

    def _drain(self, due: datetime | None) -> bool:
        if set(self.desks.stages()) <= {"archived"}:
            return False
        if self._post():
            return True
        if due is not None:
            self._move(due + TIDE_MARGIN)
            return True
        return False

    def _move(self, to: datetime | None) -> None:
        if to is not None and to > self.now.replace(tzinfo=self.now.tzinfo or to.tzinfo):
            self.now = to
            self.clock.set(to)

    def _at(self, at: datetime, case: str, act: Callable[[], None]) -> None:
        self.schedule.add(Command(at.astimezone(self.hours.zone), case, act))

    def _later(self, course: Course, what: str, act: Callable[[], None], *more: object) -> None:
        at = self.hours.after(self.now, self.script.slots(what, course.row.id, *more))
        self._at(at, course.row.id, act)

    # -- acts --

    def _register(self, row: Row) -> None:
        course = self.courses[row.id]
        text = f"{row.subject}\n{row.text}"
        limit = self.desks.folder.rulebook.intake.max_text
        form = {
            "channel": row.channel,
            "received_at": course.times["received"].isoformat(),
            "matters": [
                {
                    "kind": row.kind,
                    "category": row.category,
                    "area": row.area,
                    "place": row.place,
                    "text": text[:limit],
                    "wish": text[limit:],
                }
            ],
            "parties": [party(row, self.script, self.desks.folder.rulebook)],
        }
        try:
            course.number = self.desks.register(form, key=self._key(row, "register"))["number"]
        except Refused as refused:
            if refused.status != 422:
                raise
            for name, why in refused.errors.items():
                self.refused[f"{name}: {why}"] += 1
            return
        self._plan(course)

    def _plan(self, course: Course) -> None:
        """When the leader and the unit act, so that the reply can be given at its real time."""
        row, at = course.row, self.now
        reply = row.replied_at or self.hours.working_day(
            at, self.script.reply_days(row.id), self.script.minute("reply", row.id)
        )
        gate = self.desks.folder.rulebook.dispatch.leader_gate == "all"
        steps = (["note"] if gate else []) + (["back", "choose"] if self.script.gives_back(row.id) else []) + ["accept"]
        times = []
        when = at
        for step in steps:
            when = self.hours.after(when, self.script.slots({"back": "accept"}.get(step, step), row.id))
            times.append(when)
        if when >= reply:
            steps = [s for s in steps if s in ("note", "accept")]
            times = [at + (reply - at) * n / (len(steps) + 1) for n in range(1, len(steps) + 1)]
        course.times |= dict(zip(steps, times, strict=True)) | {"reply": reply}
        if gate:
            self._at(course.times["note"], row.id, lambda: self._instruct(course))
        else:
            self._at(times[0], row.id, lambda: self._take(course))

    def _instruct(self, course: Course) -> None:
        done = self.desks.instruct(course.number, key=self._key(course.row, "instruct"))
        self._know(course, done)
        self._at(course.times.get("back", course.times["accept"]), course.row.id, lambda: self._accept_all(course))

    def _take(self, course: Course) -> None:
        self._know(course, self.desks.handling(course.number))
        self._accept_all(course)

    def _know(self, course: Course, handling: Json) -> None:
        course.orders = {o["id"]: o for o in handling["orders"]}
        if handling["gaps"]:
            self._assign(course, handling["gaps"])

    def _assign(self, course: Course, gaps: list[str]) -> None:
        for matter in gaps:
            tried = {o["unit"] for o in course.orders.values() if o["matter"] == matter}
            units = [u.id for u in self.desks.folder.units.values() if u.type in ("department", "section") and u.id not in tried]
            key = self._key(course.row, "assign", matter, len(tried))
            done = self.desks.assign(course.number, matter, units[0], key=key)
            course.orders = {o["id"]: o for o in done["orders"]}

    def _accept_all(self, course: Course) -> None:
        if "back" in course.times:
            course.times.pop("back")
            lead = course.lead
            done = self.desks.give_back(course.number, lead, key=self._key(course.row, "back", lead["id"]))
            course.orders = {o["id"]: o for o in done["orders"]}
            self._at(course.times["choose"], course.row.id, lambda: self._choose(course, done))
            return
        for order in course.live:
            if order["state"] == "dispatched":
                self._accept(course, order)

    def _choose(self, course: Course, handling: Json) -> None:
        self._know(course, handling)
        self._at(course.times["accept"], course.row.id, lambda: self._accept_all(course))

    def _accept(self, course: Course, order: Json) -> None:
        row, key = course.row, order["id"]
        self.desks.accept(course.number, order, key=self._key(row, "accept", key))
        if order["role"] == "lead":
            self._at(course.times["reply"], row.id, lambda: self._reply(course, order, 1))
        else:
            self._later(course, "assisting", lambda: self._reply(course, order, 1), key)

    def _reply(self, course: Course, order: Json, n: int) -> None:
        text = course.row.reply if n == 1 and order["role"] == "lead" else "已按要求办理，情况属实，结果如前所述。"
        done = self.desks.reply(course.number, order, text, key=self._key(course.row, "reply", order["id"], n))
        self._later(course, "review", lambda: self._review(course, order, n), order["id"], n)

    def _review(self, course: Course, order: Json, n: int) -> None:
        row = course.row
        back = self.script.sends_back(row.id, order["id"], n)
        failed = [self.desks.folder.rulebook.review.criteria[0].id] if back else []
        done = self.desks.review(course.number, order["id"], n, failed, key=self._key(row, "review", order["id"], n))
        if order["role"] == "lead" and n == 1:
            clock = next(c for c in done["clocks"] if c["order"] == order["id"])
            course.on_time = clock["replies"][0]["on_time"]
        if back:
            self._later(course, "again", lambda: self._reply(course, order, n + 1), order["id"], n)
            return
        course.approved.add(order["id"])
        if course.approved >= {o["id"] for o in course.live} and not row.anonymous:
            self._later(course, "call", lambda: self._call(course, 0), course.round)

    def _call(self, course: Course, tried: int) -> None:
        row, round_ = course.row, course.round
        mood = self.script.mood(row.id, round_)
        most = self.desks.folder.rulebook.callback.attempts
        key = (round_, tried)
        if mood == "unreachable" or tried < self.script.misses(row.id, round_):
            self.desks.attempt(course.number, "call", reached=False, key=self._key(row, "miss", *key))
            if tried + 1 < most:
                self._later(course, "call", lambda: self._call(course, tried + 1), *key)
            else:
                self._at(self.hours.after(self.now, 2), "post", self._post_once)
            return
        self.desks.open_contact(course.number, key=self._key(row, "contact", *key))
        self.desks.attempt(course.number, "call", reached=True, key=self._key(row, "reach", *key))
        self.desks.tell(course.number, "call", key=self._key(row, "tell", *key))
        if mood == "declines":
            self.desks.decline(course.number, key=self._key(row, "decline", *key))
            return
        content = mood == "satisfied"
        self.desks.evaluate(
            course.number, "m1", solved=content, satisfied=content, key=self._key(row, "evaluate", *key)
        )
        if not content:
            self._later(course, "weigh", lambda: self._weigh(course, mood), round_)

    def _weigh(self, course: Course, mood: str) -> None:
        words = "结果与实际不符，请重新核实办理。" if mood == "rehandle" else "处理于法有据，已向诉求人说明理由。"
        key = self._key(course.row, "weigh", course.round)
        self.desks.judge_dissatisfaction(course.number, mood, words, key=key)
        if mood == "rehandle":
            course.round += 1
            lead = course.lead
            course.approved -= {o["id"] for o in course.live}
            for order in course.live:
                self._later(course, "again", lambda order=order: self._reply_again(course, order), order["id"], course.round)

    def _reply_again(self, course: Course, order: Json) -> None:
        n = 1 + max(r["n"] for r in self.desks.order(course.number, order["id"])["replies"])
        self._reply(course, order, n)

    def _post_once(self) -> None:
        if self.posting != self.now:
            self.posting = self.now
            self._post()

    def _post(self) -> int:
        tasks = [*self.desks.tasks("letter"), *self.desks.tasks("call")]
        for task in tasks:
            key = hashlib.sha256(f"{task['number']}{task['id']}".encode()).hexdigest()
            try:
                self.desks.finish_task(task["number"], task["id"], "delivered", key=key)
            except Refused as refused:
                if refused.code != "wrong-state":
                    raise
        return len(tasks)

    def _key(self, row: Row, *what: Any) -> str:
        words = "\x1f".join(map(str, (row.id, *what)))
        return hashlib.sha256(words.encode()).hexdigest()[:32]
