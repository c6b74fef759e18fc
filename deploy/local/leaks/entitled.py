"""The one table of entitled places: who may be found where, and why. A hit anywhere else is a leak."""

import re
from dataclasses import dataclass
from typing import Final

from deploy.local.leaks.needles import Hit
from deploy.local.leaks.places.place import Piece

_CONTACT: Final = frozenset({"name", "mobile", "email", "address"})
_IDENTITY: Final = _CONTACT | {"work_unit", "occupation"}
_ALL: Final = _IDENTITY | {"landline", "id_card", "wechat"}


@dataclass(frozen=True)
class Entitled:
    """Where (a pattern of a piece's name), which values, whose (only those it is about, or anybody's)."""

    where: re.Pattern[str]
    fields: frozenset[str]
    anybodys: bool
    reason: str

    def covers(self, piece: Piece, hit: Hit) -> bool:
        """Whether the hit may stand in the piece."""
        mine = self.anybodys or hit.person in piece.about
        return mine and hit.field in self.fields and bool(self.where.fullmatch(piece.where))


def _row(where: str, fields: frozenset[str], reason: str, *, anybodys: bool = False) -> Entitled:
    return Entitled(re.compile(where), fields, anybodys, reason)


TABLE: Final = (
    _row(
        r"mail", frozenset({"name", "email"}), "收件人自己的姓名和邮箱 (the addressee's own name and address)"
    ),
    _row(
        r"SMS", frozenset({"name", "mobile"}), "收信人自己的姓名和手机 (the addressee's own name and phone)"
    ),
    _row(
        r"GET notify /tasks/(\*/\*/content|\{number\}/\{message\}/content \[(operator|callback|records)\])",
        _CONTACT,
        "寄信、打电话的人，留痕 (who posts the letter or makes the call; recorded)",
    ),
    _row(
        r"POST feedback /echoes/\*/contact",
        _CONTACT,
        "回访的一次联系方式，留痕 (one contact for one call; recorded)",
    ),
    _row(
        r"POST intake /cases/\*/identity",
        _IDENTITY | {"wechat"},
        "身份保管员凭理由调阅，留痕 (a custodian's opening, with a reason; recorded)",
    ),
    _row(
        r"GET intake /cases/(\*/identity|\{number\}/identity \[callback\])",
        _IDENTITY,
        "经身份保管员准许、在限期内，留痕 (granted to that person for a time; recorded)",
    ),
    _row(
        r"GET intake /calls/(\*/form|\{call\}/form \[operator\])",
        frozenset({"mobile"}),
        "来电弹屏的号码，给接话的人，留痕 (the number that rings, for who takes the call; recorded)",
        anybodys=True,
    ),
    _row(
        r"GET intake /cases/\{number\}/enclosures/\{enclosure\}/receipt \[(operator|records)\]",
        _ALL,
        "凭证回执上的物品说明，给寄件人，留痕 (what lay in the letter, on the slip for its sender; recorded)",
        anybodys=True,
    ),
    _row(
        r"GET intake /drafts/(\*|\{draft\} \[operator\])",
        _ALL,
        "未填完的登记表，给经办人 (a half-typed form, for who holds it)",
        anybodys=True,
    ),
    _row(
        r"GET intake /identity-requests( \[custodian\])?",
        _ALL,
        "调阅申请的理由，给审批的人 (why somebody must know, for the custodian who decides)",
        anybodys=True,
    ),
    _row(
        r"GET dispatch /handlings/\{number\}/orders/\{order\}/replies/\{n\} \[(unit|supervisor|callback)\]",
        _ALL,
        "承办单位自己的原话，给写的人和审核、告知的人 (for who wrote, judges or tells them)",
        anybodys=True,
    ),
    _row(
        r"GET dispatch /handlings/\{number\}/orders/\{order\}/reason \[(dispatcher|leader|supervisor)\]",
        _ALL,
        "退单理由原话，给另找单位的人 (why a unit gave back, for who finds another)",
        anybodys=True,
    ),
    _row(
        r"GET supervision /supervisions/\{number\}/orders/\{order\}/demands \[(unit|leader|supervisor)\]",
        _ALL,
        "退回要求原话，给要照办的单位或负责人 (what is demanded, for the unit or head that must meet it)",
        anybodys=True,
    ),
    _row(
        r"GET feedback /echoes/\{number\}/evaluations/\{matter\}/words \[(callback|supervisor)\]",
        _ALL,
        "诉求人评价原话，留痕 (the complainant's own words; recorded)",
        anybodys=True,
    ),
    _row(
        r"GET intake /cases/\{number\}/files/\{file\} \[(operator|supervisor|records)\]",
        _ALL,
        "原件，给登记、审核、归档的人，留痕 (a file as it came; recorded)",
        anybodys=True,
    ),
    _row(
        r"POST intake /cases/\*/files/f1/quarantine/opening",
        _ALL,
        "隔离中的原件，给凭理由打开的人，留痕 (a shut file, for who opens it with a reason; recorded)",
        anybodys=True,
    ),
    _row(
        r"GET supervision /extensions( \[(supervisor|leader)\])?",
        _ALL,
        "延期理由原话，给批准的人 (why a unit needs more time, for who decides)",
        anybodys=True,
    ),
    _row(
        r"(GET|POST|X\d+) (?!.*\{)(?!feedback .*/contact$)(?!intake .*/identity$)(?!notify .*/content$).*",
        _ALL,
        "自己请求里写的，原样退给自己 (what the asker wrote in that very request)",
    ),
)


def entitled(piece: Piece, hit: Hit) -> Entitled | None:
    """The row that entitles, or None: a leak."""
    return next((row for row in TABLE if row.covers(piece, hit)), None)
