"""Identities to plant: made by Faker and by hand, with no word of the redactor's own lists."""

import random
from collections.abc import Callable
from typing import Final

from faker import Faker
from stdnum import luhn
from stdnum.cn import ric

from tests.redaction.spelling import in_numerals, spelled

#: Names that Faker does not make: rare surnames, compound ones, of other peoples, of two characters.
# fmt: off
RARE: Final = (
    "呼延灼华", "钟离春晓", "完颜希尹", "澹台雪见", "逯钦立", "禤国维", "佘赛花", "仉振亮", "郗鉴秋",
    "麴崇裕", "亓文轩", "逄先知", "郏正中", "昝圣骞", "乜晓飞", "母其弥", "苑冬青", "楚怀瑾", "暴国安",
    "厍狄峙", "鱼朝恩", "妫小璐", "斛律光远", "闾丘露薇", "濮存昕", "芮雨桐", "敖日娜", "索南达杰",
    "毕力格", "白玛央金", "古力娜扎尔·拜合提亚尔", "热依扎·阿里木江", "次仁·多吉", "努尔夏提·吾斯曼",
    "艾克拜尔·米吉提", "诺敏·其其格", "佟丽娅", "那英杰", "关晓彤", "金秀贤", "朴志训", "玄彬宇",
    "奉秋实", "盘晓梅", "韦小宝", "侬智高", "戈革命", "车晓东", "项南星", "时光荣", "向阳花", "于海洋",
    "高兴国", "方便明", "安然", "常乐", "任我行", "应采薇", "成龙飞", "路遥知", "和珅德", "曾国强",
    "马上飞", "白晓燕", "黄河清", "石磊",
)
# fmt: on

_HAND_SHARE: Final = 0.3
_REGIONS: Final = ("110105", "310115", "440305", "510107", "420106", "330106", "610113", "230103")
_BANKS: Final = (
    ("622202", 19),
    ("621700", 19),
    ("436742", 16),
    ("524094", 16),
    ("370246", 15),
    ("601382", 19),
)
_SIGNS: Final = ("@", "＠", " @ ", " at ", "[at]", "（at）")
_BUILDINGS: Final = (
    "{b}栋{u}单元{r}室",
    "{b}幢{r}室",
    "{b}号楼{u}单元{r}",
    "{b}座{r}房",
    "{b}-{u}-{r}",
    "{b}栋{r}号",
)
_PLACES: Final = (
    "京",
    "沪",
    "粤",
    "川",
    "鄂",
    "浙",
    "陕",
    "黑",
    "苏",
    "鲁",
    "豫",
    "冀",
    "闽",
    "赣",
    "新",
    "藏",
)
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"


class Identities:
    """Values of every kind, from one seed; `half` (0 or 1) takes that half of the names made by hand."""

    def __init__(self, seed: int, half: int) -> None:
        self._random = random.Random(seed)
        self._faker = Faker("zh_CN")
        self._faker.seed_instance(seed)
        self._rare = RARE[half::2]

    def of(self, kind: str) -> str:
        """One value of the kind, as somebody might write it."""
        return _MAKERS[kind](self)

    def name(self) -> str:
        """A full name."""
        if self._random.random() < _HAND_SHARE:
            return self._random.choice(self._rare)
        return self._faker.name()

    def mobile(self) -> str:
        """A mobile number, plain or not."""
        return spelled(self._digits("1" + self._random.choice("3456789"), 11), self._random)

    def landline(self) -> str:
        """With area code, and perhaps an extension."""
        area = self._random.choice(("010", "021", "0755", "0571", "029", "0451"))
        local = self._digits(self._random.choice("2345678"), 8 if len(area) == 3 else 7)
        joint = self._random.choice(("-", "", " ", "—", "－"))
        form = self._random.choice((f"{area}{joint}{local}", f"（{area}）{local}", f"+86 {area[1:]} {local}"))
        return form + self._random.choice(("", "", "转8012", "-603", "转 15"))

    def local(self) -> str:
        """Seven or eight digits."""
        number = self._digits(self._random.choice("2345678"), self._random.choice((7, 8)))
        return self._random.choice(
            (number, f"{number[:4]}-{number[4:]}", f"{number[:4]} {number[4:]}", in_numerals(number))
        )

    def identity_card(self) -> str:
        """18 places by GB 11643, one in ten with a wrong check digit; or 15, as of old."""
        born = self._faker.date_of_birth(minimum_age=18, maximum_age=90)
        head = f"{self._random.choice(_REGIONS)}{born:%Y%m%d}{self._random.randrange(1000):03d}"
        if self._random.random() < 0.15 and born.year > 1930 and born.year < 2000:
            return f"{head[:6]}{born:%y%m%d}{head[-3:]}"
        card = head + ric.calc_check_digit(head + "0")
        if self._random.random() < 0.1:
            card = card[:-1] + str((int(card[-1], 36) + 1) % 10)
        return self._random.choice(
            (
                card,
                card,
                f"{card[:6]} {card[6:14]} {card[14:]}",
                f"{card[:3]} {card[3:6]} {card[6:10]} {card[10:14]} {card[14:]}",
                _wide(card),
                card.lower(),
            )
        )

    def bank_card(self) -> str:
        """13 to 19 digits that pass Luhn."""
        head, length = self._random.choice(_BANKS)
        body = self._digits(head, length - 1)
        card = body + luhn.calc_check_digit(body)
        fours = " ".join(card[i : i + 4] for i in range(0, len(card), 4))
        return self._random.choice((card, card, fours, fours.replace(" ", "-"), _wide(card)))

    def email(self) -> str:
        """With a sign in many a spelling."""
        return self._faker.ascii_email().replace("@", self._random.choice(_SIGNS))

    def plate(self) -> str:
        """GA 36, or of new energy."""
        head = self._random.choice(_PLACES) + self._random.choice(_LETTERS)
        tail = "".join(self._random.choice("0123456789" * 2 + _LETTERS) for _ in range(3)) + self._digits(
            "", 2
        )
        special = self._random.choice(("学", "警", "挂", "", "", "", ""))
        tail = tail[:4] + special if special else self._random.choice((tail, "D" + self._digits("", 5)))
        joint = self._random.choice(("", "", "·", " ", "•", "-"))
        return f"{head}{joint}{tail}"

    def network(self) -> str:
        """The id behind 微信."""
        word = self._faker.user_name()
        return self._random.choice(
            (f"{word}_{self._digits('', 3)}", f"wxid_{self._digits('', 8)}", f"{word}{self._digits('1', 4)}")
        )

    def qq(self) -> str:
        """Five to eleven digits."""
        number = self._digits(self._random.choice("123456789"), self._random.choice((6, 8, 9, 10)))
        return self._random.choice((number, number, f"{number[:3]} {number[3:]}", in_numerals(number)))

    def household(self) -> str:
        """Building, unit, room: what follows the name of a community."""
        form = self._random.choice(_BUILDINGS)
        floor = self._random.randint(1, 28)
        text = form.format(
            b=self._random.randint(1, 60),
            u=self._random.randint(1, 5),
            r=f"{floor}{self._random.randint(1, 12):02d}",
        )
        return in_numerals(text) if self._random.random() < 0.15 and "-" not in text else text

    def passport(self) -> str:
        """Passports and permits."""
        head = self._random.choice(("E", "G", "C", "H", "M", "W", "E" + self._random.choice("ABCDEFGH")))
        return self._digits(head, 9)

    def order(self) -> str:
        """18 digits of an order, with a day or without; they have no identity card's check digit."""
        while True:
            day = self._faker.date_between("-3y")
            heads = ("", "88", f"{day:%Y%m%d}", f"{day:%y%m%d}", f"{self._digits('', 6)}{day:%Y%m%d}")
            number = self._digits(self._random.choice(heads), 18)
            if ric.calc_check_digit(number) != number[-1]:
                return number

    def _digits(self, head: str, length: int) -> str:
        return head + "".join(self._random.choice("0123456789") for _ in range(length - len(head)))


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in text)


_MAKERS: Final[dict[str, Callable[[Identities], str]]] = {
    "mobile": Identities.mobile,
    "landline": Identities.landline,
    "local": Identities.local,
    "identity card": Identities.identity_card,
    "passport": Identities.passport,
    "bank card": Identities.bank_card,
    "e-mail": Identities.email,
    "plate": Identities.plate,
    "WeChat": Identities.network,
    "QQ": Identities.qq,
    "household": Identities.household,
    "name": Identities.name,
}
KINDS: Final = tuple(_MAKERS)
