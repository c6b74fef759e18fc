"""The gateway's receipts; they need nothing but the store."""

import hmac

from huiyin.chassis.draft import Answer
from huiyin.chassis.steps import Actor, Cause
from services.notify.domain import settling
from services.notify.errors import NoSuchReference, WrongSignature
from services.notify.providers.sms import signature
from services.notify.use_cases.house import House
from services.notify.use_cases.ruling import rules


def check_signature(house: House, body: bytes, given: str) -> None:
    """WrongSignature unless the gateway signed these bytes; compared in constant time."""
    if not hmac.compare_digest(signature(house.settings.sms_secret, body).encode(), given.encode()):
        raise WrongSignature("the receipt is not signed with the shared secret")


def gateway(house: House, reference: str) -> tuple[str, Actor]:
    """The case of a reference, and the gateway as an actor in that case's office."""
    found = house.correspondences.find({"references": reference}, limit=1)
    if not found:
        raise NoSuchReference("没有以此编号发送过的消息。")
    return found[0].key, Actor(subject="gateway:sms", role="gateway", office=found[0].office)


def receive(house: House, number: str, reference: str, delivered: bool, reason: str, cause: Cause) -> Answer:
    """The gateway says what became of an SMS."""
    return house.correspondences.take(
        number,
        cause,
        "receipt",
        lambda c: settling.receive(c, reference, delivered, reason, rules(house.base, c)),
        lambda c: {"state": c.of_reference(reference).state},
    )
