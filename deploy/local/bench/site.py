"""What the benchmarks work on: a local platform of their own, and complaints without number."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import yaml

from deploy.local.bench.clients import Connection
from deploy.local.samples import FOLDER
from deploy.local.stack import Stack
from huiyin.client.line import Json
from huiyin.contracts.roles import Role
from huiyin.contracts.services import Service

OFFICE: Final = "mayors-line"
#: Categories that the catalogue gives to one unit alone, so that a case has one order.
UNITS: Final = {
    "transport/bus": "bus_company",
    "utilities/power": "power_company",
    "utilities/gas": "gas_company",
    "utilities/heating": "heating_company",
}
_AREA: Final = "990101001"


@dataclass(frozen=True)
class Site:
    """A started stack, seen from outside."""

    stack: Stack

    def connection(self, service: Service, role: Role, unit: str = "") -> Connection:
        """A connection of its own for one member of staff, whom the directory knows."""
        desks = self.stack.desks[OFFICE]
        person = desks.unit(unit) if unit else desks.role(role)
        return Connection(self.stack.platform.url(service), person.headers())


def forms() -> Iterator[tuple[Json, str]]:
    """Complaints, each of another person about something else, with the unit that will get the order."""
    categories = itertools.cycle(UNITS.items())
    for n, (category, unit) in zip(itertools.count(1), categories, strict=False):
        yield _form(n, category), unit


def _form(n: int, category: str) -> Json:
    place, text = _told(n)
    return {
        "channel": "call",
        "matters": [
            {
                "kind": "complaint",
                "category": category,
                "area": _AREA,
                "place": place,
                "text": text,
                "wish": "请尽快处理",
            }
        ],
        "parties": [{"name": f"测试{n}", "phone": f"199{n:08d}", "work_unit": "不详"}],
    }


def _told(n: int) -> tuple[str, str]:
    """A place and words: one sample and how another one ends, another pair each time.

    Were all words the same, every case would be like every other, as in one incident of thousands.
    """
    samples = _samples()
    round_, one = divmod(n, len(samples))
    place, words = samples[one]
    _, others = samples[(one + round_ * 7 + 1) % len(samples)]
    return place, words + others.removesuffix("。").rpartition("。")[2] + "。"


@cache
def _samples() -> list[tuple[str, str]]:
    """Each sample's place and words."""
    rows = [row for file in sorted(FOLDER.glob("*.yaml")) for row in yaml.safe_load(file.read_text("utf-8"))]
    return [(row["matters"][0].get("place", ""), row["text"]) for row in rows]
