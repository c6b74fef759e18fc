"""The five services, by the names used on the bus, in databases and in tokens."""

from typing import Final, Literal, get_args

Service = Literal["intake", "dispatch", "supervision", "feedback", "notify"]

SERVICES: Final[tuple[Service, ...]] = get_args(Service)
