"""What an office's rules say about sending: which media, at what hours, after which delays."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from huiyin.chassis.rulebook import OfficeFolder, Rulebook, Unit
from huiyin.contracts.events import Medium
from services.notify.domain.addressees import unit_of
from services.notify.domain.correspondence import BY_HAND, Correspondence, Message

#: How often a provider is tried before the next medium is (E-112).
TRIES: Final = 8
#: How often a provider that took a message is asked for the receipt that does not come.
ASKS: Final = 8

#: Templates that are of one medium by their nature.
_OF_ONE_MEDIUM: Final[Mapping[str, Medium]] = {
    "evaluation_call": "call",
    "contact_failed_letter": "letter",
    "dropped_call": "call",
    "progress_link": "sms",
}
#: Notices without content: nobody is asked to ring or write where a machine can.
_NOTICES: Final = frozenset({"case_registered", "transfer_notice", "case_concluded"})
#: Media that disturb people at night (E-112).
_LOUD: Final[frozenset[Medium]] = frozenset({"sms", "call"})


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The case's frozen rulebook, the office as it stands now, both clocks, and this moment's jitter.

    `restored`: the backup the store was put back from, and the office time until which it knows all.
    """

    book: Rulebook
    folder: OfficeFolder
    office_now: datetime
    machine_now: datetime
    lease: timedelta
    jitter: float
    restored: tuple[str, datetime] | None = None

    def may_be_sent(self, message: Message) -> bool:
        """Whether it was asked for before the backup: it may have gone since, in the time that was lost."""
        return self.restored is not None and message.said_at <= self.restored[1]

    def history(self, message: Message) -> str:
        """What tells a message of now from one of the lost time that bore the same id."""
        return "" if self.restored is None or self.may_be_sent(message) else self.restored[0]

    def retry_at(self, tries: int) -> datetime:
        """When the provider is tried again: growing from 2 s to 15 min."""
        return self._after(2.0 * 3.0 ** (tries - 1), 900)

    def fetch_at(self, waits: int) -> datetime:
        """When a contact or text is asked for again: growing from 1 s to 2 min."""
        return self._after(2.0 ** (waits - 1), 120)

    def ask_at(self, asks: int) -> datetime:
        """When the provider is asked for a receipt: growing from 1 min to a day."""
        return self._after(60.0 * 4.0**asks, 86_400)

    def _after(self, seconds: float, ceiling: float) -> datetime:
        return self.machine_now + timedelta(seconds=self.jitter * min(seconds, ceiling))


def next_medium(correspondence: Correspondence, message: Message, rules: Rules) -> Medium | None:
    """The first medium that was not tried yet (E-112)."""
    tried = {attempt.medium for attempt in message.attempts}
    return next((m for m in media(correspondence, message, rules) if m not in tried), None)


def media(correspondence: Correspondence, message: Message, rules: Rules) -> tuple[Medium, ...]:
    """The media that may carry the message, best first."""
    if message.addressee_kind == "party":
        return _party_media(correspondence, message, rules.book)
    if message.addressee_kind in ("person", "outside"):
        return ("letter",)  # for one person's own hands; a unit's mailbox is read by others (S2-26, E-71)
    unit = unit_of(correspondence, message, rules.folder, rules.office_now)
    return () if unit is None else _unit_media(unit)


def quiet_until(message: Message, medium: Medium, rules: Rules) -> datetime | None:
    """The end of the quiet hours, when the message must wait for it (E-112).

    Only what rings at a party waits; mail and letters may go, and what is urgent goes at once.
    """
    if message.urgent or message.addressee_kind != "party" or medium not in _LOUD:
        return None
    span = rules.book.notify.quiet_hours
    return end_of_span(span.from_, span.to, rules.book.office.timezone, rules.office_now)


def end_of_span(begin: str, end: str, timezone: str, now: datetime) -> datetime | None:
    """When the daily span that holds `now` ends; it may run over midnight, and `end` is outside it."""
    local = now.astimezone(ZoneInfo(timezone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    from_, to, at = _minutes(begin), _minutes(end), (local - midnight) / timedelta(minutes=1)
    if from_ == to:
        return None
    if from_ < to:
        return midnight + timedelta(minutes=to) if from_ <= at < to else None
    if at < to:
        return midnight + timedelta(minutes=to)
    return midnight + timedelta(days=1, minutes=to) if at >= from_ else None


def _party_media(correspondence: Correspondence, message: Message, book: Rulebook) -> tuple[Medium, ...]:
    party = correspondence.party(message.addressee)
    if party is None:
        return ()
    only = _OF_ONE_MEDIUM.get(message.template)
    if only is not None:
        return (only,) if only in party.media else ()
    found = [medium for medium in book.notify.media if medium in party.media]
    channel = book.intake.channels.get(correspondence.channel)
    answers = () if channel is None else channel.reply_media
    if message.template in _NOTICES:
        return tuple(sorted(found, key=lambda medium: medium in BY_HAND))
    return tuple(sorted(found, key=lambda medium: medium not in answers))


def _unit_media(unit: Unit) -> tuple[Medium, ...]:
    """Mail, and paper when it fails; paper alone for a unit without account or address (E-66)."""
    return ("mail", "letter") if unit.account and unit.email else ("letter",)


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)
