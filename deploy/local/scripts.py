"""How the people around a case behave: decided by a seed and the case number, never by the time."""

import hashlib
from dataclasses import dataclass
from typing import Final, Literal

Pace = Literal["prompt", "when_urged", "when_supervised"]
Mood = Literal["satisfied", "rehandle", "uphold", "unreachable", "declines"]

_OUT_OF: Final = 2**64
_SLOWEST_PROMPT: Final = 4

_RESULTS: Final = (
    "已到现场核实，情况属实，已安排整改并于当日完成，诉求人现场确认。",
    "经调查，相关责任单位已约谈并限期改正，处理结果已当面告知诉求人。",
    "问题已解决：恢复原状并加强日常巡查，后续如有情况请直接联系承办人。",
    "依据现行政策办理完毕，手续齐全，已向诉求人作出解释说明，取得理解。",
)
_CARELESS: Final = "已阅，转相关科室处理。"


@dataclass(frozen=True)
class Script:
    """One way in which all that happens could happen; another seed, another way."""

    seed: int = 1

    def gives_back(self, number: str, order: str) -> bool:
        """Whether the first unit of a matter says: not mine."""
        return order.endswith("-1") and self._chance("back", number, order) < 0.10  # noqa: PLR2004

    def pace(self, number: str, order: str) -> Pace:
        """When the unit answers."""
        chance = self._chance("pace", number, order)
        if chance < 0.13:  # noqa: PLR2004
            return "when_urged"
        return "when_supervised" if chance < 0.24 else "prompt"  # noqa: PLR2004

    def working_days(self, number: str, order: str) -> int:
        """After how many working days a prompt unit answers."""
        return 1 + int(self._chance("days", number, order) * _SLOWEST_PROMPT)

    def asks_time(self, number: str, order: str) -> bool:
        """Whether the unit asks for more time, where the office allows it."""
        return self._chance("time", number, order) < 0.28  # noqa: PLR2004

    def gets_time(self, number: str, order: str) -> bool:
        """Whether the office consents."""
        return self._chance("consent", number, order) < 0.50  # noqa: PLR2004

    def is_careless(self, number: str, order: str) -> bool:
        """Whether the unit's first answer says nothing, and is sent back."""
        return self._chance("careless", number, order) < 0.12  # noqa: PLR2004

    def result(self, number: str, order: str, reply: int) -> str:
        """The unit's words."""
        if reply == 1 and self.is_careless(number, order):
            return _CARELESS
        return _RESULTS[int(self._chance("words", number, order, str(reply)) * len(_RESULTS))]

    def mood(self, number: str, round_: int) -> Mood:
        """What the complainant makes of the result; after a second handling all are content."""
        chance = self._chance("mood", number) if round_ == 1 else 1.0
        for bound, mood in _MOODS:
            if chance < bound:
                return mood
        return "satisfied"

    def withdraws(self, number: str) -> bool:
        """Whether the complainant withdraws while the unit works."""
        return self._chance("withdraw", number) < 0.03  # noqa: PLR2004

    def _chance(self, *what: str) -> float:
        digest = hashlib.sha256("|".join((str(self.seed), *what)).encode()).digest()
        return int.from_bytes(digest[:8]) / _OUT_OF


_MOODS: Final[tuple[tuple[float, Mood], ...]] = (
    (0.08, "rehandle"),
    (0.16, "uphold"),
    (0.24, "unreachable"),
    (0.28, "declines"),
)
