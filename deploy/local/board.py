"""What the live view shows: gathered over HTTP once a second, drawn as one screen or one line."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from deploy.local.play import Play
from huiyin.client.line import Refused
from huiyin.contracts.services import SERVICES, Service

_WEEKDAYS: Final = "一二三四五六日"
_STAGES: Final = (
    ("registered", "已登记", "registered"),
    ("read_by_leader", "待批示", "at the leader"),
    ("dispatched", "已派单", "dispatched"),
    ("handling", "办理中", "handling"),
    ("handled", "已办结", "handled"),
    ("calling_back", "回访中", "calling back"),
    ("evaluated", "已评价", "evaluated"),
    ("concluded", "已答复", "concluded"),
    ("archived", "已归档", "archived"),
)
_CLOCKS: Final = (
    ("running", "计时中", "clocks run"),
    ("due_soon", "三日内到期", "within 3 days"),
    ("overdue", "已超期", "overdue"),
)
_EVENTS: Final = (
    ("order.urged", "催办", "urged"),
    ("supervision.issued", "督办", "supervised"),
    ("order.returned", "退单", "given back"),
    ("reply.returned", "退回重办", "sent back"),
    ("extension.granted", "同意延期", "extended"),
    ("extension.refused", "不同意延期", "refused"),
    ("evaluation.recorded", "评价", "evaluated"),
    ("round.raised", "重新办理", "next round"),
)
_ENDED_MESSAGES: Final = ("message.delivered", "message.failed", "message.uncertain")
_HOURS_WORDS: Final = {True: "样例已全部归档，时钟照常走", False: "模拟办公，几秒一个工作日"}


@dataclass(frozen=True)
class Reading:
    """The numbers of one moment; by office, or by service."""

    now: datetime
    taken: int
    samples: int
    over: bool
    stages: Mapping[str, Mapping[str, int]]
    clocks: Mapping[str, Mapping[str, int]]
    events: Mapping[str, Mapping[str, int]]
    waiting: Mapping[Service, Mapping[str, int]]

    @property
    def messages(self) -> dict[str, int]:
        """Messages to complainants and units: all, ended, still on their way."""
        all_events = sum((Counter(dict(events)) for events in self.events.values()), Counter())
        ended = {name: all_events[name] for name in _ENDED_MESSAGES}
        return {**ended, "open": all_events["message.requested"] - sum(ended.values())}


def read(play: Play, now: datetime, *, over: bool) -> Reading:
    """Ask the services; what does not answer now is shown as nothing."""
    desks = {office: staff.desks for office, staff in play.staff.items()}
    anyone = next(iter(desks.values()))
    return Reading(
        now=now,
        taken=len(play.receipts),
        samples=len(play.samples),
        over=over,
        stages={office: d.stages() for office, d in desks.items()},
        clocks={office: d.clocks() for office, d in desks.items()},
        events={office: d.tally() for office, d in desks.items()},
        waiting={service: anyone.waiting(service)["counts"] for service in SERVICES},
    )


def draw(
    reading: Reading, names: Mapping[str, str], urls: Mapping[Service, str], note: str
) -> RenderableType:
    """The screen."""
    body = Table.grid(padding=(0, 3, 0, 0))
    body.add_row(_stages(reading, names), _course(reading, names))
    return Group(_head(reading), body, _services(reading, urls), _foot(reading, note))


def line(reading: Reading) -> str:
    """The same in one plain line."""
    stages = sum((Counter(dict(s)) for s in reading.stages.values()), Counter())
    clocks = sum((Counter(dict(c)) for c in reading.clocks.values()), Counter())
    events = sum((Counter(dict(e)) for e in reading.events.values()), Counter())
    left = sum(counts["waiting"] + counts["parked"] for counts in reading.waiting.values())
    return (
        f"{_moment(reading.now)}  登记 {sum(stages.values())}  办理中 {stages['handling']}"
        f"  归档 {stages['archived']}  计时 {clocks['running']}  将到期 {clocks['due_soon']}"
        f"  超期 {clocks['overdue']}  催办 {events['order.urged']}  督办 {events['supervision.issued']}"
        f"  退回重办 {events['reply.returned']}  评价 {events['evaluation.recorded']}  待处理消息 {left}"
    )


def _head(reading: Reading) -> Text:
    return Text.assemble(
        ("回音 Huiyin", "bold"),
        f"   {_moment(reading.now)}   样例 {reading.taken}/{reading.samples}   ",
        (_HOURS_WORDS[reading.over], "dim"),
    )


def _stages(reading: Reading, names: Mapping[str, str]) -> Table:
    table = _table("诉求所在阶段 cases by stage", names)
    for stage, word, english in _STAGES:
        _row(table, word, english, [counts.get(stage, 0) for counts in reading.stages.values()])
    _row(table, "合计", "all", [sum(counts.values()) for counts in reading.stages.values()], "bold")
    return table


def _course(reading: Reading, names: Mapping[str, str]) -> Table:
    table = _table("时限与质量 limits and quality", names)
    for name, word, english in _CLOCKS:
        _row(table, word, english, [counts.get(name, 0) for counts in reading.clocks.values()])
    for event, word, english in _EVENTS:
        _row(table, word, english, [counts.get(event, 0) for counts in reading.events.values()])
    return table


def _services(reading: Reading, urls: Mapping[Service, str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("服务 service", "地址与接口文档 address, API docs", "待处理 waiting", "搁置 parked"):
        table.add_column(title, no_wrap=True)
    for service, url in urls.items():
        counts = reading.waiting[service]
        table.add_row(service, f"{url}/docs", str(counts["waiting"]), str(counts["parked"]))
    return table


def _foot(reading: Reading, note: str) -> Text:
    messages = reading.messages
    return Text.assemble(
        f"通知 messages: 送达 {messages['message.delivered']}  在途 {messages['open']}"
        f"  未达 {messages['message.failed']}  不明 {messages['message.uncertain']}\n",
        ("Ctrl-C 停止，下次接着走。令牌 token: .venv/bin/huiyin token --role operator", "dim"),
        (f"\n{note}" if note else "", "yellow"),
    )


def _table(title: str, names: Mapping[str, str]) -> Table:
    table = Table(box=None, title=title, title_justify="left", title_style="bold", pad_edge=False)
    table.add_column("", no_wrap=True)
    table.add_column("", no_wrap=True, style="dim")
    for name in names.values():
        table.add_column(name, justify="right", no_wrap=True, header_style="dim")
    return table


def _row(table: Table, word: str, english: str, counts: list[int], style: str = "") -> None:
    table.add_row(word, english, *(str(n) if n else "[dim]·[/]" for n in counts), style=style)


def _moment(now: datetime) -> str:
    return f"{now:%Y-%m-%d} 周{_WEEKDAYS[now.weekday()]} {now:%H:%M}"


def try_read(play: Play, now: datetime, *, over: bool) -> Reading | str:
    """A reading, or why there is none."""
    try:
        return read(play, now, over=over)
    except Refused as refused:
        return f"{refused}"
