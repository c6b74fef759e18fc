"""The ways in which people write a number so that a machine does not see it."""

import random
from typing import Final

_NUMERALS: Final = str.maketrans("0123456789", "零一二三四五六七八九")
_ALOUD: Final = str.maketrans("0123456789", "〇幺二三四五六七八九")
_FORMAL: Final = str.maketrans("0123456789", "零壹贰叁肆伍陆柒捌玖")
_WIDE: Final = str.maketrans("0123456789", "０１２３４５６７８９")
_CIRCLED: Final = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")


def in_numerals(text: str) -> str:
    """With Chinese numerals for its digits."""
    return text.translate(_NUMERALS)


def spelled(number: str, chance: random.Random) -> str:
    """A mobile number as it comes, half of the time in no trick at all."""
    if chance.random() < 0.4:
        return number
    first, second, third = number[:3], number[3:7], number[7:]
    mixed = "".join(chance.choice((c, c.translate(_NUMERALS), c.translate(_WIDE))) for c in number)
    return chance.choice(
        (
            f"{first} {second} {third}",
            f"{first}-{second}-{third}",
            f"{first}.{second}.{third}",
            f"+86 {number}",
            f"+86-{first}-{second}-{third}",
            f"0086{number}",
            f"(86){number}",
            f"0{number}",
            " ".join(number),
            "-".join(number),
            "、".join(number),
            number.translate(_NUMERALS),
            number.translate(_ALOUD),
            number.translate(_FORMAL),
            number.translate(_WIDE),
            number.translate(_CIRCLED),
            f"{first}　{second}　{third}",
            f"{number[:4]} {number[4:8]} {number[8:]}",
            f"{first}\u200b{second}\u200b{third}",
            f"{first}_{second}_{third}",
            mixed,
        )
    )
