"""A case as a person reads it at a terminal: a head, and a small table for each part there is."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from rich.console import RenderableType

from huiyin.cli.moments import shown
from huiyin.cli.saying import pairs, table
from huiyin.client.line import Json

_MATTERS: Final = {
    "id": "事项 matter",
    "kind": "类型 kind",
    "category": "类别 category",
    "area": "区域 area",
    "place": "地点 place",
    "text": "诉求 text",
    "wish": "愿望 wish",
}
_PARTIES: Final = {
    "id": "当事方 party",
    "role": "身份 role",
    "anonymous": "匿名 anonymous",
    "name": "姓名 name",
    "phone": "电话 phone",
    "email": "邮箱 mail",
    "address": "地址 address",
    "work_unit": "单位 work unit",
    "occupation": "职业 occupation",
}
_ORDERS: Final = {
    "id": "工单 order",
    "unit": "单位 unit",
    "role": "主协办 role",
    "round": "轮 round",
    "state": "状态 state",
    "dispatched_at": "派出 dispatched",
    "due_on": "期限 due",
}
_LIMITS: Final = {
    "order": "工单 order",
    "reason": "缘由 why",
    "start": "起算 from",
    "due_on": "期限 due",
    "provisional": "暂定 provisional",
    "expired": "已超期 expired",
}
_REPLIES: Final = {
    "order": "工单 order",
    "n": "答复 reply",
    "round": "轮 round",
    "submitted_at": "提交 submitted",
    "on_time": "按时 on time",
    "verdict": "审核 verdict",
}
_SLIPS: Final = {
    "id": "单号 slip",
    "kind": "种类 kind",
    "order": "工单 order",
    "due_on": "期限 due",
    "issued_at": "发出 issued",
    "withdrawn_by": "撤回 withdrawn by",
}
_EXTENSIONS: Final = {
    "id": "延期 extension",
    "order": "工单 order",
    "until": "延至 until",
    "state": "状态 state",
}
_EVALUATIONS: Final = {
    "matter": "事项 matter",
    "reached": "联系 reached",
    "solved": "解决 solved",
    "satisfied": "满意 satisfied",
    "at": "时间 at",
}
_MESSAGES: Final = {
    "template": "消息 message",
    "addressee": "收件 to",
    "media": "途径 by",
    "state": "状态 state",
    "since": "自 since",
    "reason": "缘由 why",
}
_TIMES: Final = ("start", "dispatched_at", "submitted_at", "issued_at", "since", "at")


def people(number: str, found: Json) -> Iterator[RenderableType]:
    """The parts of a case that were found."""
    if "case" in found:
        yield from _case(number, found["case"])
    if "identity" in found:
        yield _part("身份 identity (留痕 recorded)", _PARTIES, _identities(found["identity"]))
    if "handling" in found:
        yield _part("工单 orders", _ORDERS, found["handling"]["orders"])
    if "supervision" in found:
        yield from _supervision(found["supervision"])
    if "echo" in found:
        yield from _echo(found["echo"])
    if "messages" in found:
        yield _part("消息 messages", _MESSAGES, map(_message, found["messages"]["messages"]))


def _case(number: str, case: Json) -> Iterator[RenderableType]:
    yield pairs(
        {
            "编号 number": number,
            "阶段 stage": f"{case['stage']}（第 {case['round']} 轮 round）",
            "渠道 channel": case["channel"],
            "类别 class": "、".join(
                filter(None, [case["difficulty"], case["legal_class"], case["priority"]])
            ),
            "标记 flags": case["flags"],
            "收到 received": shown(case["received_at"]),
            "受理 accepted": shown(case["accepted_at"]),
            "结果 outcome": case["outcome"],
            "卷宗 volume": (case["volume"] or "")[:16],
        }
    )
    yield _part("事项 matters", _MATTERS, case["matters"])


def _supervision(supervision: Json) -> Iterator[RenderableType]:
    clocks = supervision["clocks"]
    yield _part("期限 dates", _LIMITS, ({"order": c["order"], **x} for c in clocks for x in c["limits"]))
    yield _part("答复 replies", _REPLIES, ({"order": c["order"], **r} for c in clocks for r in c["replies"]))
    yield _part("催办督办 slips", _SLIPS, supervision["slips"])
    yield _part("延期 extensions", _EXTENSIONS, supervision["extensions"])


def _echo(echo: Json) -> Iterator[RenderableType]:
    tried = f"{len(echo['attempts'])} 次联系 attempts, {len(echo['told'])} 次告知 told"
    yield f"\n回访 echo: {echo['state']}，{tried}，结果 outcome: {echo['outcome'] or '—'}"
    if echo["evaluations"]:
        yield _part("评价 evaluations", _EVALUATIONS, echo["evaluations"])


def _message(message: Json) -> Json:
    return {**message, "media": [attempt["medium"] for attempt in message["attempts"]]}


def _identities(parties: list[Json]) -> Iterator[Json]:
    for party in parties:
        yield {**party, **party["identity"]}


def _part(title: str, columns: Mapping[str, str], rows: Any) -> RenderableType:
    readable = [{**row, **{name: shown(row[name]) for name in _TIMES if name in row}} for row in rows]
    return table(columns, readable, f"\n{title}")
