"""The three processes of a real service: wrong settings, probes, and an end in good order."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pymongo.database import Database

from deploy.local.keys import ensure_keys
from huiyin.chassis.mongo import Doc
from tests.chassis.running import SOON, Bus, Processes, free_port

ROOT = Path(__file__).parents[2]
SERVICE = "services.dispatch"


@pytest.fixture(scope="session")
def keys_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ensure_keys(tmp_path_factory.mktemp("keys")).folder


@pytest.fixture
def good(mongo_url: str, amqp_url: str, database: Database[Doc], keys_dir: Path) -> dict[str, str]:
    """Settings with which every process starts."""
    return {
        "HUIYIN_MONGO_URL": mongo_url,
        "HUIYIN_MONGO_DATABASE": database.name,
        "HUIYIN_AMQP_URL": amqp_url,
        "HUIYIN_OFFICES_DIR": str(ROOT / "deploy" / "offices"),
        "HUIYIN_KEYS_DIR": str(keys_dir),
        "HUIYIN_ANCHOR_DIR": str(keys_dir),
        "HUIYIN_TOKEN_JWKS": str(keys_dir / "tokens.public.jwks"),
        "HUIYIN_HTTP_PORT": str(free_port()),
    }


@pytest.mark.parametrize(
    ("process", "wrong"),
    [
        ("web", {"HUIYIN_TOKEN_JWKS": "", "HUIYIN_HTTP_PORT": "eighty"}),
        ("worker", {"HUIYIN_AMQP_URL": "http://rabbit", "HUIYIN_OFFICE_CLOCK": "/tmp/clock.json"}),
        ("worker", {"HUIYIN_OFFICES_DIR": "/nowhere"}),
        ("relay", {"HUIYIN_MONGO_URL": "", "HUIYIN_LOG_LEVEL": "LOUD", "HUIYIN_PROBE_PORT": "70000"}),
        ("relay", {"HUIYIN_KEYS_DIR": "/nowhere"}),
    ],
)
def test_a_wrong_setting_stops_the_start_with_its_name(
    processes: Processes, good: dict[str, str], process: str, wrong: dict[str, str]
) -> None:
    running = processes.start(SERVICE, process, **{**good, **wrong})
    assert running.ended() == 78, running.said()
    said = running.said()
    assert all(name in said for name in wrong)
    assert "Traceback" not in said
    assert urlsplit(good["HUIYIN_MONGO_URL"]).password not in said  # type: ignore[operator]


def test_a_process_that_does_not_exist_is_answered_with_the_usage(processes: Processes) -> None:
    running = processes.start(SERVICE, "waiter")
    assert running.ended() == 64
    assert "web|worker|relay" in running.said()


def test_worker_and_relay_answer_their_probes_and_end_in_good_order(
    processes: Processes, good: dict[str, str], bus: Bus
) -> None:
    started = {process: processes.start(SERVICE, process, **good) for process in ("worker", "relay")}
    for process, running in started.items():
        running.wait_ready()
        assert running.page("/healthz").status_code == 200
        assert "huiyin_" in running.page("/metrics").text
        own = {"worker": "inbox", "relay": "relay"}[process]
        assert set(running.ready()["checks"]) == {"store", "clock", "rulebooks", own}
    assert {q["name"] for q in bus.look("queues/{vhost}")} >= {"dispatch.inbox", "supervision.inbox"}
    for running in started.values():
        assert running.stop(10) == 0, running.said()


@pytest.mark.parametrize("module", ["tests.chassis.toy_worker", SERVICE])
def test_a_worker_whose_broker_is_away_says_so_and_still_ends_when_told(
    processes: Processes, good: dict[str, str], module: str
) -> None:
    away = f"amqp://guest:guest@127.0.0.1:{free_port()}/none"
    running = processes.start(module, "worker", **{**good, "HUIYIN_AMQP_URL": away, "TOY_AMQP": away})
    running.wait_problem("inbox", "broker: OperationalError")
    assert running.page("/healthz").status_code == 200
    assert running.stop(SOON) == 0, running.said()
