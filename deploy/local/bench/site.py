"""What the benchmarks work on: a local platform of their own, and complaints without number."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from deploy.local.bench.clients import Connection
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
_TEXT: Final = (
    "小区门口的设施坏了两个多星期，晚上出入很不方便，上周还有老人在这里摔倒。"
    "物业说不归他们管，打过几次电话也没有人来看，请尽快派人查看并告知处理时间。"
)


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
    """Complaints, each of another person, with the unit that will get the order."""
    categories = itertools.cycle(UNITS.items())
    for n, (category, unit) in zip(itertools.count(1), categories, strict=False):
        yield _form(n, category), unit


def _form(n: int, category: str) -> Json:
    return {
        "channel": "call",
        "matters": [
            {
                "kind": "complaint",
                "category": category,
                "area": _AREA,
                "place": "和声路与琴台街交叉口",
                "text": f"{_TEXT}（第 {n} 次来电）",
                "wish": "请尽快处理",
            }
        ],
        "parties": [{"name": f"测试{n}", "phone": f"199{n:08d}", "work_unit": "不详"}],
    }
