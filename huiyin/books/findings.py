"""What can be wrong in the books: each kind with its words and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

Kind = Literal[
    "number-without-case",
    "no-document",
    "stage",
    "misfiled",
    "unsent",
    "unheard",
    "handled-twice",
    "unsaid",
    "step-missing",
    "event-missing",
    "waiting",
    "parked",
    "order-missing",
    "order-unsaid",
    "clock-missing",
    "clock-without-order",
    "clock-skipped",
    "evaluation-doubled",
    "evaluation-missing",
    "evaluation-unsaid",
    "message-lost",
    "message-doubled",
    "message-unasked",
    "journal-missing",
    "journal-altered",
    "volume",
    "act-missing",
    "number-not-leased",
]


@dataclass(frozen=True)
class Finding:
    """One thing that does not fit. Equal findings are the same fault, whatever the words count.

    `which` names the event, step, order, clock or message, where there is one.
    """

    kind: Kind
    number: str
    service: str
    which: str = ""
    words: str = field(default="", compare=False)


@dataclass(frozen=True)
class Meaning:
    """A kind of fault: its name, and what an operator does about it."""

    name: str
    advice: str


_RESTORE = "从备份核对该件，或由开发人员按流水补正 (compare with a backup; history resend says it again)"
_TAMPERED = (
    "查审计与数据库日志：有人绕过服务改了库 (somebody changed the store: read its logs, compare a backup)"
)

KINDS: Final[Mapping[Kind, Meaning]] = {
    "number-without-case": Meaning("有编号，无诉求 (a number without its case)", _RESTORE),
    "no-document": Meaning("服务没有该件 (a service has no document of the case)", _RESTORE),
    "stage": Meaning("阶段不唯一 (the case does not stand at exactly one stage)", _TAMPERED),
    "misfiled": Meaning("索引与内容不符，查不到该件 (indexed otherwise than its state)", _TAMPERED),
    "unsent": Meaning(
        "说了没有发出 (said and not published)",
        "看该服务的 relay 和 RabbitMQ 是否在运行 (look whether its relay and RabbitMQ run)",
    ),
    "unheard": Meaning(
        "该听到的没有听到 (an event its hearer has not handled)",
        "看该服务的 worker 是否在运行；若在运行，消息已失，须重说 (is its worker running? else say it again)",
    ),
    "handled-twice": Meaning("同一事由办了两次 (one cause handled twice)", _TAMPERED),
    "unsaid": Meaning("听到了没人说过的事 (a step answers to an event that nobody said)", _TAMPERED),
    "step-missing": Meaning("步骤缺号 (steps are not dense)", _TAMPERED),
    "event-missing": Meaning("事件缺号 (events are not dense)", _TAMPERED),
    "waiting": Meaning(
        "待处理过久 (a message waits past its time)",
        "huiyin waiting list 看原因；看 worker 是否在运行 (why it waits; is the worker running?)",
    ),
    "parked": Meaning(
        "有消息搁置 (a message is parked)",
        "huiyin parked show 看内容，改正后 resend，或写明理由 drop (look, mend, send again, or drop it)",
    ),
    "order-missing": Meaning("派出的工单不见了 (an order that was dispatched is not there)", _RESTORE),
    "order-unsaid": Meaning("有工单，没有派单记录 (an order nobody was told of)", _TAMPERED),
    "clock-missing": Meaning("工单没有时限 (an order without its clock)", _RESTORE),
    "clock-without-order": Meaning("有时限，无工单 (a clock without its order)", _TAMPERED),
    "clock-skipped": Meaning(
        "到期没有办 (a clock fell due and its act was not done)",
        "看 supervision 的 worker、dispatch 的 relay 是否在运行，日志有无报错 (do both run? read the log)",
    ),
    "evaluation-doubled": Meaning("同一轮同一事项评价两次 (two evaluations of one matter)", _TAMPERED),
    "evaluation-missing": Meaning("评价不见了 (an evaluation that was recorded is not there)", _RESTORE),
    "evaluation-unsaid": Meaning("有评价，没有记录 (an evaluation nobody was told of)", _TAMPERED),
    "message-lost": Meaning("请求的通知不见了 (a message that was asked for is not there)", _RESTORE),
    "message-doubled": Meaning("同一通知有两份 (a message is there twice)", _TAMPERED),
    "message-unasked": Meaning("有通知，没人请求过 (a message nobody asked for)", _TAMPERED),
    "journal-missing": Meaning("流水缺一行 (a journal row is missing)", _RESTORE),
    "journal-altered": Meaning("流水与所说不符 (a journal row differs from what was said)", _TAMPERED),
    "volume": Meaning("卷宗链条断裂 (a sealed volume's chain does not hold)", _TAMPERED),
    "act-missing": Meaning("已答复的操作没有步骤 (an act that was answered left no step)", _RESTORE),
    "number-not-leased": Meaning("编号未曾取用 (a number that was never leased)", _TAMPERED),
}
assert set(KINDS) == set(get_args(Kind)), "every kind has its words"
