"""What the gateway's receipts and people say about a message that left."""

from typing import Literal

from services.notify.domain.correspondence import STEPS, Correspondence, Message, MessageState
from services.notify.domain.delivery import begin, deliver, turn
from services.notify.domain.order import Outcome, overtaken, settle
from services.notify.domain.rules import Rules
from services.notify.errors import Overtaken, WrongState

Decision = Literal["resend", "delivered", "failed"]


def receive(
    correspondence: Correspondence, reference: str, delivered: bool, reason: str, rules: Rules
) -> Outcome:
    """A receipt: good news counts for any reference of the message, bad news for the present one."""
    message = correspondence.of_reference(reference)
    attempt = next(a for a in message.attempts if a.reference == reference)
    if delivered and message.state in STEPS["deliver"][0]:
        return deliver(correspondence, message.id, rules, medium=attempt.medium)
    if not delivered and not attempt.end and message.state in ("sending", "sent", "uncertain"):
        return turn(correspondence, message.id, reason, rules)
    return correspondence, []


def finish(
    correspondence: Correspondence, key: str, delivered: bool, mail_number: str, rules: Rules
) -> Outcome:
    """A person posted the letter or rang, or could not (S4-39, E-66)."""
    message = correspondence.message(key)
    _require(message, "listed")
    if not delivered:
        return turn(correspondence, key, "not-delivered", rules)
    medium = message.current().medium
    return deliver(correspondence, key, rules, medium=medium, mail_number=mail_number)


def decide(correspondence: Correspondence, key: str, decision: Decision, rules: Rules) -> Outcome:
    """A person settles what no machine can say."""
    message = correspondence.message(key)
    _require(message, "uncertain")
    if decision == "delivered":
        return deliver(correspondence, key, rules, medium=message.current().medium)
    if decision == "failed":
        return turn(correspondence, key, "settled-failed", rules)
    return _resend(correspondence, message, rules)


def _resend(correspondence: Correspondence, message: Message, rules: Rules) -> Outcome:
    """Once more by the same medium, under a new reference; never behind something newer (E-119)."""
    if overtaken(correspondence, message):
        raise Overtaken("较新的消息已经送出，较早的消息不能再发；请登记为已送达或未送达。")
    medium = message.current().medium
    again = message.ended("resent").step("resend", rules.office_now)
    fresh = begin(correspondence, again, medium, rules)
    return settle(correspondence.changed(message.id, lambda _: fresh), [])


def _require(message: Message, state: MessageState) -> None:
    if message.state != state:
        raise WrongState(f"消息 {message.id} 处于“{message.state}”状态，不能执行此操作；请刷新后再看。")
