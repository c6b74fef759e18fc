"""The books of a demo: every number, every stage, every arrow of the picture, asked by HTTP."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from deploy.local.play import Play
from huiyin.client.line import Json
from huiyin.contracts.services import SERVICES

LEAST: Final = 5

#: The arrows of the picture, by the events that travel along them.
ARROWS: Final = (
    ("登记编号", "numbered and registered", "case.registered"),
    ("请示领导", "the leader is asked", "instruction.asked"),
    ("领导批示", "the leader instructs", "instruction.given"),
    ("目录未覆盖，人工定", "a person chooses the unit", "catalogue.gap_found"),
    ("派单", "dispatched", "order.dispatched"),
    ("接单", "accepted", "order.accepted"),
    ("退单", "given back", "order.returned"),
    ("定时限", "a date is set", "deadline.set"),
    ("催办", "urged", "order.urged"),
    ("督办", "supervised in writing", "supervision.issued"),
    ("申请延期", "more time asked", "extension.asked"),
    ("同意延期", "more time granted", "extension.granted"),
    ("不同意延期", "more time refused", "extension.refused"),
    ("答复", "replied", "reply.submitted"),
    ("退回重办", "sent back", "reply.returned"),
    ("审核通过", "approved", "reply.approved"),
    ("办结", "handling completed", "handling.completed"),
    ("开始回访", "echo opened", "echo.opened"),
    ("联系", "contact attempted", "contact.attempted"),
    ("告知结果", "result told", "result.told"),
    ("评价", "evaluated", "evaluation.recorded"),
    ("不满意", "dissatisfied", "evaluation.dissatisfied"),
    ("重新办理", "next round", "round.raised"),
    ("维持原结果", "upheld", "result.upheld"),
    ("回音完成", "echo completed", "echo.completed"),
    ("办结告知", "concluded", "case.concluded"),
    ("请求通知", "message requested", "message.requested"),
    ("通知送达", "message delivered", "message.delivered"),
    ("各服务结卷", "part closed", "part.closed"),
)


@dataclass(frozen=True)
class Books:
    """What was counted; `problems` is empty when everything adds up."""

    cases: int
    archived: int
    events: Counter[str]
    outcomes: Counter[str]
    problems: tuple[str, ...]


def audit(play: Play) -> Books:
    """Ask for every case and its journal, and for what is left over in each service."""
    cases = [case for office in play.staff for case in _cases(play, office)]
    events = Counter(row["type"] for case in cases for row in case["journal"])
    return Books(
        cases=len(cases),
        archived=sum(case["stage"] == "archived" for case in cases),
        events=events,
        outcomes=Counter(str(case["outcome"]) for case in cases),
        problems=(*_missing(play, cases), *_unfinished(cases), *_thin_arrows(events), *_left_over(play)),
    )


def _cases(play: Play, office: str) -> list[Json]:
    desks, numbers = play.staff[office].desks, play.numbers(office)
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda n: {**desks.case(n), "journal": desks.journal(n)}, numbers))


def _missing(play: Play, cases: list[Json]) -> list[str]:
    """Every sample has one number, every number one case at one stage, and there are no others."""
    numbers = {case["number"] for case in cases}
    stages = sum(play.stages().values())
    wrong = []
    if len(cases) != len(play.samples) or len(numbers) != len(cases):
        wrong.append(f"{len(play.samples)} 件样例，{len(numbers)} 个编号 (samples and numbers differ)")
    if stages != len(cases):
        wrong.append(f"各阶段合计 {stages} 件，应为 {len(cases)} 件 (stages do not add up)")
    return wrong


def _unfinished(cases: list[Json]) -> list[str]:
    return [
        f"{case['number']} 停在 {case['stage']}，第 {case['round']} 轮 (not archived)"
        for case in cases
        if case["stage"] != "archived"
    ]


def _thin_arrows(events: Counter[str]) -> list[str]:
    return [
        f"{name} ({event}) 只走了 {events[event]} 次，应不少于 {LEAST} 次 (too few)"
        for name, _, event in ARROWS
        if events[event] < LEAST
    ]


def _left_over(play: Play) -> list[str]:
    desks = next(iter(play.staff.values())).desks
    counts = {service: desks.waiting(service)["counts"] for service in SERVICES}
    return [
        f"{service}: {n} 条消息 {state} (messages left)"
        for service, by_state in counts.items()
        for state, n in by_state.items()
        if n
    ]
