"""E-mail addresses, accounts of social networks, document numbers with letters, number plates."""

import re
from collections.abc import Iterator
from typing import Final

from services.intake.domain.redaction.page import Page, Span

_AT: Final = r"(?:\s?@\s?|\s?[\[({<]\s?(?:at|AT|@|艾特)\s?[\])}>]\s?|\s?艾特\s?|\s(?:at|AT)\s)"
_DOT: Final = r"(?:\s?\.\s?|\s?[\[({<]\s?(?:dot|DOT|点)\s?[\])}>]\s?|\s(?:dot|DOT)\s|点)"
_SIGN: Final = re.compile(_AT)
_MAILBOX: Final = re.compile(r"[A-Za-z0-9_.+-]+$")
_MAILBOX_MOST: Final = 64
_DOMAIN: Final = re.compile(rf"[A-Za-z0-9-]{{1,63}}(?:{_DOT}[A-Za-z0-9-]{{1,24}}){{1,4}}")

_NETWORK: Final = (
    r"(?:[微威薇维]信|微号|加[vV微]|[vV微]信|(?<![A-Za-z])(?:[vV][xX]|[wW][xX]|[wW]e\s?[cC]hat|[wW]ei\s?[xX]in|[qQ]\s?[qQ]|[vV](?=\s?:))(?![A-Za-z])"
    r"|扣扣|企鹅|抖音|快手|微博|小红书|支付宝|[tT]elegram|[wW]hats[aA]pp|陌陌|钉钉)"
)
_FILL: Final = r"(?:号码|号|账号|帐号|帐户|ID|id|Id|同号|名|联系|[:是为加我的搜\s\-—=,(]){0,8}"
_ACCOUNT: Final = re.compile(rf"{_NETWORK}({_FILL})([A-Za-z0-9][A-Za-z0-9_\-]{{4,29}})(?![A-Za-z0-9])")
#: A network's number in groups, or spelled: read in the numeric copy.
_NUMBER: Final = re.compile(rf"{_NETWORK}({_FILL})([1-9](?:[ \-]?[0-9]){{4,11}})(?![0-9])")
_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")
_SURE: Final = re.compile(r"[号:是为Idd加]")

_DOCUMENT: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:[EGDSPeg][0-9]{8}|[Ee][A-HJ-NP-Za-hj-np-z][0-9]{7}|[CWcw][0-9]{8}|[Cc][A-HJ-NP-Za-hj-np-z][0-9]{7}"
    r"|[HMhm][0-9]{8}(?:[0-9]{2})?|[A-Za-z]{1,2}[0-9]{6}\([0-9A]\)|[A-Za-z]{3}[0-9]{12})(?![A-Za-z0-9])"
)
_DATED: Final = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])")
_TOLD_DOCUMENT: Final = re.compile(
    r"(?:护照|通行证|回乡证|台胞证|居住证|居留许可|永居证?|驾驶证|驾照|社会?保障?(?:卡|号)|医保(?:卡|号)|军官证|士兵证|证件|身份证|"
    r"学籍|学号|户口本|户口簿|残疾证|残疾人证|老年证|准考证|病历|住院|就诊卡?|退休证|房产证|不动产权证|出生证)"
    r"(?:号码|号|编号|[:是为\s(,]){0,6}([A-Za-z]{0,4}字?第?[A-Za-z0-9\-]{5,24})(?![A-Za-z0-9\-]|[ ][0-9])"
)
_DIGITS_LEAST: Final = 5

_PROVINCE: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_SPECIAL: Final = "挂学警港澳领试超"
_GAP: Final = r"[ \t·•・.\-—]{0,2}"
_PLATE: Final = re.compile(
    rf"[{_PROVINCE}]{_GAP}[A-Za-z]{_GAP}((?:[A-HJ-NP-Za-hj-np-z0-9]{_GAP}){{4,5}}"
    rf"(?:[A-HJ-NP-Za-hj-np-z0-9](?![A-Za-z0-9])|[{_SPECIAL}]))"
)
_DIPLOMATIC: Final = re.compile(
    rf"使{_GAP}[0-9]{{3}}{_GAP}[0-9]{{3}}(?![0-9])|[0-9]{{3}}{_GAP}[0-9]{{3}}{_GAP}使"
)
_TELLS_PLATE: Final = re.compile(r"车|牌")
_BARE_LEAST: Final = 2


def cut(page: Page) -> None:
    """Cut them; an address that holds a telephone number is cut as an address."""
    page.cut("邮箱", _emails(page.plain))
    page.cut("车牌", _plates(page.plain))
    page.cut("账号", _accounts(page.plain))
    page.cut("账号", _network_numbers(page.numeric))
    page.cut("证件号", _documents(page.plain))


def _emails(text: str) -> Iterator[Span]:
    """From the sign outwards: a search from the left would try every word of the text."""
    for sign in _SIGN.finditer(text):
        domain = _DOMAIN.match(text, sign.end())
        mailbox = _MAILBOX.search(text[max(0, sign.start() - _MAILBOX_MOST) : sign.start()])
        if domain and mailbox:
            yield sign.start() - len(mailbox.group()), domain.end()


def _accounts(text: str) -> Iterator[Span]:
    """A network's name, then what can be an account; a telephone number there is cut as one."""
    for found in _ACCOUNT.finditer(text):
        fill, account = found.groups()
        if _MOBILE.fullmatch(account):
            continue
        if any(c.isdecimal() or c in "_-" for c in account) or _SURE.search(fill):
            yield found.span(2)


def _network_numbers(text: str) -> Iterator[Span]:
    for found in _NUMBER.finditer(text):
        digits = "".join(filter(str.isdecimal, found[2]))
        if not _MOBILE.fullmatch(digits):
            yield found.span(2)


def _documents(text: str) -> Iterator[Span]:
    for found in _DOCUMENT.finditer(text):
        if not _DATED.fullmatch(found.group()[1:]):
            yield found.span()
    for found in _TOLD_DOCUMENT.finditer(text):
        digits = sum(c.isdecimal() for c in found[1])
        # A bare identity number is left to the numbers, which know its groups.
        if digits >= _DIGITS_LEAST and not (found[1].isdecimal() and digits in (15, 17, 18)):
            yield found.span(1)


def _plates(text: str) -> Iterator[Span]:
    """GA 36: province, letter, five places, six for new energy; one figure shows it, two when bare."""
    for found in _PLATE.finditer(text):
        figures = sum(c.isdecimal() for c in found[1])
        told = found[0][-1] in _SPECIAL or _TELLS_PLATE.search(text, max(0, found.start() - 6), found.start())
        if figures >= (1 if told else _BARE_LEAST):
            yield found.span()
    yield from (found.span() for found in _DIPLOMATIC.finditer(text))
