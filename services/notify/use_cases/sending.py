"""The sender: works through what is due, and takes up what a crash left in a provider's hands.

First `sending` is saved with a stable reference, then the provider is called, outside of any
save, then the result is saved. So whatever crashes, the provider can be asked afterwards.

A message's course is a generator: it yields the step to be saved, and goes on with the message as
it was saved. The messages of a case go side by side, and their steps are one save.
"""

import logging
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Final

from huiyin.chassis.draft import Record
from huiyin.chassis.errors import KeyDestroyed, Unavailable
from huiyin.chassis.mongo import STORE_AWAY
from services.notify.domain import delivery
from services.notify.domain.correspondence import BY_HAND, Correspondence, Message
from services.notify.domain.order import Outcome, driven
from services.notify.domain.rules import Rules, quiet_until
from services.notify.errors import CannotSay, NotDisclosed, NotWritable, Restricted, Unclear, Unsent
from services.notify.providers import Outgoing, Provider, Receipt
from services.notify.store import due
from services.notify.use_cases import writing
from services.notify.use_cases.house import Decide, House, Turn
from services.notify.use_cases.ruling import rules

_log = logging.getLogger(__name__)

_BATCH: Final = 64
_AT_ONCE: Final = 8
_TOGETHER_S: Final = 0.05
_AGAIN_S: Final = 0.2
#: Then the look ends, so that the process can.
_MOST_TURNS: Final = 500

#: Yields steps to be saved; is sent the message as it was saved, or nothing when another was faster.
Course = Generator[Turn, Message | None, None]


@dataclass
class Case:
    """The case in hand as it was last loaded or saved, so that each step need not load it anew."""

    found: Record[Correspondence]

    @property
    def state(self) -> Correspondence:
        """Its correspondence."""
        return self.found.state


def send_due(house: House) -> int:
    """Work through the cases in which something is due; returns how many turns that took."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        look = _Look(house, pool)
        look.work()
    return look.turns


def count_uncertain(house: House) -> None:
    """Show on the metrics page how many cases wait for a person's word."""
    house.uncertain.set(house.correspondences.collection.count_documents({"uncertain": True}))


class _Look:
    """One look at what is due: a free hand takes the next case at once, whatever the others wait for.

    A case that did not move on is left alone until the next look.
    """

    def __init__(self, house: House, pool: ThreadPoolExecutor) -> None:
        self._house, self._pool = house, pool
        self._due: deque[Record[Correspondence]] = deque()
        self._going: dict[Future[bool], str] = {}
        self._left: set[str] = set()
        self._clock = house.base.machine_clock
        self._again_at = self._clock.monotonic()
        self.turns = 0

    def work(self) -> None:
        """Until every hand is free and nothing is left for it."""
        while self._begin():
            for future in wait(self._going, _AGAIN_S, FIRST_COMPLETED).done:
                key = self._going.pop(future)
                if not future.result():
                    self._left.add(key)

    def _begin(self) -> bool:
        """Give the free hands their cases; false when none has one."""
        if not self._due and self.turns < _MOST_TURNS and self._clock.monotonic() >= self._again_at:
            self._find()
        while self._due and len(self._going) < _AT_ONCE:
            record = self._due.popleft()
            self._going[self._pool.submit(_work, self._house, record)] = record.key
            self.turns += 1
        return bool(self._going)

    def _find(self) -> None:
        busy = {*self._going.values(), *self._left}
        now, machine_now = self._house.now(), self._clock.now()
        found = due(self._house.correspondences, now, machine_now, _BATCH + len(busy))
        self._due.extend(record for record in found if record.key not in busy)
        self._again_at = self._clock.monotonic() + _AGAIN_S


def _work(house: House, found: Record[Correspondence]) -> bool:
    """Whether the case moved on; whatever happens to it, the others go on."""
    case = Case(found)
    try:
        advance(house, case, _due_messages(house, case.state))
    except STORE_AWAY as away:
        _log.warning("the store does not answer: %s", type(away).__name__, extra={"case": found.key})
    except Exception:  # noqa: BLE001 - the other cases must go on
        _log.exception("a case's messages could not be sent", extra={"case": found.key})
    return case.found is not found


def _due_messages(house: House, correspondence: Correspondence) -> list[Message]:
    office_now, machine_now = house.now(), house.base.machine_clock.now()
    return [
        message
        for message in driven(correspondence)
        if (message.due_office and message.due_office <= office_now)
        or (message.due_machine and message.due_machine <= machine_now)
    ]


def advance(house: House, case: Case, messages: Sequence[Message]) -> None:
    """Go on with messages of a case side by side; steps that come about together are one save."""
    if not messages:
        return
    with ThreadPoolExecutor(min(_AT_ONCE, len(messages))) as pool:
        going = {pool.submit(_next, _course(house, case, message), None) for message in messages}
        while going:
            turned = _come(going)
            case.found, taken = house.take(case.found, [turn for _, turn in turned])
            for course, turn in turned:
                saved = case.state.message(turn.message.id) if turn.message.id in taken else None
                going.add(pool.submit(_next, course, saved))


def _next(course: Course, saved: Message | None) -> tuple[Course, Turn] | None:
    try:
        return course, course.send(saved)
    except StopIteration:
        return None


def _come(going: set[Future[tuple[Course, Turn] | None]]) -> list[tuple[Course, Turn]]:
    """Takes out what has come; a slow provider does not keep what another said from being saved."""
    done = wait(going, _TOGETHER_S).done or wait(going, return_when=FIRST_COMPLETED).done
    going -= done
    return [turned for future in done if (turned := future.result()) is not None]


def _course(house: House, case: Case, message: Message) -> Course:
    """One message; what fails unforeseen is left alone for a lease, never in a tight loop."""
    course = {"pending": _send, "sending": _resume, "sent": _follow}[message.state]
    try:
        yield from course(house, case, message)
    except STORE_AWAY:
        raise
    except Exception:  # noqa: BLE001 - it is logged and left alone for a while
        _log.exception("a message could not be sent", extra={"case": case.found.key})
        yield Turn(message, "renew", delivery.renew)


def _send(house: House, case: Case, message: Message) -> Course:
    written = _written(house, case, message)
    if isinstance(written, Turn):
        yield written
        return
    claimed = yield Turn(message, "send", delivery.claim)
    if claimed is None:
        return
    if rules(house.base, case.state).may_be_sent(claimed):
        yield from _find_out(house, case, claimed)
    else:
        yield _hand_over(house, claimed, written)


def _resume(house: House, case: Case, left: Message) -> Course:
    """A crash left it in the provider's hands."""
    message = yield Turn(left, "resume", delivery.renew)
    if message is not None:
        yield from _find_out(house, case, message)


def _find_out(house: House, case: Case, message: Message) -> Course:
    """Nobody knows whether the provider took it: ask, and send again what it does not know."""
    try:
        receipt = _asked(_provider(house, message), message)
    except CannotSay:
        yield Turn(message, "doubt", delivery.doubt)
    except (Unsent, Unclear):
        yield Turn(message, "ask-later", delivery.ask_later)
    else:
        if receipt is not None:
            yield _kept(message, receipt)
            return
        written = _written(house, case, message)
        yield written if isinstance(written, Turn) else _hand_over(house, message, written)


def _asked(provider: Provider, message: Message) -> Receipt | None:
    """What the provider knows; nothing when it may simply be sent again under the same reference."""
    try:
        return provider.ask(message.current().reference)
    except CannotSay:
        if provider.repeatable:
            return None
        raise


def _follow(house: House, _case: Case, message: Message) -> Course:
    """No receipt has come for long: ask."""
    try:
        receipt = _provider(house, message).ask(message.current().reference)
    except (CannotSay, Unsent, Unclear):
        receipt = None
    if receipt is None or receipt.state == "taken":
        yield Turn(message, "ask-later", delivery.ask_later)
    else:
        yield _kept(message, receipt)


def _written(house: House, case: Case, message: Message) -> Outgoing | Turn:
    """The message ready to leave, or the step that what holds it up wants."""
    medium = message.current().medium
    if quiet_until(message, medium, rules(house.base, case.state)):
        return Turn(message, "rest", delivery.rest)
    if medium in BY_HAND:  # written when a person opens it
        return Outgoing(reference=message.current().reference, to="", subject="", body="")
    try:
        outgoing = writing.outgoing(house, case.state, message)
    except (Unavailable, KeyDestroyed, NotDisclosed, Restricted, NotWritable) as hindrance:
        return Turn(message, *_HINDRANCES[type(hindrance)])
    return outgoing or Turn(message, "turn", _ending(delivery.turn, "no-contact"))


def _hand_over(house: House, message: Message, outgoing: Outgoing) -> Turn:
    try:
        receipt = _provider(house, message).send(outgoing)
    except Unsent:
        return Turn(message, "try-later", delivery.try_later)
    except Unclear:
        return Turn(message, "ask-later", delivery.ask_later)
    return _kept(message, receipt)


def _kept(message: Message, receipt: Receipt) -> Turn:
    """The step that keeps what the provider said."""
    medium = message.current().medium
    kept: dict[str, Decide] = {
        "taken": delivery.take,
        "listed": delivery.put_on_list,
        "delivered": lambda c, key, r: delivery.deliver(c, key, r, medium=medium),
        "refused": _ending(delivery.turn, receipt.reason),
    }
    return Turn(message, receipt.state, kept[receipt.state])


def _ending(decide: Callable[[Correspondence, str, str, Rules], Outcome], end: str) -> Decide:
    return lambda correspondence, key, rules_: decide(correspondence, key, end, rules_)


def _provider(house: House, message: Message) -> Provider:
    return house.providers[message.current().medium]


#: What is done with a message that cannot be written now.
_HINDRANCES: Final[dict[type[Exception], tuple[str, Decide]]] = {
    Unavailable: ("put-off", delivery.put_off),
    NotDisclosed: ("try-later", delivery.try_later),
    Restricted: ("fail", _ending(delivery.fail, "restricted")),
    KeyDestroyed: ("fail", _ending(delivery.fail, "key-destroyed")),
    NotWritable: ("fail", _ending(delivery.fail, "not-writable")),
}
