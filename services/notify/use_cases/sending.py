"""The sender: works through what is due, and takes up what a crash left in a provider's hands.

First `sending` is saved with a stable reference, then the provider is called, outside of any
save, then the result is saved. So whatever crashes, the provider can be asked afterwards.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from huiyin.chassis.draft import Record
from huiyin.chassis.errors import Unavailable
from huiyin.chassis.mongo import STORE_AWAY
from services.notify.domain import delivery
from services.notify.domain.correspondence import BY_HAND, Correspondence, Message
from services.notify.domain.order import Outcome, driven
from services.notify.domain.rules import Rules, quiet_until
from services.notify.errors import CannotSay, Moved, NotDisclosed, NotWritable, Unclear, Unsent
from services.notify.providers import Outgoing, Provider, Receipt
from services.notify.store import due
from services.notify.use_cases import writing
from services.notify.use_cases.house import House
from services.notify.use_cases.ruling import rules

_log = logging.getLogger(__name__)

_BATCH: Final = 64
_AT_ONCE: Final = 8

Found = Record[Correspondence]
Decide = Callable[[Correspondence, str, Rules], Outcome]


@dataclass
class Case:
    """The case in hand as it was last loaded or saved, so that each step need not load it anew."""

    found: Found

    @property
    def state(self) -> Correspondence:
        """Its correspondence."""
        return self.found.state


def send_due(house: House) -> int:
    """Work through the cases in which something is due; returns how many there were."""
    found = due(house.correspondences, house.now(), house.base.machine_clock.now(), _BATCH)
    if found:
        with ThreadPoolExecutor(min(_AT_ONCE, len(found))) as pool:
            list(pool.map(lambda record: _work(house, record), found))
    return len(found)


def count_uncertain(house: House) -> None:
    """Show on the metrics page how many cases wait for a person's word."""
    house.uncertain.set(house.correspondences.collection.count_documents({"uncertain": True}))


def _work(house: House, found: Found) -> None:
    """One case; whatever happens to it, the others go on."""
    case = Case(found)
    try:
        for message in _due_messages(house, case.state):
            _advance(house, case, message)
    except STORE_AWAY as away:
        _log.warning("the store does not answer: %s", type(away).__name__, extra={"case": found.key})
    except Exception:  # noqa: BLE001 - the other cases must go on
        _log.exception("a case's messages could not be sent", extra={"case": found.key})


def _due_messages(house: House, correspondence: Correspondence) -> list[Message]:
    office_now, machine_now = house.now(), house.base.machine_clock.now()
    return [
        message
        for message in driven(correspondence)
        if (message.due_office and message.due_office <= office_now)
        or (message.due_machine and message.due_machine <= machine_now)
    ]


def _advance(house: House, case: Case, message: Message) -> None:
    """One message one step on; what fails unforeseen is left alone for a lease, never in a tight loop."""
    course = {"pending": _send, "sending": _resume, "sent": _follow}[message.state]
    try:
        course(house, case, message)
    except STORE_AWAY:
        raise
    except Exception:  # noqa: BLE001 - it is logged and left alone for a while
        _log.exception("a message could not be sent", extra={"case": case.found.key})
        _step(house, case, message, "renew", delivery.renew)


def _send(house: House, case: Case, message: Message) -> None:
    outgoing = _written(house, case, message)
    if outgoing is None:
        return
    claimed = _claimed(house, case, message, "send", delivery.claim)
    if claimed is None:
        return
    if rules(house.base, case.state).may_be_sent(claimed):
        _find_out(house, case, claimed)
    else:
        _hand_over(house, case, claimed, outgoing)


def _resume(house: House, case: Case, left: Message) -> None:
    """A crash left it in the provider's hands."""
    message = _claimed(house, case, left, "resume", delivery.renew)
    if message is not None:
        _find_out(house, case, message)


def _find_out(house: House, case: Case, message: Message) -> None:
    """Nobody knows whether the provider took it: ask, and send again what it does not know."""
    try:
        receipt = _asked(_provider(house, message), message)
    except CannotSay:
        _step(house, case, message, "doubt", delivery.doubt)
    except (Unsent, Unclear):
        _step(house, case, message, "ask-later", delivery.ask_later)
    else:
        if receipt is not None:
            _keep(house, case, message, receipt)
        elif outgoing := _written(house, case, message):
            _hand_over(house, case, message, outgoing)


def _asked(provider: Provider, message: Message) -> Receipt | None:
    """What the provider knows; nothing when it may simply be sent again under the same reference."""
    try:
        return provider.ask(message.current().reference)
    except CannotSay:
        if provider.repeatable:
            return None
        raise


def _follow(house: House, case: Case, message: Message) -> None:
    """No receipt has come for long: ask."""
    try:
        receipt = _provider(house, message).ask(message.current().reference)
    except (CannotSay, Unsent, Unclear):
        receipt = None
    if receipt is None or receipt.state == "taken":
        _step(house, case, message, "ask-later", delivery.ask_later)
    else:
        _keep(house, case, message, receipt)


def _written(house: House, case: Case, message: Message) -> Outgoing | None:
    """The message ready to leave; else what holds it up is saved."""
    medium = message.current().medium
    if quiet_until(message, medium, rules(house.base, case.state)):
        _step(house, case, message, "rest", delivery.rest)
        return None
    if medium in BY_HAND:  # written when a person opens it
        return Outgoing(reference=message.current().reference, to="", subject="", body="")
    try:
        outgoing = writing.outgoing(house, case.state, message)
    except (Unavailable, NotDisclosed, NotWritable) as hindrance:
        what, decide = _HINDRANCES[type(hindrance)]
        _step(house, case, message, what, decide)
        return None
    if outgoing is None:
        _step(house, case, message, "turn", _ending(delivery.turn, "no-contact"))
    return outgoing


def _hand_over(house: House, case: Case, message: Message, outgoing: Outgoing) -> None:
    try:
        receipt = _provider(house, message).send(outgoing)
    except Unsent:
        _step(house, case, message, "try-later", delivery.try_later)
    except Unclear:
        _step(house, case, message, "ask-later", delivery.ask_later)
    else:
        _keep(house, case, message, receipt)


def _keep(house: House, case: Case, message: Message, receipt: Receipt) -> None:
    """Save what the provider said."""
    medium = message.current().medium
    kept: dict[str, Decide] = {
        "taken": delivery.take,
        "listed": delivery.put_on_list,
        "delivered": lambda c, key, r: delivery.deliver(c, key, r, medium=medium),
        "refused": _ending(delivery.turn, receipt.reason),
    }
    _step(house, case, message, receipt.state, kept[receipt.state])


def _step(house: House, case: Case, message: Message, what: str, decide: Decide) -> bool:
    """Save one step of a message that is still as it was looked at."""

    def decided(now: Correspondence) -> Outcome:
        if now.message(message.id) != message:
            raise Moved
        return decide(now, message.id, rules(house.base, now))

    saved = house.step(case.found, what, decided)
    case.found = saved or case.found
    return saved is not None


def _claimed(house: House, case: Case, message: Message, what: str, decide: Decide) -> Message | None:
    """The message once it is this worker's to send, as it is saved."""
    if not _step(house, case, message, what, decide):
        return None
    claimed = case.state.message(message.id)
    return claimed if claimed.state == "sending" else None


def _ending(decide: Callable[[Correspondence, str, str, Rules], Outcome], end: str) -> Decide:
    return lambda correspondence, key, rules_: decide(correspondence, key, end, rules_)


def _provider(house: House, message: Message) -> Provider:
    return house.providers[message.current().medium]


#: What is done with a message that cannot be written now.
_HINDRANCES: Final[dict[type[Exception], tuple[str, Decide]]] = {
    Unavailable: ("put-off", delivery.put_off),
    NotDisclosed: ("try-later", delivery.try_later),
    NotWritable: ("fail", _ending(delivery.fail, "not-writable")),
}
