"""The roles a staff token may carry."""

from typing import Final, Literal, get_args

Role = Literal[
    "operator",
    "dispatcher",
    "leader",
    "unit",
    "supervisor",
    "callback",
    "records",
    "custodian",
    "rulebook",
    "auditor",
    "admin",
]

ROLES: Final[tuple[Role, ...]] = get_args(Role)
