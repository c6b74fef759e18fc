"""`huiyin token`: a bearer token of the local platform."""

from datetime import timedelta
from typing import Annotated

import typer

from huiyin.chassis.tokens import issue
from huiyin.cli.local import HERE, OFFICES, REFUSED, LocalFolder, LocalStack, OfficesFolder, fail, office
from huiyin.contracts.roles import ROLES


def show(
    role: Annotated[str, typer.Option(help=f"One of: {', '.join(ROLES)}.")],
    unit: Annotated[str, typer.Option(help="The unit, for the role `unit`.")] = "",
    office_id: Annotated[str, typer.Option("--office", help="The office.")] = "mayors-line",
    subject: Annotated[str, typer.Option(help="Who; by default the first who holds the role.")] = "",
    hours: Annotated[int, typer.Option(help="How long it holds.", min=1, max=24)] = 12,
    local: LocalFolder = HERE,
    offices: OfficesFolder = OFFICES,
) -> None:
    """Print a token of the local platform, for the header `Authorization: Bearer …`."""
    if role not in ROLES:
        fail(f"没有角色 {role}；可用：{'、'.join(ROLES)} (no such role)")
    folder = office(offices, office_id)
    if role == "unit" and unit not in folder.units:
        fail(f"角色 unit 须用 --unit 指明单位；可用：{'、'.join(folder.units)} (name a unit)", REFUSED)
    holders = [p for p in folder.holders(role) if not unit or p.unit == unit]
    who = subject or (holders[0].subject if holders else f"local-{unit or role}")
    typer.echo(
        issue(
            LocalStack(local).signing_key,
            subject=who,
            role=role,
            office=office_id,
            unit=unit,
            ttl=timedelta(hours=hours),
            issuer="huiyin",
            audience="huiyin",
        )
    )
