"""Taking over a case that runs in an older system: what it must say for its clocks to go on."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Final

from huiyin.contracts.events import TakenOver
from services.intake.domain.numbers import is_number

#: A date further away than this is a slip of the pen, not a deadline.
_FURTHEST_YEARS: Final = 10

Problem = tuple[str, str]


def problems(
    handed: TakenOver, received_on: date, given: Collection[str], units: Collection[str]
) -> Iterator[Problem]:
    """What the older system's words cannot be; `given` is what the parties told of themselves."""
    if handed.unit not in units:
        yield "taken_over.unit", f"通讯录里没有单位 {handed.unit}"
    if handed.due_on < received_on:
        yield "taken_over.due_on", f"期限不能早于收到之日 {received_on}"
    if handed.due_on.year > received_on.year + _FURTHEST_YEARS:
        yield "taken_over.due_on", f"期限不能晚于收到之后 {_FURTHEST_YEARS} 年"
    if handed.number in given:
        yield "taken_over.number", "原编号不能是当事人的姓名、电话等，它会随工单流转"
    if is_number(handed.number):
        yield "taken_over.number", "与本平台的编号形式相同；本平台之间的搬迁请用备份和恢复"
