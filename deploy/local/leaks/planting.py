"""Where people are planted: a crowd that is handed out one by one, and the words that name them."""

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from deploy.local.leaks.people import Identity

_FULL_WIDTH: Final = str.maketrans("0123456789", "０１２３４５６７８９")
_CHINESE: Final = str.maketrans("0123456789", "零一二三四五六七八九")

#: How people are named in free words: after the usual words, and with their numbers as people spell them.
_INTRODUCED: Final[tuple[Callable[[Identity], str], ...]] = (
    lambda p: f"我叫{p.name}，手机号{p.mobile}。",
    lambda p: f"联系人：{p.name}，电话 {p.mobile[:3]} {p.mobile[3:7]} {p.mobile[7:]}。",
    lambda p: f"本人姓名{p.name}，身份证号{p.id_card}，手机 {p.mobile[:3]}-{p.mobile[3:7]}-{p.mobile[7:]}。",
    lambda p: f"联系人{p.name}，座机{p.landline}，微信号{p.wechat}。",
    lambda p: f"我的名字是{p.name}，邮箱 {p.email}，手机{p.mobile.translate(_FULL_WIDTH)}。",
    lambda p: f"我叫{p.name}，电话{p.mobile.translate(_CHINESE)}。",
    lambda p: (
        f"联系人是{p.name}，家住{p.address}，身份证 {p.id_card[:6]} {p.id_card[6:14]} {p.id_card[14:]}。"
    ),
)


@dataclass
class Crowd:
    """The people to be planted; when all were handed out, it begins again."""

    people: Sequence[Identity]
    #: Where each was planted, by number.
    planted: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    #: Whose case each is, by its number.
    parties: dict[str, list[Identity]] = field(default_factory=dict)
    _at: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, where: str) -> Identity:
        """The next person, to be planted there."""
        with self._lock:
            person = self.people[self._at % len(self.people)]
            self._at += 1
            self.planted[person.number].append(where)
        return person

    def whose(self) -> dict[str, frozenset[int]]:
        """By the number of each case, the numbers of its parties."""
        return {case: frozenset(who.number for who in people) for case, people in self.parties.items()}

    def named(self, where: str) -> str:
        """A sentence that names the next person."""
        return introduced(self.next(where))


def introduced(person: Identity) -> str:
    """A sentence that names a person."""
    return _INTRODUCED[person.number % len(_INTRODUCED)](person)


def told_by(person: Identity) -> str:
    """A sentence with all that a person gives of themselves at registration."""
    return (
        f"本人{person.name}，在{person.work_unit}做{person.occupation}，住{person.address}，"
        f"请打{person.mobile}或写{person.email}。"
    )
