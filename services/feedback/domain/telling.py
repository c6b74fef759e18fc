"""Telling the result: whom, by which message, and what a delivery means."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final, Literal

from huiyin.chassis.errors import NotYet
from huiyin.chassis.rulebook import Rulebook
from huiyin.contracts.events import (
    CaseRole,
    ConsentGiven,
    Medium,
    MessageDelivered,
    MessageFailed,
    MessageRequested,
    PartyRef,
    ResultTold,
)
from services.feedback.domain.echo import Echo, Outcome, Telling
from services.feedback.errors import NobodyToCall

Letter = Literal["result", "upheld", "unreached"]

_TEMPLATES: Final[dict[Letter, str]] = {
    "result": "result_ready",
    "upheld": "result_ready",
    "unreached": "contact_failed_letter",
}
#: First part of the ids of feedback's own messages: `echo-<letter>:<round>:<party>`.
_OWN: Final = "echo-"


def reachable(echo: Echo, book: Rulebook) -> tuple[PartyRef, ...]:
    """Every complainant who can be answered (E-28), else who speaks for them, else for whom they spoke.

    Without a name: only where the office answers such people (E-23, X-16). Who reported for another
    without that person's consent is not told (E-27), and nobody after a withdrawal (E-29).
    """
    if echo.withdrawn:
        return ()
    to_all = book.anonymous.reply == "if_reachable"
    known = [party for party in echo.parties if party.media and (to_all or not party.anonymous)]
    roles: list[CaseRole] = ["complainant", "representative"]
    if any(party.told == "notice" for party in known):
        roles.append("interested")
    by_role = (tuple(p for p in known if p.role == role and p.told == "result") for role in roles)
    return next((parties for parties in by_role if parties), ())


def to_call(echo: Echo, book: Rulebook) -> PartyRef:
    """The party whose contact may be opened now; none before there is a result (S0-19)."""
    echo.step("contact")
    found = reachable(echo, book)
    if not found:
        raise NobodyToCall("诉求人已撤回或不便告知，不再联系。")
    return found[0]


def consented(echo: Echo, given: ConsentGiven) -> Echo:
    """Who reported for another may be told the result from now on (E-27)."""
    free = (replace(p, told="result") if p.id in given.told else p for p in echo.parties)
    return replace(echo, parties=tuple(free))


def anonymous(echo: Echo) -> bool:
    """Whether nobody behind the case gave a name."""
    return all(party.anonymous for party in echo.parties if party.role in ("complainant", "representative"))


def written(echo: Echo, book: Rulebook, letter: Letter, only: Medium | None = None) -> list[MessageRequested]:
    """One message to each complainant, with the replies fetched when it is written."""
    return [
        MessageRequested(
            message=f"{_OWN}{letter}:{echo.round}:{party.id}",
            template=_TEMPLATES[letter],
            addressee_kind="party",
            addressee=party.id,
            params={"category": _categories(echo, book)},
            text_of=";".join(f"reply:{reply}" for reply in echo.replies),
        )
        for party in reachable(echo, book)
        if only is None or only in party.media
    ]


def tell(echo: Echo, medium: Medium, at: datetime) -> Outcome:
    """The owner of the reply told the result; the medium is kept (S4-39, S4-40)."""
    told = _with_telling(echo.step("tell"), Telling(medium=medium, at=at))
    return told, [ResultTold(round=echo.round, medium=medium, told_at=at)]


def delivered(echo: Echo, message: MessageDelivered) -> Outcome:
    """A delivered result is told in writing (S4-39); later deliveries are kept and say nothing."""
    if not _of_this_round(echo, message.message):
        return echo, []
    told = _with_telling(echo, Telling(medium=message.medium, at=message.delivered_at))
    if echo.state != "open":
        return told, []
    said = ResultTold(round=echo.round, medium=message.medium, told_at=message.delivered_at)
    return told.step("tell"), [said]


def failed(echo: Echo, message: MessageFailed) -> Outcome:
    """A message reached nobody: the callback desk sees it and calls (E-112)."""
    if not _of_this_round(echo, message.message):
        return echo, []
    return replace(echo, undelivered=tuple(sorted({*echo.undelivered, message.message}))), []


def _of_this_round(echo: Echo, message: str) -> bool:
    """Whether the message is feedback's own and speaks of the round in hand; NotYet when of a later."""
    if not message.startswith(_OWN):
        return False
    round_ = int(message.split(":")[1])
    if round_ > echo.round or (round_ == echo.round and not echo.handled):
        raise NotYet(f"message {message} of {echo.number} was not requested here yet")
    return round_ == echo.round


def _with_telling(echo: Echo, telling: Telling) -> Echo:
    return replace(echo, told=_in_time_order({*echo.told, telling}))


def _in_time_order(tellings: Iterable[Telling]) -> tuple[Telling, ...]:
    return tuple(sorted(tellings, key=lambda telling: (telling.at, telling.medium)))


def _categories(echo: Echo, book: Rulebook) -> str:
    """The matters' categories by name, in the case's language."""
    known = [book.categories[matter.category] for matter in echo.matters]
    if echo.language == "en":
        return ", ".join(dict.fromkeys(category.name_en for category in known))
    return "、".join(dict.fromkeys(category.name for category in known))
