"""Supervision's knobs."""

from dataclasses import dataclass

from huiyin.chassis.settings import BaseSettings, knob


@dataclass(frozen=True, kw_only=True)
class SupervisionSettings(BaseSettings):
    """The base's knobs, and how long a clock that is due waits for dispatch's tide."""

    hold_seconds: float = knob(900.0, example="900", least=0)
