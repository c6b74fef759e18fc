"""What the use cases need, and the step that no person takes."""

import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from joserfc.jwk import Key
from prometheus_client import Gauge

from huiyin.chassis.askers import read_own_key
from huiyin.chassis.draft import Draft, Record
from huiyin.chassis.ear import Ear
from huiyin.chassis.foundation import Foundation
from huiyin.chassis.steps import Cause, machine
from huiyin.chassis.store import Documents
from services.notify.domain import delivery
from services.notify.domain.correspondence import Correspondence, Message
from services.notify.domain.order import Outcome
from services.notify.domain.rules import Rules
from services.notify.providers import FeedBroker, Providers, provide
from services.notify.settings import NotifySettings
from services.notify.store import Feeds, correspondences
from services.notify.use_cases.hearing import concerned, handlers
from services.notify.use_cases.ruling import rules

_log = logging.getLogger(__name__)

Decide = Callable[[Correspondence, str, Rules], Outcome]


@dataclass(frozen=True)
class Turn:
    """One step of one message that is still as it was looked at."""

    message: Message
    what: str
    decide: Decide


@dataclass(frozen=True)
class House:
    """Notify's own things on its foundation; `key` opens what is sealed to notify.

    `feed_broker` is nothing where the platform is set up without departments' feeds.
    """

    base: Foundation
    settings: NotifySettings
    correspondences: Documents[Correspondence]
    ear: Ear[Correspondence]
    providers: Providers
    key: Key = field(repr=False)
    uncertain: Gauge
    feeds: Feeds
    feed_broker: FeedBroker | None
    closed_feeds: Gauge

    def now(self) -> datetime:
        """Office time."""
        return self.base.office_now()

    def take(
        self, found: Record[Correspondence], turns: Sequence[Turn]
    ) -> tuple[Record[Correspondence], frozenset[str]]:
        """The steps that a clock causes in one case, in one save.

        Answers with the case as it is then, and with the ids of the messages whose turn was taken:
        where another worker was faster, the message is no more as it was looked at; or its step failed.
        """
        taken: set[str] = set()

        def decide(draft: Draft[Correspondence]) -> Draft[Correspondence]:
            taken.clear()
            for turn in turns:
                if draft.state.message(turn.message.id) == turn.message:
                    draft, took = self._stepped(draft, turn)
                    taken.update({turn.message.id} if took else ())
            return draft

        return self.correspondences.follow(found, decide), frozenset(taken)

    def _stepped(self, draft: Draft[Correspondence], turn: Turn) -> tuple[Draft[Correspondence], bool]:
        """The turn taken; one that fails unforeseen leaves its message alone for a lease, not the others."""
        who = machine("notify", draft.office)
        cause = Cause(id=uuid.uuid4().hex, kind="clock", who=who, correlation=draft.correlation)
        message, by = turn.message.id, rules(self.base, draft.state)
        try:
            outcome, what, took = turn.decide(draft.state, message, by), turn.what, True
        except Exception:  # noqa: BLE001 - the other messages of the case must go on
            _log.exception("a message's step failed", extra={"case": draft.key})
            outcome, what, took = delivery.renew(draft.state, message, by), "renew", False
        return draft.step(outcome, cause=cause, what=what, at=self.now()), took


def house(base: Foundation) -> House:
    """Wire the house on its foundation."""
    settings = base.settings
    assert isinstance(settings, NotifySettings)
    documents = correspondences(base)
    key = read_own_key(settings.keys_dir, "notify")
    feeds = Feeds(base.database["feeds"])
    registry = base.metrics.registry
    return House(
        base,
        settings,
        documents,
        base.ear(documents, handlers(base, feeds), concerned=concerned(base, feeds)),
        provide(settings),
        key,
        Gauge("huiyin_uncertain_cases", "Cases with a message that a person must settle", registry=registry),
        feeds,
        FeedBroker(settings.feeds_url, settings.provider_timeout_s) if settings.feeds_url else None,
        Gauge("huiyin_closed_feeds", "Feeds whose stream a person must make again", registry=registry),
    )
