"""The one interface through which every message leaves, and what stands behind it."""

from collections.abc import Mapping

from huiyin.contracts.events import Medium
from services.notify.providers.feed import FeedBroker
from services.notify.providers.interface import Outgoing, Provider, Receipt
from services.notify.providers.sms import SmsGateway
from services.notify.providers.smtp import SmtpProvider
from services.notify.providers.worklist import WorkList
from services.notify.settings import NotifySettings

__all__ = [
    "FeedBroker",
    "Outgoing",
    "Provider",
    "Receipt",
    "SmsGateway",
    "SmtpProvider",
    "WorkList",
    "provide",
]

Providers = Mapping[Medium, Provider]


def provide(settings: NotifySettings) -> Providers:
    """The provider of each medium."""
    by_hand = WorkList()
    return {
        "sms": SmsGateway(settings),
        "mail": SmtpProvider(settings),
        "letter": by_hand,
        "call": by_hand,
    }
