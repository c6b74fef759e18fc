"""Notify's knobs: what an operator must give, and what does not go together."""

import pytest

from huiyin.chassis.errors import WrongSetting
from huiyin.chassis.settings import read_settings
from services.notify.settings import NotifySettings

GIVEN = {
    "HUIYIN_MONGO_URL": "mongodb://mongo/",
    "HUIYIN_MONGO_DATABASE": "notify",
    "HUIYIN_AMQP_URL": "amqp://rabbit/",
    "HUIYIN_OFFICES_DIR": "/offices",
    "HUIYIN_KEYS_DIR": "/keys",
    "HUIYIN_ANCHOR_DIR": "/anchor",
    "HUIYIN_TOKEN_JWKS": "https://sign-in.example/jwks.json",
    "HUIYIN_SMTP_HOST": "mail.example",
    "HUIYIN_SMTP_SENDER": "noreply@huiyin.example",
    "HUIYIN_SMS_URL": "https://sms.example/messages",
    "HUIYIN_SMS_SECRET": "secret-of-the-gateway",
}


def test_with_all_given_mail_travels_over_starttls() -> None:
    settings = read_settings(NotifySettings, GIVEN)
    assert (settings.smtp_security, settings.smtp_port) == ("starttls", 587)
    assert "secret-of-the-gateway" not in repr(settings)


@pytest.mark.parametrize("name", ["SMTP_HOST", "SMTP_SENDER", "SMS_URL", "SMS_SECRET"])
def test_what_is_missing_is_named(name: str) -> None:
    given = {key: value for key, value in GIVEN.items() if key != f"HUIYIN_{name}"}
    with pytest.raises(WrongSetting, match=f"HUIYIN_{name}: missing"):
        read_settings(NotifySettings, given)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMS_URL", "http://sms.example/messages"),
        ("SMTP_SECURITY", "none"),
        ("SMTP_USER", "huiyin"),
        ("SMTP_PORT", "0"),
        ("PROVIDER_TIMEOUT_S", "0"),
    ],
)
def test_what_production_may_not_have_is_named(name: str, value: str) -> None:
    with pytest.raises(WrongSetting, match=f"HUIYIN_{name}"):
        read_settings(NotifySettings, {**GIVEN, f"HUIYIN_{name}": value})


def test_on_this_machine_messages_may_travel_openly() -> None:
    local = {
        "HUIYIN_ENVIRONMENT": "local",
        "HUIYIN_SMS_URL": "http://127.0.0.1:1/messages",
        "HUIYIN_SMTP_SECURITY": "none",
    }
    assert read_settings(NotifySettings, {**GIVEN, **local}).smtp_security == "none"
