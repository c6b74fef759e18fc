"""After a restore: what was asked for before the backup may have been sent since, so nothing goes twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from huiyin.chassis import restoration
from huiyin.chassis.restoration import Restoration
from services.notify.domain.correspondence import reference_of
from tests.integration.notify_stand import NOON, NUMBER, Stand, registered, requested, standing


@pytest.fixture
def stand(tmp_path: Path, database: Database[dict[str, Any]], mongo_url: str) -> Iterator[Stand]:
    """A notify whose store was put back from a backup that knows all until noon."""
    restored = Restoration(backup="b", at=NOON, known_until=NOON)
    restoration.end(database, restored)
    with standing(tmp_path, (mongo_url, database.name)) as made:
        yield made


def _sent_in_the_time_that_was_lost(stand: Stand) -> None:
    """The gateway took it; then the store was put back to where the message still waits."""
    stand.hear(registered(stand.house.base))
    stand.hear(requested())
    before = stand.house.correspondences.collection.find_one({"_id": NUMBER})
    assert before is not None
    stand.send_all()
    stand.house.correspondences.collection.replace_one({"_id": NUMBER}, before)
    assert (stand.message().state, stand.gateway.posts) == ("pending", 1)


def test_what_the_gateway_took_since_the_backup_is_not_sent_again(stand: Stand) -> None:
    _sent_in_the_time_that_was_lost(stand)
    stand.send_all()
    assert (stand.message().state, stand.gateway.posts) == ("sent", 1)


def test_when_the_gateway_cannot_say_a_person_decides(stand: Stand) -> None:
    stand.gateway.knows = False
    stand.hear(registered(stand.house.base))
    stand.hear(requested())
    stand.send_all()
    assert (stand.message().state, stand.gateway.posts) == ("uncertain", 0)


def test_what_is_asked_for_after_the_restore_goes_at_once(stand: Stand) -> None:
    """Also when the lost time knew a message of the same id: what it says now is another thing."""
    stand.gateway.knows = False
    stand.hear(registered(stand.house.base))
    stand.hear(requested(), at=NOON + timedelta(seconds=1))
    stand.send_all()
    message = stand.message()
    assert (message.state, stand.gateway.posts) == ("sent", 1)
    lost = replace(message, attempts=())
    assert message.attempts[0].reference != reference_of(NUMBER, lost, "sms")
