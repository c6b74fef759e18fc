"""Secrets planted in the settings are in no line that a process writes, whatever goes wrong."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pymongo.database import Database

from deploy.local.keys import ensure_keys
from deploy.local.platform import OFFICES
from deploy.local.processes import wait_until
from huiyin.chassis.errors import WrongSetting
from huiyin.chassis.mongo import Doc
from huiyin.chassis.settings import read_settings
from services.notify.settings import NotifySettings
from tests.chassis.running import SOON, Processes, Running

PLANTED = "Geheim-7f3a91"


@pytest.fixture
def planted(mongo_url: str, amqp_url: str, database: Database[Doc], tmp_path: Path) -> dict[str, str]:
    """Settings of notify whose own secrets are planted; each URL comes from a file."""
    keys = ensure_keys(tmp_path / "keys").folder
    urls = {"HUIYIN_MONGO_URL": mongo_url, "HUIYIN_AMQP_URL": amqp_url}
    env = {f"{name}_FILE": str(tmp_path / name) for name in urls}
    for name, url in urls.items():
        (tmp_path / name).write_text(url + "\n")
    return env | {
        "HUIYIN_MONGO_DATABASE": database.name,
        "HUIYIN_OFFICES_DIR": str(OFFICES),
        "HUIYIN_KEYS_DIR": str(keys),
        "HUIYIN_ANCHOR_DIR": str(keys),
        "HUIYIN_TOKEN_JWKS": str(keys / "tokens.public.jwks"),
        "HUIYIN_SMTP_HOST": "127.0.0.1",
        "HUIYIN_SMTP_SENDER": "x@huiyin.example",
        "HUIYIN_SMTP_USER": "x",
        "HUIYIN_SMTP_PASSWORD": f"{PLANTED}-smtp",
        "HUIYIN_SMS_URL": "https://127.0.0.1:9/messages",
        "HUIYIN_SMS_SECRET": f"{PLANTED}-sms",
        "HUIYIN_LOG_LEVEL": "DEBUG",
    }


def _with_password(env: dict[str, str], name: str, netloc: str) -> dict[str, str]:
    """The same settings, but one URL with a planted password, or at a place where nobody is."""
    parts = urlsplit(Path(env[f"{name}_FILE"]).read_text())
    place = netloc or (parts.hostname or "") + f":{parts.port}"
    user = parts.username
    changed = parts._replace(netloc=f"{user}:{PLANTED}@{place}").geturl()
    return {**{k: v for k, v in env.items() if k != f"{name}_FILE"}, name: changed}


def _says_nothing(running: Running, *words: str) -> None:
    said = running.said()
    assert PLANTED not in said
    assert "Traceback" not in said
    for word in words:
        assert word in said


def test_no_failing_connection_tells_a_password(processes: Processes, planted: dict[str, str]) -> None:
    nowhere = _with_password(planted, "HUIYIN_MONGO_URL", "127.0.0.1:9")
    stranger = _with_password(planted, "HUIYIN_MONGO_URL", "")
    refused = _with_password(planted, "HUIYIN_AMQP_URL", "")
    away = processes.start("services.notify", "web", **nowhere)
    unknown = processes.start("services.notify", "web", **stranger)
    worker = processes.start("services.notify", "worker", **refused)
    relay = processes.start("services.notify", "relay", **refused)
    wait_until(lambda: "ACCESS_REFUSED" in str(relay.ready()), SOON * 3, "the relay is refused")
    wait_until(lambda: "inbox lost the broker" in worker.said(), SOON * 3, "the worker is refused")
    assert (away.ended(SOON * 3), unknown.ended(SOON * 3)) == (75, 75)
    for running in (worker, relay):
        assert PLANTED not in running.page("/metrics").text
        assert PLANTED not in str(running.ready())
        running.stop()
    _says_nothing(away, "MongoDB: 127.0.0.1:9: ", "Connection refused")
    _says_nothing(unknown, "MongoDB: Authentication failed")
    # nameko ends its own consumer with a traceback when it is told to stop while the broker refuses it.
    assert PLANTED not in worker.said()
    _says_nothing(relay, "ACCESS_REFUSED")


def test_settings_show_and_tell_no_secret_even_when_it_is_badly_written(planted: dict[str, str]) -> None:
    shown = repr(read_settings(NotifySettings, planted))
    assert PLANTED not in shown
    assert "mongodb://" not in shown
    assert "amqp://" not in shown
    for name, scheme in (("HUIYIN_MONGO_URL", "mongodb"), ("HUIYIN_AMQP_URL", "amqp")):
        for bad in (f"u:{PLANTED}/x@h/v", f"{PLANTED}:port/v", f"u:{PLANTED}"):
            env = {k: v for k, v in planted.items() if k != f"{name}_FILE"}
            with pytest.raises(WrongSetting, match=f"{name}: .*percent-encode") as told:
                read_settings(NotifySettings, {**env, name: f"{scheme}://{bad}"})
            assert PLANTED not in str(told.value)
