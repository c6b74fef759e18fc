"""What is known of one message's case while it is played."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from deploy.local.replay.hours import Hours
from deploy.local.replay.reading import Message
from deploy.local.replay.script import Act, Script
from huiyin.client.line import Json


@dataclass
class Course:
    """One message's way; `on_time` is what supervision said of the first reply, `refused` why the office
    did not take the message.

    `steps` are what the office and the unit still do before the reply, each with its moment.
    """

    message: Message
    received_at: datetime
    reply_at: datetime
    #: When the last act was to be done.
    at: datetime = field(init=False)
    number: str = ""
    steps: list[tuple[Act, datetime]] = field(default_factory=list)
    orders: dict[str, Json] = field(default_factory=dict)
    approved: set[str] = field(default_factory=set)
    round: int = 1
    on_time: bool | None = None
    refused: str = ""
    over: bool = False

    def __post_init__(self) -> None:
        self.at = self.received_at

    @property
    def id(self) -> str:
        """The row's id."""
        return self.message.id

    @property
    def live(self) -> list[Json]:
        """The orders that were not given back."""
        return [order for order in self.orders.values() if order["state"] not in ("returned", "recalled")]

    @property
    def handled(self) -> bool:
        """Whether every live order's reply was approved."""
        return self.approved >= {order["id"] for order in self.live}

    def know(self, handling: Json) -> None:
        """Take in what dispatch answers."""
        self.orders = {order["id"]: order for order in handling["orders"]}


def course_of(message: Message, script: Script, hours: Hours) -> Course:
    """The case of a message: when it came, and when its reply is given."""
    received = message.received_at
    if message.dated:
        received += timedelta(minutes=script.minute("received", message.id))
    reply = message.replied_at or hours.working_day(
        received, script.reply_days(message.id), script.minute("reply", message.id)
    )
    return Course(message, received, reply)


def steps_before_reply(
    course: Course, script: Script, hours: Hours, *, gate: bool
) -> list[tuple[Act, datetime]]:
    """The leader's note, a unit that says "not mine", the acceptance: all before the real reply.

    By the script's half-days; where the reply came too soon for that, evenly in the time there was,
    and nobody gives anything back.
    """
    back: list[Act] = ["choose", "accept"] if script.gives_back(course.id) else []
    acts: list[Act] = [*(["note"] if gate else []), "accept", *back]  # type: ignore[list-item]
    at, steps = course.received_at, list[tuple[Act, datetime]]()
    for n, act in enumerate(acts):
        at = hours.after(at, script.half_days(act, course.id, n))
        steps.append((act, at))
    return steps if at < course.reply_at else _squeezed(course, gate)


def _squeezed(course: Course, gate: bool) -> list[tuple[Act, datetime]]:
    acts: list[Act] = ["note", "accept"] if gate else ["accept"]
    each = (course.reply_at - course.received_at) / (len(acts) + 1)
    return [(act, course.received_at + each * n) for n, act in enumerate(acts, start=1)]
