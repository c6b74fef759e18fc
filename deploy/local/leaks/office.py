"""Offices at work whose every written word names somebody: desks and scripts for `Staff`."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, get_args

from deploy.local.desks import Desks
from deploy.local.leaks.planting import Crowd
from deploy.local.scripts import Mood, Pace, Script
from huiyin.client.line import Json, Refused

Course = Literal[
    "ordinary",
    "given_back",
    "sent_back",
    "more_time",
    "no_more_time",
    "late",
    "rehandle",
    "uphold",
    "unreachable",
    "declines",
    "withdrawn",
    "on_the_spot",
]
COURSES: Final[tuple[Course, ...]] = get_args(Course)
_MOODS: Final[Mapping[Course, Mood]] = {
    "rehandle": "rehandle",
    "uphold": "uphold",
    "unreachable": "unreachable",
    "declines": "declines",
}
_WORKING_DAYS: Final[Mapping[Course, int]] = {"withdrawn": 10_000, "more_time": 1, "no_more_time": 1}
#: How words are kept back of whom the view is restricted.
_KEPT_BACK: Final = ("not-disclosed", "restricted")


class PlantingDesks(Desks):
    """One office's desks; what staff and complainants write there names somebody new each time."""

    def __init__(self, desks: Desks, crowd: Crowd) -> None:
        super().__init__(desks.line, desks.folder)
        self._crowd = crowd
        self._said: dict[str, str] = {}

    def withdraw(self, number: str, reason: str, key: str | None = None) -> Json:
        """The complainant withdraws."""
        return super().withdraw(number, self._named(reason, key), key)

    def instruct(self, number: str, text: str = "请按职责办理。", key: str | None = None) -> Json:
        """A leader reads and instructs."""
        return super().instruct(number, self._named(text, key), key)

    def orders(self, unit: str, state: str) -> list[Json]:
        """A unit's orders in a state, and what a leader holds as its head."""
        head = self.folder.people.get(self.folder.units[unit].leader or "")
        own = super().orders(unit, state)
        if head is None or "leader" not in head.roles:
            return own
        leader = self.member(head.subject)
        return own + leader.all("dispatch", "/orders", "orders", state=state)

    def give_back(
        self, number: str, order: Json, reason: str = "不属于本单位职责。", key: str | None = None
    ) -> Json:
        """The unit says: not mine."""
        return super().give_back(number, order, self._named(reason, key), key)

    def reply(
        self, number: str, order: Json, text: str, *, final: bool = True, key: str | None = None
    ) -> Json:
        """The unit's result."""
        return super().reply(number, order, self._named(text, key), final=final, key=key)

    def ask_more_time(
        self, number: str, order: Json, until: date, reason: str = "需多方取证。", key: str | None = None
    ) -> Json:
        """The unit asks for more time."""
        return super().ask_more_time(number, order, until, self._named(reason, key), key)

    def decide_more_time(
        self, number: str, extension: str, *, granted: bool, reason: str = "", key: str | None = None
    ) -> Json:
        """The office says yes or no."""
        named = self._named(reason, key)
        return super().decide_more_time(number, extension, granted=granted, reason=named, key=key)

    def review(
        self,
        number: str,
        order: str,
        reply: int,
        failed: Sequence[str] = (),
        demands: str = "请补充事实依据并当面沟通。",
        key: str | None = None,
    ) -> Json:
        """The office judges a reply."""
        named = self._named(demands, key) if failed else demands
        return super().review(number, order, reply, failed, named, key)

    def judge_dissatisfaction(
        self, number: str, decision: str, explanation: str, key: str | None = None
    ) -> Json:
        """`rehandle` or `uphold`."""
        return super().judge_dissatisfaction(number, decision, self._named(explanation, key), key)

    def evaluate(
        self,
        number: str,
        matter: str,
        *,
        solved: bool,
        satisfied: bool,
        reached: bool = True,
        words: str = "",
        key: str | None = None,
    ) -> Json:
        """What the complainant said of the result."""
        named = self._named(words, key)
        return super().evaluate(
            number, matter, solved=solved, satisfied=satisfied, reached=reached, words=named, key=key
        )

    def finish_task(self, number: str, message: str, outcome: str, key: str | None = None) -> Json:
        """Who posts a letter or rings reads first what is to be said; not if that is restricted."""
        try:
            self.role("callback").get("notify", f"/tasks/{number}/{message}/content")
        except Refused as refused:
            if refused.code not in _KEPT_BACK:
                raise
            outcome = "failed"
        return super().finish_task(number, message, outcome, key)

    def _results(self, failed: Sequence[str]) -> list[Json]:
        results = super()._results(failed)
        for result in (r for r in results if "reason" in r):
            result["reason"] += self._crowd.named("finding")
        return results

    def _named(self, words: str, key: str | None) -> str:
        """The words and somebody's name; the same act says the same again."""
        key = key or ""
        if key not in self._said:
            self._said[key] = f"{words}{self._crowd.named(key)}"
        return self._said[key]


def ordinarily() -> defaultdict[str, Course]:
    """The courses by number; of what nobody meant for anything, the ordinary one."""
    return defaultdict(lambda: "ordinary")


@dataclass(frozen=True)
class Courses(Script):
    """Every case by the course that was meant for it, by number."""

    meant: defaultdict[str, Course] = field(default_factory=ordinarily)

    def gives_back(self, number: str, order: str) -> bool:
        """The first unit only."""
        return order.endswith("-1") and self.meant[number] == "given_back"

    def pace(self, number: str, _order: str) -> Pace:
        """Late ones wait for written supervision."""
        return "when_supervised" if self.meant[number] == "late" else "prompt"

    def working_days(self, number: str, _order: str) -> int:
        """At once, but for those who withdraw first, and who wait for a word on their time."""
        return _WORKING_DAYS.get(self.meant[number], 0)

    def asks_time(self, number: str, _order: str) -> bool:
        """Two courses ask for more time."""
        return self.meant[number] in {"more_time", "no_more_time"}

    def gets_time(self, number: str, _order: str) -> bool:
        """One of the two gets it."""
        return self.meant[number] == "more_time"

    def is_careless(self, number: str, _order: str) -> bool:
        """One is sent back."""
        return self.meant[number] == "sent_back"

    def mood(self, number: str, round_: int) -> Mood:
        """After a second handling all are content."""
        return _MOODS.get(self.meant[number], "satisfied") if round_ == 1 else "satisfied"

    def withdraws(self, number: str) -> bool:
        """One course."""
        return self.meant[number] == "withdrawn"
