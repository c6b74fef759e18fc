"""Backup and restore on real servers: one moment of five stores, and what a restore makes of it."""

import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pika
import pytest
from gridfs import GridFSBucket
from pika.exceptions import ChannelClosedByBroker
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.database import Database

from deploy.local.keys import ensure_keys
from deploy.local.platform import OFFICES
from deploy.local.processes import wait_until
from huiyin.chassis import restoration
from huiyin.chassis.errors import KeyDestroyed, ViewRestricted
from huiyin.chassis.mongo import Doc, connect, process_name
from huiyin.chassis.topology import inbox_of
from huiyin.contracts.hearers import ROUTES
from huiyin.contracts.services import SERVICES
from huiyin.snapshot.backup import back_up
from huiyin.snapshot.errors import Damaged, NotEmpty, SnapshotRefused, StillServing
from huiyin.snapshot.manifest import Manifest, databases
from huiyin.snapshot.progress import Progress, Silent
from huiyin.snapshot.restore import Restored, Target, open_backup, put_back, refuse_unready
from services.intake.use_cases import acts as intake
from services.intake.use_cases import answers, custody
from tests.integration.five_houses import OFFICE, FiveHouses, five_houses
from tests.integration.test_any_order import FORM, Staff, finish

ROOT: Final = Path(__file__).parents[2]
QUESTION: Final[dict[str, Any]] = {"party": "p1", "purpose": "deliver", "request": "r1", "asker": "notify"}


@dataclass
class Scene:
    """A set of five databases, and an empty set beside it to restore into."""

    source: str
    target: Target
    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "backup"

    @property
    def keys(self) -> Path:
        return self.folder / "vault"

    @property
    def client(self) -> MongoClient[Doc]:
        return self.target.client

    def back_up(self, progress: Progress | None = None) -> Manifest:
        return back_up(self.client, self.data, self.keys, prefix=self.source, progress=progress)

    def restore(self) -> Restored:
        found = open_backup(self.data, self.keys)
        refuse_unready(self.target, replace=False)
        return put_back(found, self.target)

    def of(self, service: str, collection: str) -> Collection[Doc]:
        return self.client[f"{self.source}_{service}"][collection]

    def restored(self, service: str, collection: str) -> Collection[Doc]:
        return self.client[f"{self.target.prefix}_{service}"][collection]

    def drop(self) -> None:
        for name in (*databases(self.source).values(), *databases(self.target.prefix).values()):
            self.client.drop_database(name)
        self.client.close()


@pytest.fixture
def scene(database: Database[Doc], mongo_url: str, amqp_url: str, tmp_path: Path) -> Iterator[Scene]:
    """Databases without services: a case, a journal row and a data key, as they are kept."""
    (tmp_path / "anchor").mkdir()
    target = Target(connect(mongo_url), amqp_url, tmp_path / "anchor", f"{database.name}_b")
    made = Scene(database.name, target, tmp_path)
    for service in SERVICES:
        made.of(service, "waiting").create_index([("state", 1), ("not_before", 1)])
    cases = made.of("intake", "cases")
    cases.create_index("number", unique=True)
    only = {"unsent_since": {"$exists": True}}
    cases.create_index("unsent_since", name="unsent", partialFilterExpression=only)
    cases.insert_one({"_id": "1", "number": "A", "office": OFFICE, "said": 0, "steps": []})
    made.of("intake", "journal").insert_one({"_id": "e1", "case": "A"})
    made.of("intake", "key_vault").insert_one({"_id": "k1", "keyAltNames": [f"{OFFICE}:2024-09"]})
    yield made
    made.drop()


@dataclass
class Living(Scene):
    """The same with five houses at work in the first set."""

    houses: FiveHouses


@pytest.fixture
def living(database: Database[Doc], mongo_url: str, amqp_url: str, tmp_path: Path) -> Iterator[Living]:
    with five_houses(database, mongo_url, amqp_url, tmp_path) as houses:
        target = Target(connect(mongo_url), amqp_url, tmp_path / "anchor", f"{database.name}_b")
        made = Living(database.name, target, tmp_path, houses)
        yield made
        made.drop()


def register(houses: FiveHouses) -> str:
    return str(intake.register(houses.houses["intake"], FORM, houses.cause("operator"))["number"])


def serial(number: str) -> int:
    return int(number.split("-")[3])


def heard_once(houses: FiveHouses) -> list[str]:
    """Every event with how often its hearers took it as a step, where that is not once."""
    steps = {
        s: [step for doc in houses.documents(s).collection.find() for step in doc["steps"]] for s in SERVICES
    }
    taken = {service: Counter(step["cause"] for step in found) for service, found in steps.items()}
    said = [event for found in steps.values() for step in found for event in step["events"]]
    return [
        f"{event['type']} at {hearer}: {taken[hearer][event['id']]}"
        for event in said
        for hearer in ROUTES[event["type"]].hearers
        if taken[hearer][event["id"]] != 1
    ]


def test_what_was_in_flight_is_said_again_and_heard_once(
    living: Living, mongo_url: str, amqp_url: str
) -> None:
    """At the moment of the backup messages lie in queues, marked as sent and in no store."""
    houses = living.houses
    staff = Staff(houses)
    houses.hand_over(houses.say())
    assert staff.act()
    on_the_way = houses.say()
    assert on_the_way, "these are lost with the queues"
    living.back_up()
    living.restore()
    other = living.client[living.target.prefix]
    with five_houses(other, mongo_url, amqp_url, living.folder) as after:
        again = Staff.__new__(Staff)
        again.__dict__.update(vars(staff), _houses=after)
        finish(after, again, [])
        assert heard_once(after) == []
        assert after.waiting() == 0
        assert after.houses["intake"].cases.get(staff.number).state.volume_head is None


def test_a_number_given_after_the_backup_is_never_given_again(
    living: Living, mongo_url: str, amqp_url: str
) -> None:
    before = register(living.houses)
    living.back_up()
    since = [register(living.houses) for _ in range(60)]
    restored = living.restore()
    (gap,) = restored.gaps
    assert (gap.office, gap.first, gap.last) == (OFFICE, serial(before) + 1, 100)
    with five_houses(living.client[living.target.prefix], mongo_url, amqp_url, living.folder) as after:
        assert serial(register(after)) > max(map(serial, since))


def test_erasures_since_the_backup_are_kept(living: Living, mongo_url: str, amqp_url: str) -> None:
    house = living.houses.houses["intake"]
    number, old = register(living.houses), register(living.houses)
    living.back_up()
    lost = register(living.houses)
    for one in (number, lost):
        custody.restrict(house, one, "本人申请", living.houses.cause("custodian"))
    house.base.anchor.write("key-destroyed", office=OFFICE, month="2024-09", who="c", why="保管期满")
    restored = living.restore()
    assert (restored.restricted, restored.restricted_lost) == ((number,), (lost,))
    assert restored.keys_kept_destroyed == (f"{OFFICE}:2024-09",)
    assert living.restored("intake", "key_vault").count_documents({}) == 0
    with five_houses(living.client[living.target.prefix], mongo_url, amqp_url, living.folder) as after:
        with pytest.raises(ViewRestricted):
            answers.contact(after.houses["intake"], number=number, **QUESTION)
        with pytest.raises(KeyDestroyed):
            answers.contact(after.houses["intake"], number=old, **QUESTION)


class Pausing(Silent):
    """Lets something happen after the first file is written and before the next is read."""

    def __init__(self, happen: Callable[[], None]) -> None:
        self._happen: Callable[[], None] | None = happen

    def advance(self, units: int) -> None:
        happen, self._happen = self._happen, None
        if happen:
            happen()


def test_a_pair_of_writes_to_two_stores_is_never_torn(scene: Scene) -> None:
    """Intake, which is read first, says; dispatch, which is read later, hears."""
    said, heard = scene.of("intake", "cases"), scene.of("dispatch", "handlings")
    stop, written = threading.Event(), threading.Semaphore(0)

    def write() -> None:
        n = 0
        while not stop.is_set():
            said.insert_one({"_id": f"pair-{n}", "number": f"pair-{n}", "office": OFFICE})
            heard.insert_one({"_id": f"pair-{n}"})
            written.release()
            n += 1

    def wait_for_pairs() -> None:
        for _ in range(20):
            assert written.acquire(timeout=30)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        wait_for_pairs()
        scene.back_up(progress=Pausing(wait_for_pairs))
    finally:
        stop.set()
        writer.join()
    scene.restore()
    pairs = {
        store: {row["_id"] for row in scene.restored(*store).find({"_id": {"$regex": "^pair-"}}, {"_id": 1})}
        for store in (("intake", "cases"), ("dispatch", "handlings"))
    }
    torn = pairs["dispatch", "handlings"] - pairs["intake", "cases"]
    assert torn == set(), "heard, and said by nobody"
    assert len(pairs["dispatch", "handlings"]) >= 19


def test_a_collection_made_anew_meanwhile_begins_the_backup_anew(scene: Scene) -> None:
    handlings = scene.of("dispatch", "handlings")
    handlings.insert_one({"_id": "old"})

    def make_anew() -> None:
        handlings.drop()
        handlings.insert_many([{"_id": "new"}, {"_id": "newer"}])

    manifest = scene.back_up(progress=Pausing(make_anew))
    (part,) = [part for part in manifest.parts if part.collection == "handlings"]
    assert part.documents == 2


def test_data_keys_are_in_a_folder_of_their_own(scene: Scene) -> None:
    scene.back_up()
    assert not list(scene.data.rglob("key_vault*"))
    assert [p.parent.name for p in scene.keys.rglob("key_vault*")] == ["intake"]
    folders = (scene.data, scene.keys)
    assert len({json.loads((f / "manifest.json").read_text())["id"] for f in folders}) == 1


def test_indexes_come_back_as_they_were(scene: Scene) -> None:
    scene.back_up()
    scene.restore()
    for collection in ("cases", "journal", "waiting"):
        before = scene.of("intake", collection).index_information()
        assert scene.restored("intake", collection).index_information() == before


def test_files_come_back_with_their_pieces(scene: Scene) -> None:
    content, names = bytes(range(256)) * 4096, ("files.files", "files.chunks")
    source = scene.client[f"{scene.source}_intake"]
    GridFSBucket(source, "files", chunk_size_bytes=300_000).upload_from_stream_with_id("f", "f", content)
    scene.back_up()
    scene.restore()
    there = scene.client[f"{scene.target.prefix}_intake"]
    assert GridFSBucket(there, "files").open_download_stream("f").read() == content
    assert [there[n].index_information() for n in names] == [source[n].index_information() for n in names]


def test_stores_in_several_clusters_are_refused_with_a_reason(scene: Scene) -> None:
    with pytest.raises(SnapshotRefused, match=r"nowhere_intake.*同一集群"):
        back_up(scene.client, scene.data, scene.keys, prefix="nowhere")
    assert not scene.data.exists()


def test_a_backup_slower_than_the_history_says_what_to_raise(scene: Scene) -> None:
    knob = "minSnapshotHistoryWindowInSeconds"
    moved = threading.Event()

    def grow_old() -> None:
        for n in range(5):
            scene.of("dispatch", "clock").insert_one({"n": n})
            moved.wait(1)

    before = scene.client.admin.command({"getParameter": 1, knob: 1})[knob]
    scene.client.admin.command({"setParameter": 1, knob: 1})
    try:
        with pytest.raises(SnapshotRefused, match=rf"1 s of history.*{knob}: 6"):
            scene.back_up(progress=Pausing(grow_old))
    finally:
        scene.client.admin.command({"setParameter": 1, knob: before})
    assert not scene.data.exists()
    assert not scene.keys.exists()
    assert not list(scene.folder.glob(".*.tmp"))


@pytest.mark.parametrize("damage", ["changed", "missing", "manifest", "other keys"])
def test_a_damaged_backup_changes_nothing(scene: Scene, damage: str) -> None:
    scene.back_up()
    file = scene.data / "intake" / "cases.bson.gz"
    if damage == "changed":
        file.write_bytes(file.read_bytes()[:-1] + b"x")
    elif damage == "missing":
        file.unlink()
    elif damage == "manifest":
        (scene.data / "manifest.json").write_text("{")
    else:
        manifest = json.loads((scene.keys / "manifest.json").read_text())
        (scene.keys / "manifest.json").write_text(json.dumps({**manifest, "id": "other"}))
    told = {"manifest": "manifest", "other keys": "keys of another backup"}
    with pytest.raises(Damaged, match=told.get(damage, r"intake/cases\.bson\.gz")):
        scene.restore()
    assert scene.target.prefix not in "".join(scene.client.list_database_names())


def test_data_that_nobody_gave_up_are_not_replaced(scene: Scene) -> None:
    scene.back_up()
    scene.restored("feedback", "echoes").insert_one({"_id": "precious"})
    with pytest.raises(NotEmpty, match=f"{scene.target.prefix}_feedback"):
        scene.restore()
    assert scene.restored("feedback", "echoes").count_documents({}) == 1


def test_a_process_at_work_is_named_and_nothing_is_replaced(scene: Scene, mongo_url: str) -> None:
    scene.back_up()
    living = connect(mongo_url, name=process_name(f"{scene.target.prefix}_notify", "relay"))
    living.admin.command("ping")
    with pytest.raises(StillServing, match=f"{scene.target.prefix}_notify/relay"):
        scene.restore()
    living.close()
    wait_until(lambda: _restores(scene), 10, "the store knows that it left")


def _restores(scene: Scene) -> bool:
    """A connection that was closed is listed for a moment more."""
    try:
        scene.restore()
    except StillServing:
        return False
    return True


def test_a_worker_that_hears_is_named_and_without_one_the_queues_go(scene: Scene, amqp_url: str) -> None:
    scene.back_up()
    queue = inbox_of("notify")
    with pika.BlockingConnection(pika.URLParameters(amqp_url)) as connection:
        channel = connection.channel()
        channel.queue_declare(queue, durable=True, arguments={"x-queue-type": "quorum"})
        channel.basic_publish("", queue, b"of a time that is lost")
        hearing = channel.basic_consume(queue, lambda *_: None)
        with pytest.raises(StillServing, match=r"notify worker \(notify\.inbox\)"):
            scene.restore()
        channel.basic_cancel(hearing)
        scene.restore()
        with pytest.raises(ChannelClosedByBroker):
            channel.queue_declare(queue, passive=True)


def test_nothing_starts_on_a_restore_that_did_not_end(
    scene: Scene, mongo_url: str, amqp_url: str, tmp_path: Path
) -> None:
    scene.back_up()
    broken = Target(scene.target.client, "amqp://127.0.0.1:9/away", scene.target.anchor, scene.target.prefix)
    with pytest.raises(SnapshotRefused, match="RabbitMQ"):
        put_back(open_backup(scene.data, scene.keys), broken)
    keys = ensure_keys(tmp_path / "keys")
    settings = {
        "HUIYIN_MONGO_URL": mongo_url,
        "HUIYIN_MONGO_DATABASE": f"{scene.target.prefix}_intake",
        "HUIYIN_AMQP_URL": amqp_url,
        "HUIYIN_OFFICES_DIR": str(OFFICES),
        "HUIYIN_KEYS_DIR": str(keys.folder),
        "HUIYIN_ANCHOR_DIR": str(scene.target.anchor),
        "HUIYIN_TOKEN_JWKS": str(keys.tokens_public),
    }
    start = [sys.executable, "-m", "services.intake", "relay"]
    env = {**os.environ, **settings, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(start, env=env, cwd=ROOT, capture_output=True, timeout=120, check=False)
    assert ended.returncode == 78
    assert b"run `huiyin restore` again" in ended.stderr
    put_back(open_backup(scene.data, scene.keys), scene.target)
    assert restoration.last(scene.target.database("intake")) is not None
