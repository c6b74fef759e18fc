"""Plants incidents: so many people tell of one thing, each in words of their own.

No two of an incident share a run of more than eight characters; that is checked here, in code.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from tests.likeness.topics import Topic

LONGEST_RUN: Final = 8
_FIRST: Final = "锦栖澜霁砚桐蔚岚沁瑾珞棠泓筠晏"
_SECOND: Final = "溪岭苑桥汀榭湾墅坞渡垭畈埠圩坪"
_OPENERS: Final = (
    "您好，", "", "领导好！", "我要反映", "喂，", "同志，", "麻烦问下，", "投诉一下：", "想请政府管管，",
    "求助！", "在不在？", "跟你们说个事，", "第一次打这个电话，", "急，",
)  # fmt: skip
_WHERE: Final = (
    "我住{p}",
    "{p}这边",
    "位于{p}的",
    "{p}",
    "在{p}附近",
    "{p}的居民",
    "本人家在{p}",
    "{p}旁边",
    "就是{p}那儿",
)
_MARKS: Final = ("，", "。", "！", "，", "；", " ")
_TRIES: Final = 4000


@dataclass(frozen=True)
class Told:
    """One paraphrase of an incident."""

    incident: str
    text: str


def plant(topics: Sequence[Topic], amount: int, seed: int) -> list[list[Told]]:
    """One incident a topic, each at a place of its own, told so many times."""
    chance = random.Random(seed)
    names = _names(len(topics), chance)
    return [_incident(topic, name, amount, chance) for topic, name in zip(topics, names, strict=True)]


def longest_shared_run(one: str, other: str) -> int:
    """How many characters the longest run has that both hold."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.find_longest_match().size


def _names(amount: int, chance: random.Random) -> list[str]:
    """Invented, of two or three characters; no two alike."""
    short = [first + second for first in _FIRST for second in _SECOND]
    long = [first + name for first in _FIRST for name in short if first not in name]
    return [chance.choice((short, long))[n] for n in chance.sample(range(len(short)), amount)]


def _incident(topic: Topic, name: str, amount: int, chance: random.Random) -> list[Told]:
    told: list[str] = []
    for _ in range(_TRIES):
        text = _paraphrase(topic, name, chance)
        if all(longest_shared_run(text, other) <= LONGEST_RUN for other in told):
            told.append(text)
        if len(told) == amount:
            return [Told(name + topic.place + topic.name, text) for text in told]
    raise AssertionError(f"only {len(told)} ways to tell of {topic.name}")


def _paraphrase(topic: Topic, name: str, chance: random.Random) -> str:
    place = name + chance.choice((topic.place, topic.place, ""))
    where = chance.choice(_WHERE).format(p=place)
    kinds = [topic.happening, topic.since, topic.harm, topic.cause, topic.wish, topic.harm]
    chosen = kinds[:1] + chance.sample(kinds[1:], chance.randint(1, 4))
    said = [chance.choice(ways) for ways in chosen]
    chance.shuffle(said)
    said.insert(chance.choice((0, 0, 0, 1)), where)
    words = "".join(word + chance.choice(_MARKS) for word in dict.fromkeys(said))
    return chance.choice(_OPENERS) + words.rstrip("，； ")
