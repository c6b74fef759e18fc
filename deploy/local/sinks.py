"""Where the local platform's messages end: a mailbox and an SMS gateway on loopback."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.local.ports import Ports


@dataclass(frozen=True)
class Sink:
    """One program that takes what notify sends."""

    module: str

    def env(self, folder: Path) -> Mapping[str, str]:
        """What it needs to know."""
        return {}


SINKS: Final[Mapping[str, Sink]] = {}


def sink_settings(ports: Ports, folder: Path) -> Mapping[str, str]:
    """How notify finds them."""
    return {}
