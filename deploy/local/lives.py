"""A case's whole life as staff lead it: each act one HTTP request with the token of who does it.

Every act has an idempotency key of its own, made of the case, so it can be repeated whatever
became of the answer; what the platform has not heard of yet is asked again a little later.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final, TypeVar

import httpx

from deploy.local.desks import Desks
from deploy.local.errors import LocalStackError
from huiyin.client.line import BUSY, Json, Refused, until

T = TypeVar("T")

_REPLY: Final = "经现场核查，情况属实。已安排人员修复并清理现场，于今日完工，已当面告知诉求人。"
_PAUSE_S: Final = 0.05
_NOT_NOW: Final = BUSY | {HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT}


class Lives:
    """Leads cases of one office; `acts` counts what was done, looking does not count."""

    def __init__(self, desks: Desks, *, patience_s: float) -> None:
        self._desks = desks
        self._patience_s = patience_s
        self._abandoned = False
        self.acts = 0

    def abandon(self) -> None:
        """Have every act end at its next try, in whatever thread it waits."""
        self._abandoned = True

    def register(self, form: Json, key: str) -> str:
        """Take a complaint down; its number."""
        number: str = self._act(lambda: self._desks.register(form, key))["number"]
        return number

    def order(self, number: str) -> Json:
        """The case's order, with its number, once it is dispatched."""
        orders: list[Json] = self._until(lambda: self._desks.handling(number)["orders"])
        return {**orders[0], "number": number}

    def accept(self, order: Json) -> None:
        """The unit accepts."""
        self._unit_act(order, lambda n: self._desks.accept(n, order, key=f"accept-{n}"))

    def reply(self, order: Json) -> None:
        """The unit replies."""
        self._unit_act(order, lambda n: self._desks.reply(n, order, _REPLY, key=f"reply-{n}"))

    def approve(self, order: Json) -> None:
        """The supervisor finds the reply good."""
        self._unit_act(order, lambda n: self._desks.review(n, order["id"], 1, key=f"approve-{n}"))

    def contact(self, number: str) -> None:
        """Call-back staff open the contact."""
        self._act(lambda: self._desks.open_contact(number, key=f"contact-{number}"))

    def reach(self, number: str) -> None:
        """The complainant is reached."""
        self._act(lambda: self._desks.attempt(number, "call", reached=True, key=f"reach-{number}"))

    def tell(self, number: str) -> None:
        """The complainant is told the result."""
        self._act(lambda: self._desks.tell(number, "call", key=f"tell-{number}"))

    def evaluate(self, number: str) -> None:
        """The complainant is satisfied."""
        key = f"evaluate-{number}"
        self._act(lambda: self._desks.evaluate(number, "m1", solved=True, satisfied=True, key=key))

    def _unit_act(self, order: Json, act: Callable[[str], Json]) -> None:
        self._act(lambda: act(order["number"]))

    def _act(self, act: Callable[[], Json]) -> Json:
        done: Json = self._until(act)
        self.acts += 1
        return done

    def _until(self, ask: Callable[[], T]) -> T:
        """The answer, as soon as there is one; LocalStackError with the last refusal when there never is."""
        refusals = [""]

        def once() -> T | None:
            found, refusals[0] = self._once(ask)
            return found

        try:
            return until(once, self._patience_s, _PAUSE_S)
        except TimeoutError as late:
            raise LocalStackError(f"{late}: {refusals[0]}") from late

    def _once(self, ask: Callable[[], T]) -> tuple[T | None, str]:
        """What was answered; nothing, and why, while the platform is away or has not got so far."""
        if self._abandoned:
            raise LocalStackError("abandoned")
        try:
            return ask(), ""
        except httpx.TransportError as broken:
            return None, f"{type(broken).__name__}: {broken}"
        except Refused as refused:
            if refused.status in _NOT_NOW:
                return None, str(refused)
            raise LocalStackError(f"a life stopped: {refused}") from refused
