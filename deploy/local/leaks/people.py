"""Invented people, made from a seed: nobody real, no two alike, no word shared with the redactor."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from stdnum.iso7064 import mod_11_2

#: 99 is no province, so that nobody has such an identity card.
_CARD_REGION: Final = "990101"
_FAMILY: Final = "乔蒋蔡贾魏薛阎余潘戴夏锺汪田任姜范方石姚谭廖邹熊郝孔崔邱秦顾侯孟龙段雷钱汤尹黎"
_GIVEN: Final = "澍琰骞翀玥霁弈瑄煜懿珩翊昶晗钰莘霏祺婵绮筠蓁瑾芮菡嫣璟昕瀚潇逸恺樾泓湉嵘岚屹"
_LANES: Final = (
    "柳絮",
    "藕塘",
    "棉花",
    "豆芽",
    "铁匠",
    "箍桶",
    "丝网",
    "灯芯",
    "皂荚",
    "磨刀",
    "酱园",
    "竹篾",
)
_MAKERS: Final = (
    "云杉",
    "青釉",
    "飞鹭",
    "银杏",
    "墨斗",
    "海盐",
    "铜铃",
    "山楂",
    "梧桐",
    "白鲸",
    "红薯",
    "芦苇",
)
_GOODS: Final = (
    "五金",
    "纸箱",
    "纽扣",
    "风筝",
    "陶瓷",
    "雨伞",
    "毛巾",
    "玻璃",
    "木梳",
    "灯具",
    "拉链",
    "粉丝",
)
_FIRMS: Final = ("加工厂", "有限公司", "合作社", "经营部", "研究所")
_CRAFTS: Final = ("校准员", "装配工", "修复师", "质检员", "绘图员", "配送员", "养护工", "调试员", "打样师")
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz"


@dataclass(frozen=True)
class Identity:
    """One invented person; `number` is how a report names them."""

    number: int
    name: str
    mobile: str
    landline: str
    id_card: str
    lane: str
    door: str
    email: str
    wechat: str
    work_unit: str
    occupation: str

    @property
    def address(self) -> str:
        """Where they live, with house and room."""
        return f"{self.lane}{self.door}"


def people(amount: int, seed: int) -> list[Identity]:
    """So many people, numbered from 1; the same seed gives the same."""
    return list(_people(amount, random.Random(seed)))  # noqa: S311  repeatable, not secret


def _people(amount: int, chance: random.Random) -> Iterator[Identity]:
    names = chance.sample([f + a + b for f in _FAMILY for a in _GIVEN for b in _GIVEN if a != b], amount)
    mobiles = chance.sample(range(10**8), amount)
    landlines = chance.sample(range(10**6), amount)
    doors = chance.sample([(h, r) for h in range(1001, 3999) for r in range(1001, 3999, 7)], amount)
    works = [m + g + f for m in _MAKERS for g in _GOODS for f in _FIRMS]
    jobs = [m + g + c for m in _MAKERS for g in _GOODS for c in _CRAFTS]
    work_units, occupations = chance.sample(works, amount), chance.sample(jobs, amount)
    for n in range(amount):
        house, room = doors[n]
        handle = "".join(chance.choices(_LETTERS, k=6)) + f"{chance.randrange(10**4):04}"
        yield Identity(
            number=n + 1,
            name=names[n],
            mobile=f"1{chance.choice('35789')}{chance.randrange(10)}{mobiles[n]:08}",
            landline=f"0{chance.choice(('591', '771', '931'))}-6{landlines[n]:06}",
            id_card=_id_card(chance),
            lane=f"{chance.choice(_LANES)}巷",
            door=f"{house}号{chance.randrange(2, 60)}栋{room}室",
            email=f"{handle}@{chance.choice(_LETTERS)}post.example",
            wechat=f"{chance.choice(_LETTERS)}{chance.choice(_LETTERS)}_{handle[::-1]}",
            work_unit=work_units[n],
            occupation=occupations[n],
        )


def _id_card(chance: random.Random) -> str:
    year, month, day = chance.randrange(1945, 2005), chance.randrange(1, 13), chance.randrange(1, 29)
    body = f"{_CARD_REGION}{year}{month:02}{day:02}{chance.randrange(1000):03}"
    return body + mod_11_2.calc_check_digit(body)
