"""Names after the words that introduce one: 我叫, 姓名, 联系人, 本人, 业主 …

What is introduced surely (我叫, 姓名：) is a name when it begins by a surname and is no other word;
after a word that stands in any sentence (本人, 我是) something must also show where the name ends.
A name that was found is cut wherever else it stands.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from services.intake.domain.redaction import words
from services.intake.domain.redaction.page import HAN, Page, Span

_SPEAKER: Final = (
    r"联\s?系\s?人|申请人|投诉人|反映人|举报人|检举人|信访人|上访人|来信人|来访人|来电人|写信人|诉求人|求助人|当事人"
    r"|户主|业主|房主|家长|监护人|委托人|代理人|受害人|受害者|患者|承租人|租客|租户|购房人|开户人|缴费人|留言人|咨询人|报修人"
)
#: Whom a complaint speaks of: what comes behind is a name less often.
_OTHERS: Final = (
    r"病人|死者|伤者|借款人|购买人|村民|居民|市民|住户|群众|学生|孩子|小孩|儿子|女儿|丈夫|妻子|爱人|老公|老婆|母亲|父亲"
    r"|妈妈|爸爸|奶奶|爷爷|外婆|外公|哥哥|弟弟|姐姐|妹妹|老人|婆婆|公公|岳父|岳母"
)
_SURE: Final = re.compile(
    r"(?:我叫做?|我名叫|名叫|我名字叫|我的名字[是叫为]?|(?:他|她|孩子|儿子|女儿|其)?名字[是叫为]|本人名叫|本人叫|我全名|本名[是叫为]?|真名[是叫为]?|大名叫?|"
    r"(?:本人|真实)?姓\s?名[是叫为]?|署名[是为]?|签名[是为]?|落款[是为]?)[:\s,\"“‘《(]{0,3}"
)
_LABEL: Final = re.compile(
    rf"(?:{_SPEAKER}|{_OTHERS}|名字|本人|签字|经手人|收件人|称呼|落款|署名|签名)(?:姓名|名字)?\s?(?:[:]|[是叫为](?=\s))[\s\"“]{{0,3}}"
)
_WEAK: Final = re.compile(
    rf"(?:{_SPEAKER}|本人|我是|我系|我就是|这里是|我们是|请找|请联系|可联系|联系|请与|敬礼[!。]?)(?:姓名|名字)?[是系为叫,(\s]{{0,2}}"
)
_OF_OTHERS: Final = re.compile(rf"(?:{_OTHERS})(?:姓名|名字)?[是系为叫,(\s]{{0,2}}")
_FAMILY: Final = re.compile(r"(?:我|本人|免贵|鄙人)\s?姓[:\s]?")
_SOUNDS: Final = re.compile(r"(?:my name is|i am|i'm|name\s?:)\s{0,2}", re.IGNORECASE)
_LATIN: Final = re.compile(
    r"[A-Z][a-z'’\-]{1,20}(?:[ \-·][A-Z][a-z'’\-]{1,20}){0,3}|[A-Z]{2,15}(?: [A-Z]{2,15}){1,2}"
)
_DOTTED: Final = re.compile(
    rf"[{HAN}]{{1,8}}(?:\s?[·•・‧∙]\s?[{HAN}]{{1,8}}){{1,4}}|[{HAN}]{{2,8}}\.[{HAN}]{{2,8}}"
)
#: A short name is often spaced, to be as broad as the others (张 三).
_SPACED: Final = re.compile(rf"([{HAN}])\s([{HAN}])(?:\s?[{HAN}])?(?=[\s,。;、)]|$)")
_ONE: Final = re.compile(rf"[{HAN}]")
_ANY: Final = re.compile(rf"[{HAN}]{{2,4}}(?=[\s,。、;:()!?0-9A-Za-z\x00]|$)")
_GIVEN_MOST: Final = 2
_WORDY_LEAST: Final = 3
_AGAIN_LEAST: Final = 2
#: A surname, too; but 家长和老师 is so much more often two people than one.
_AND: Final = "和"

_Way = tuple[re.Pattern[str], Callable[[str, int], int | None]]
_LAST_PART: Final = 4  # the most that a part behind the last dot has when nothing ends it


def cut(page: Page) -> None:
    """Cut the names, and then each of them wherever it stands, when it is surely no other word."""
    sure, weak = set(_introduced(page.plain, _SURELY)), set(_introduced(page.plain, _PERHAPS))
    again = {page.plain[start:end] for start, end in sure}
    again |= {page.plain[start:end] for start, end in weak if end - start > _AGAIN_LEAST}
    page.cut("姓名", sorted(sure | weak))
    for name in sorted(again, key=len, reverse=True):
        if len(name) > 1:
            page.cut("姓名", _everywhere(page.plain, name))


def _everywhere(text: str, name: str) -> Iterator[Span]:
    at = text.find(name)
    while at >= 0:
        yield at, at + len(name)
        at = text.find(name, at + len(name))


def _introduced(text: str, ways: Iterable[_Way]) -> Iterator[Span]:
    for pattern, read in ways:
        for found in pattern.finditer(text):
            end = read(text, found.end())
            if end is not None:
                yield found.end(), end


def _sure(text: str, at: int) -> int | None:
    certain = _dotted(text, at) or _titled(text, at) or _chinese(text, at, needs_end=False)
    return certain or _spaced(text, at) or _unknown(text, at) or _latin(text, at)


def _unknown(text: str, at: int) -> int | None:
    """A surname that is in no list, when what stands there is short, ends well and is no other word."""
    found = _ANY.match(text, at)
    return found.end() if found and _may_be_name(found.group()) and not _ends_at(text, at) else None


def _spaced(text: str, at: int) -> int | None:
    found = _SPACED.match(text, at)
    return found.end() if found and found[1] in words.SURNAMES else None


def _weak(text: str, at: int) -> int | None:
    if text.startswith(_AND, at):
        return None
    return _dotted(text, at) or _titled(text, at) or _chinese(text, at, needs_end=True)


def _of_others(text: str, at: int) -> int | None:
    common = text[at : at + 1] in words.COMMON_SURNAMES or text[at : at + 2] in words.COMPOUND_SURNAMES
    return _weak(text, at) if common or "·" in text[at : at + 9] else None


def _family(text: str, at: int) -> int | None:
    if text[at : at + 2] in words.COMPOUND_SURNAMES:
        return at + 2
    return at + 1 if text[at : at + 1] in words.SURNAMES else None


def _latin(text: str, at: int) -> int | None:
    found = _LATIN.match(text, at)
    return found.end() if found else None


def _titled(text: str, at: int) -> int | None:
    """A surname and 先生, 女士 …, or 某, which may stand for a part of the name only (张某明)."""
    end = _family(text, at)
    title = next((t for t in words.TITLES if text.startswith(t, end)), None) if end else None
    if end is None or title is None:
        return None
    end += len(title)
    goes_on = (
        title == "某" and _ONE.match(text, end) and not _surely_ends(text, end) and not _ends_at(text, end)
    )
    return end + 1 if goes_on else end


def _dotted(text: str, at: int) -> int | None:
    """A name of several parts (阿卜杜拉·买买提); its last part ends before what is no name."""
    found = _DOTTED.match(text, at)
    if not found:
        return None
    last = max(found.group().rfind(dot) for dot in "·•・‧∙.") + at + 1
    end = next((n for n in range(last + 2, found.end()) if _ends_dotted(text, n)), found.end())
    certain = end < found.end() or end - last <= _LAST_PART or not _ONE.match(text, end)
    return end if certain else last + _LAST_PART


def _ends_dotted(text: str, at: int) -> bool:
    return text[at] in "的是在" or text[at : at + 2] in words.BEHIND or text[at] in words.SURELY_BEHIND


def _chinese(text: str, at: int, *, needs_end: bool) -> int | None:
    """Surname and one or two characters; the longer reading that ends well is taken."""
    family = _family(text, at)
    if family is None:
        return None
    end = family
    while end - family < _GIVEN_MOST and _ONE.match(text, end) and not _ends_at(text, end):
        end += 1
    if end == family:
        return None
    if needs_end and text[at] in words.WORDY and end - at < _WORDY_LEAST:
        return None
    for stop in range(end, family, -1):
        if needs_end and not _surely_ends(text, stop):
            continue
        if _may_be_name(text[at:stop]) or (not needs_end and _stands_alone(text, at, stop)):
            return stop
    return None


def _stands_alone(text: str, at: int, end: int) -> bool:
    """A whole name of three after a sure word, though it begins like another word: 我叫高兴国。"""
    whole = end - at > _AGAIN_LEAST and not _ONE.match(text, end)
    return whole and not text[at:end].endswith(words.NOT_NAME_ENDS)


def _may_be_name(name: str) -> bool:
    return (
        name[:2] not in words.NOT_NAMES
        and not name.endswith(words.NOT_NAME_ENDS)
        and name not in words.NOT_NAMES
    )


def _ends_at(text: str, at: int) -> bool:
    return text[at] in words.NOT_GIVEN or text[at : at + 2] in words.BEHIND


def _surely_ends(text: str, at: int) -> bool:
    following = text[at : at + 2]
    return (
        not following
        or not _ONE.match(following)
        or following[0] in words.SURELY_BEHIND
        or following in words.SURELY_BEHIND
    )


_SURELY: Final[tuple[_Way, ...]] = ((_LABEL, _sure), (_SURE, _sure), (_FAMILY, _family), (_SOUNDS, _latin))
_PERHAPS: Final[tuple[_Way, ...]] = ((_WEAK, _weak), (_OF_OTHERS, _of_others))
