"""Trains on earlier messages and asks for later ones, through the store as intake does.

The messages carry no category, so each gets one by words of its *subject* (`KEYWORDS`, ours), where they
speak for one class alone. The suggestion sees the *body* alone, with all these words taken out.
"""

import csv
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from pymongo.database import Database

from services.intake.domain import suggestion
from services.intake.domain.suggestion import Lesson
from services.intake.store.learning import Learning, sums_of

KEYWORDS: Final[Mapping[str, str]] = {
    "城乡建设": "小区 物业 业主 开发商 违建 公园 路灯 拆迁 公积金 燃气 停水 供水 停电 暖气 绿化 房产证 交房",
    "农村农业": "农民 农村 村民 村委 水库 农田 耕地 养殖 扶贫",
    "政法": "派出所 公安 民警 户口 户籍 法院 诈骗 传销 交警 身份证",
    "教育文体": "学校 小学 中学 幼儿园 教师 老师 学生 补课 入学 教育 高中 大学 学院 培训机构",
    "劳动和社会保障": "社保 工资 养老保险 退休 职称 医保 失业 劳动 公务员 人才",
    "民政": "低保 残疾 养老院 社区居委会 婚姻 墓地 殡葬 退伍 退役",
    "卫生计生": "医院 医生 疫苗 护士 卫生院 计生 二胎 生育 药店",
    "商贸旅游": "电梯 旅游 景区 酒店 超市 食品 消费 售后 退款 传单",
    "环境保护": "污染 噪音 噪声 扰民 油烟 废气 臭味 排污 粉尘 异味",
    "交通运输": "公交 地铁 出租车 滴滴 高铁 快递 公路 的士 客运",
    "国土资源": "土地 征地 国土 宅基地 矿",
}
_WORDS: Final = {word: name for name, words in KEYWORDS.items() for word in words.split()}
_TAKEN_OUT: Final = re.compile("|".join(sorted(_WORDS, key=len, reverse=True)))
_OFFICE: Final = "measured"
_BATCH: Final = 50
#: How much of the messages, the earlier ones, is learnt.
_EARLIER: Final = 0.7


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Shares of the later messages whose class came first, or among the first three; times in ms."""

    learnt: int
    asked: int
    first: float
    among_three: float
    p50_ms: float
    p99_ms: float


def labelled(data: Path) -> list[tuple[str, str]]:
    """Body without the keywords, and class, earliest first."""
    with (data / "messages.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["submitted_at"])
    found = ((row["body"], _class_of(row["subject"])) for row in rows)
    return [(_TAKEN_OUT.sub(" ", body), name) for body, name in found if name]


def names(data: Path) -> dict[str, str]:
    """The upper classes of the catalogue, each with all names below it."""
    below: dict[str, dict[str, None]] = {}
    with (data / "categories.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            below.setdefault(row["level1"], {}).update(dict.fromkeys(row.values()))
    return {name: " ".join(words) for name, words in below.items()}


def measure(database: Database[dict[str, Any]], data: Path, *, shuffled: int | None = None) -> Figures:
    """Learn the earlier messages, in order or `shuffled` by a seed, and ask for the later ones."""
    rows, catalogue, learning = labelled(data), names(data), Learning(database)
    cut = int(len(rows) * _EARLIER)
    earlier, later = rows[:cut], rows[cut:]
    if shuffled is not None:
        random.Random(shuffled).shuffle(earlier)
    for start in range(0, len(earlier), _BATCH):
        _learn(learning, start, earlier[start : start + _BATCH])
    places, times = zip(*_ask(learning, later, catalogue), strict=True)
    spent = sorted(times)
    return Figures(
        learnt=len(earlier),
        asked=len(later),
        first=sum(place == 0 for place in places) / len(later),
        among_three=sum(place < 3 for place in places) / len(later),
        p50_ms=spent[len(spent) // 2],
        p99_ms=spent[int(len(spent) * 0.99)],
    )


def _class_of(subject: str) -> str:
    found = {name for word, name in _WORDS.items() if word in subject}
    return found.pop() if len(found) == 1 else ""


def _learn(learning: Learning, start: int, rows: Sequence[tuple[str, str]]) -> None:
    lessons = [Lesson(category=name, grams=suggestion.asked(body)) for body, name in rows]
    changes: dict[tuple[str, str], dict[str, int]] = {}
    for lesson in lessons:
        for gram, category, by in suggestion.change(None, lesson):
            for row in ((_OFFICE, gram), sums_of(_OFFICE)):
                counts = changes.setdefault(row, {})
                counts[f"n.{category}"] = counts.get(f"n.{category}", 0) + by
        sums = changes.setdefault(sums_of(_OFFICE), {})
        key = f"decisions.{lesson.category}"
        sums[key] = sums.get(key, 0) + 1
    learning.plan(changes, {f"{start + n}": (_OFFICE, one) for n, one in enumerate(lessons)}, [])
    learning.apply()


def _ask(
    learning: Learning, rows: Sequence[tuple[str, str]], catalogue: Mapping[str, str]
) -> Iterator[tuple[int, float]]:
    for body, name in rows:
        began = perf_counter()
        learnt = learning.learnt(_OFFICE, suggestion.asked(body))
        found = [one.category for one in suggestion.suggest(body, learnt, catalogue)]
        yield (found.index(name) if name in found else len(catalogue)), (perf_counter() - began) * 1000
