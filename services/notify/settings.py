"""Notify's knobs: the mail server and the SMS gateway."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from huiyin.chassis.settings import BaseSettings, knob


@dataclass(frozen=True, kw_only=True)
class NotifySettings(BaseSettings):
    """Where messages go out."""

    smtp_host: str = knob(example="mail.huiyin.example")
    smtp_port: int = knob(587, example="587", least=1, most=65535)
    smtp_sender: str = knob(example="noreply@huiyin.example")
    smtp_security: Literal["none", "starttls", "tls"] = knob("starttls", example="starttls")
    smtp_user: str = knob("", example="huiyin")
    smtp_password: str = knob("", example="(the mail server's password)", secret=True)
    sms_url: str = knob(example="https://sms.example/messages", schemes=("http", "https"))
    sms_secret: str = knob(example="(the secret shared with the SMS gateway)", secret=True)
    provider_timeout_s: float = knob(10.0, example="10", least=0.1)
    feeds_url: str = knob(
        "",
        example="amqp://notify-feeds:password@rabbit:5672/departments",
        secret=True,
        schemes=("amqp", "amqps"),
    )

    @classmethod
    def conflicts(cls, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """What does not go together, beside the rules of all services."""
        yield from super().conflicts(values)
        production = values.get("environment") == "production"
        if production and str(values.get("sms_url", "")).startswith("http://"):
            yield "sms_url", "phone numbers travel over https only"
        if production and values.get("smtp_security") == "none":
            yield "smtp_security", "mail travels over starttls or tls only"
        if bool(values.get("smtp_user")) is not bool(values.get("smtp_password")):
            yield "smtp_user", "give both smtp_user and smtp_password, or neither"
