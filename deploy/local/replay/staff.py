"""Everybody who acts in a replay, each over HTTP with the token of the role, each act under a key."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Final, Protocol

from deploy.local.desks import Desks
from deploy.local.replay.course import Course, steps_before_reply
from deploy.local.replay.hours import Hours
from deploy.local.replay.people import filled_in
from deploy.local.replay.script import Act, Mood, Script
from huiyin.client.line import Json, Refused

_NOT_AS_RULED: Final = 422
#: What a unit says where the file has no words of its own.
_RESULT: Final = "已按要求核实办理，情况属实，办理结果已告知诉求人。"
_WEIGHED: Final = {
    "rehandle": "结果与实际不符，请重新核实办理。",
    "uphold": "处理于法有据，已向诉求人说明理由。",
}


class Diary(Protocol):
    """Where people note what they will do, and what time it is."""

    now: datetime

    def note(self, at: datetime, case: str, act: Callable[[], None]) -> None:
        """Have an act done to a case at a moment."""


class Staff:
    """The acts of one office; each notes the next in the diary."""

    def __init__(self, desks: Desks, script: Script, hours: Hours, diary: Diary) -> None:
        self._desks, self._script, self._hours, self._diary = desks, script, hours, diary
        self._book = desks.folder.rulebook
        self._posting: datetime | None = None

    # -- before the reply ------------------------------------------------------------------

    def register(self, course: Course) -> None:
        """The operator takes the message down; what the office does not take is kept with its reason."""
        form = filled_in(course.message, self._script, self._book)
        form["received_at"] = course.received_at.isoformat()
        try:
            course.number = self._desks.register(form, key=_key(course, "register"))["number"]
        except Refused as refused:
            if refused.status != _NOT_AS_RULED:
                raise
            course.refused = "；".join(f"{name}：{why}" for name, why in refused.errors.items())
            course.over = True
            return
        gate = self._book.dispatch.leader_gate == "all"
        course.steps = steps_before_reply(course, self._script, self._hours, gate=gate)
        self._next_step(course)

    def _next_step(self, course: Course) -> None:
        if course.steps:
            act, at = course.steps.pop(0)
            steps = {"note": self._instruct, "accept": self._accept, "choose": self._choose}
            self._note(course, at, lambda: steps[act](course))

    def _instruct(self, course: Course) -> None:
        course.know(self._desks.instruct(course.number, key=_key(course, "instruct")))
        self._next_step(course)

    def _accept(self, course: Course) -> None:
        """The units take what is theirs; one that is to say "not mine" has a step after this one."""
        if not course.orders:
            course.know(self._desks.handling(course.number))
        if not course.live:  # the catalogue leaves it to a person
            self._choose_unit(course)
        if course.steps:
            lead = _lead(course)
            self._desks.give_back(course.number, lead, key=_key(course, "back", lead["id"]))
            course.know(self._desks.handling(course.number))
            self._next_step(course)
            return
        for order in course.live:
            self._accept_order(course, order)

    def _choose(self, course: Course) -> None:
        if not any(order["role"] == "lead" for order in course.live):
            self._choose_unit(course)
        self._next_step(course)

    def _choose_unit(self, course: Course) -> None:
        """The dispatcher sends it to the first unit that did not have it yet."""
        tried = {order["unit"] for order in course.orders.values()}
        all_units = self._desks.folder.units.values()
        units = (u.id for u in all_units if u.type in ("department", "section") and u.successor is None)
        unit = next(unit for unit in units if unit not in tried)
        course.know(self._desks.assign(course.number, "m1", unit, key=_key(course, "choose", unit)))

    def _accept_order(self, course: Course, order: Json) -> None:
        self._desks.accept(course.number, order, key=_key(course, "accept", order["id"]))
        if order["role"] == "lead":
            words = course.message.reply or _RESULT
            self._note(course, course.reply_at, lambda: self._reply(course, order, 1, words))
        else:
            self._later(course, "assist", lambda: self._reply(course, order, 1), order["id"])

    # -- reply and review ------------------------------------------------------------------

    def _reply(self, course: Course, order: Json, n: int, words: str = _RESULT) -> None:
        self._desks.reply(course.number, order, words, key=_key(course, "reply", order["id"], n))
        self._later(course, "review", lambda: self._review(course, order, n), order["id"], n)

    def _review(self, course: Course, order: Json, n: int) -> None:
        """A supervisor judges; what supervision says of the first reply is kept."""
        back = n == 1 and self._script.sends_back(course.id, order["id"])
        failed = [self._book.review.criteria[0].id] if back else []
        key = _key(course, "review", order["id"], n)
        done = self._desks.review(course.number, order["id"], n, failed, key=key)
        if order["role"] == "lead" and n == 1:
            course.on_time = _on_time(done, order["id"])
        if back:
            self._later(course, "again", lambda: self._reply(course, order, n + 1), order["id"], n)
            return
        course.approved.add(order["id"])
        if course.handled:
            self._handled(course)

    def _handled(self, course: Course) -> None:
        if course.message.anonymous:
            course.over = True  # nobody can be called
        else:
            self._later(course, "call", lambda: self._call(course, 0), course.round)

    # -- call-back -------------------------------------------------------------------------

    def _call(self, course: Course, tried: int) -> None:
        mood = self._script.mood(course.id, course.round)
        if mood == "unreachable" or tried < self._script.misses(course.id, course.round):
            self._miss(course, tried)
        else:
            self._reach(course, mood)

    def _miss(self, course: Course, tried: int) -> None:
        key = _key(course, "miss", course.round, tried)
        self._desks.attempt(course.number, "call", reached=False, key=key)
        if tried + 1 < self._book.callback.attempts:
            self._later(course, "call", lambda: self._call(course, tried + 1), course.round, tried)
            return
        course.over = True
        self._later(course, "post", self._post)

    def _reach(self, course: Course, mood: Mood) -> None:
        number, round_, desks = course.number, course.round, self._desks
        desks.open_contact(number, key=_key(course, "contact", round_))
        desks.attempt(number, "call", reached=True, key=_key(course, "reach", round_))
        desks.tell(number, "call", key=_key(course, "tell", round_))
        if mood == "declines":
            desks.decline(number, key=_key(course, "decline", round_))
        else:
            content = mood == "satisfied"
            key = _key(course, "evaluate", round_)
            desks.evaluate(number, "m1", solved=content, satisfied=content, key=key)
        if mood in _WEIGHED:
            self._later(course, "weigh", lambda: self._weigh(course, mood), round_)
        else:
            course.over = True

    def _weigh(self, course: Course, decision: str) -> None:
        """A supervisor weighs the dissatisfaction: handled again, or the result stands."""
        key = _key(course, "weigh", course.round)
        self._desks.judge_dissatisfaction(course.number, decision, _WEIGHED[decision], key=key)
        if decision == "uphold":
            course.over = True
            return
        course.round += 1
        course.approved.clear()
        for order in course.live:
            self._later(course, "again", lambda order=order: self._again(course, order), order["id"], "round")  # type: ignore[misc]

    def _again(self, course: Course, order: Json) -> None:
        replies = self._desks.order(course.number, order["id"])["replies"]
        self._reply(course, order, len(replies) + 1)

    # -- the post --------------------------------------------------------------------------

    def _post(self) -> None:
        """The letters of the day go out, once."""
        if self._posting != self._diary.now:
            self._posting = self._diary.now
            self.clear_work_lists()

    def clear_work_lists(self) -> int:
        """Post every letter and ring everybody on notify's lists; how many there were."""
        tasks = [*self._desks.tasks("letter"), *self._desks.tasks("call")]
        for task in tasks:
            self._finish(task["number"], task["id"])
        return len(tasks)

    def _finish(self, number: str, message: str) -> None:
        key = hashlib.sha256(f"{number}\x1f{message}".encode()).hexdigest()
        try:
            self._desks.finish_task(number, message, "delivered", key=key)
        except Refused as refused:
            if refused.code != "wrong-state":  # a newer one of the same case has just made it idle
                raise

    def _later(self, course: Course, act: Act, then: Callable[[], None], *more: object) -> None:
        at = self._hours.after(course.at, self._script.half_days(act, course.id, *more))
        self._note(course, at, then)

    def _note(self, course: Course, at: datetime, act: Callable[[], None]) -> None:
        """What follows from an act counts from when it was to be done, however busy the hour."""

        def done() -> None:
            course.at = at
            act()

        self._diary.note(at, course.id, done)


def _lead(course: Course) -> Json:
    return next(order for order in course.live if order["role"] == "lead")


def _on_time(supervision: Json, order: str) -> bool:
    clock = next(clock for clock in supervision["clocks"] if clock["order"] == order)
    on_time: bool = clock["replies"][0]["on_time"]
    return on_time


def _key(course: Course, *what: object) -> str:
    """The idempotency key of an act; two replays of one row would ask for the same."""
    return hashlib.sha256("\x1f".join(map(str, (course.id, *what))).encode()).hexdigest()
