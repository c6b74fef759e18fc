"""What an operator sees of the settings."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from huiyin.chassis.errors import WrongSetting
from huiyin.chassis.settings import BaseSettings, knob, read_settings

GOOD = {
    "HUIYIN_MONGO_URL": "mongodb://u:hush@mongo:27017/?replicaSet=rs0",
    "HUIYIN_MONGO_DATABASE": "intake",
    "HUIYIN_AMQP_URL": "amqp://u:hush@rabbit:5672/huiyin",
    "HUIYIN_OFFICES_DIR": "/offices",
    "HUIYIN_KEYS_DIR": "/keys",
    "HUIYIN_ANCHOR_DIR": "/anchor",
    "HUIYIN_TOKEN_JWKS": "https://sign-in.example/jwks.json",
}


@dataclass(frozen=True, kw_only=True)
class DemoSettings(BaseSettings):
    patience: float = knob(2.5)
    loud: bool = knob(False)


def test_defaults_and_types_are_read() -> None:
    settings = read_settings(DemoSettings, GOOD | {"HUIYIN_HTTP_PORT": "8000", "HUIYIN_LOUD": "true"})
    assert (settings.http_port, settings.loud, settings.patience) == (8000, True, 2.5)
    assert settings.offices_dir == Path("/offices")
    assert settings.office_clock is None
    assert settings.environment == "production"


def test_all_that_is_wrong_is_told_at_once_with_examples() -> None:
    wrong = GOOD | {
        "HUIYIN_MONGO_URL": "mongo:27017",
        "HUIYIN_HTTP_PORT": "eighty",
        "HUIYIN_PROBE_PORT": "70000",
        "HUIYIN_LOUD": "maybe",
        "HUIYIN_PATIENCE": "nan",
        "HUIYIN_LOG_LEVEL": "LOUD",
        "HUIYIN_KEYS_DIR": "",
    }
    with pytest.raises(WrongSetting) as refused:
        read_settings(DemoSettings, wrong)
    message = str(refused.value)
    assert "7 wrong or missing settings" in message
    for name in ("MONGO_URL", "HTTP_PORT", "PROBE_PORT", "LOUD", "PATIENCE", "LOG_LEVEL", "KEYS_DIR"):
        assert f"HUIYIN_{name}: " in message
    assert "HUIYIN_KEYS_DIR: missing (example: HUIYIN_KEYS_DIR=/run/secrets/huiyin)" in message


def test_a_wrong_secret_is_not_repeated_in_the_message() -> None:
    with pytest.raises(WrongSetting) as refused:
        read_settings(DemoSettings, GOOD | {"HUIYIN_AMQP_URL": "http://u:hush@rabbit"})
    assert "hush" not in str(refused.value)


def test_production_refuses_the_simulated_clock() -> None:
    with pytest.raises(WrongSetting, match="HUIYIN_OFFICE_CLOCK: production"):
        read_settings(DemoSettings, GOOD | {"HUIYIN_OFFICE_CLOCK": "/clock.json"})


def test_production_keeps_an_anchor_outside_the_database() -> None:
    with pytest.raises(WrongSetting, match="HUIYIN_ANCHOR_DIR: production"):
        read_settings(DemoSettings, GOOD | {"HUIYIN_ANCHOR_DIR": ""})
    local = GOOD | {"HUIYIN_ANCHOR_DIR": "", "HUIYIN_ENVIRONMENT": "local"}
    assert read_settings(DemoSettings, local).anchor_dir is None


def test_the_local_stack_may_simulate_the_clock() -> None:
    local = GOOD | {"HUIYIN_OFFICE_CLOCK": "/clock.json", "HUIYIN_ENVIRONMENT": "local"}
    assert read_settings(DemoSettings, local).office_clock == Path("/clock.json")


def test_keys_are_not_fetched_over_plain_http() -> None:
    with pytest.raises(WrongSetting, match=r"HUIYIN_TOKEN_JWKS: .*https"):
        read_settings(DemoSettings, GOOD | {"HUIYIN_TOKEN_JWKS": "http://sign-in.example/jwks.json"})


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mongo"
    file.write_text("mongodb://from-file\n")
    environ = {k: v for k, v in GOOD.items() if k != "HUIYIN_MONGO_URL"}
    assert read_settings(DemoSettings, environ | {"HUIYIN_MONGO_URL_FILE": str(file)}).mongo_url == (
        "mongodb://from-file"
    )
    with pytest.raises(WrongSetting, match="given twice"):
        read_settings(DemoSettings, GOOD | {"HUIYIN_MONGO_URL_FILE": str(file)})
    with pytest.raises(WrongSetting, match="cannot be read"):
        read_settings(DemoSettings, environ | {"HUIYIN_MONGO_URL_FILE": str(tmp_path / "none")})


def test_secrets_do_not_show_in_the_repr() -> None:
    assert "hush" not in repr(read_settings(DemoSettings, GOOD))


def test_a_secret_field_that_would_show_is_refused() -> None:
    @dataclass(frozen=True)
    class Careless:
        password: str = field(metadata={"secret": True})

    with pytest.raises(TypeError, match="shows in the repr"):
        read_settings(Careless, {"HUIYIN_PASSWORD": "x"})
