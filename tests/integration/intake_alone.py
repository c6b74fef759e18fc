"""Intake started by a test alone, without a platform: nobody listens to what it says."""

from pathlib import Path
from typing import Any

from flask import Flask

from deploy.local.keys import Keys
from huiyin.chassis.runner.web import wsgi
from services.intake.__main__ import INTAKE
from services.intake.settings import IntakeSettings
from services.intake.use_cases.house import House


def intake_settings(
    folder: Path, keys: Keys, mongo_url: str, database: str, offices: Path, **more: Any
) -> IntakeSettings:
    """The office clock and the anchor lie in the folder; the anchor is made."""
    (folder / "anchor").mkdir(exist_ok=True)
    return IntakeSettings(
        mongo_url=mongo_url,
        mongo_database=database,
        amqp_url="amqp://127.0.0.1:9/nobody-listens",
        offices_dir=offices,
        keys_dir=keys.folder,
        anchor_dir=folder / "anchor",
        environment="local",
        office_clock=folder / "clock.json",
        token_jwks=str(keys.tokens_public),
        **more,
    )


def intake_app(settings: IntakeSettings) -> tuple[Flask, House]:
    """Its web, and the house behind it; whoever asks closes the house's base."""
    houses: list[House] = []

    def remembered(base: Any) -> House:
        houses.append(INTAKE.house(base))
        return houses[-1]

    app = wsgi(type(INTAKE)(**{**vars(INTAKE), "house": remembered}), settings)
    return app, houses[0]
