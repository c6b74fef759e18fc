"""`huiyin token`: a bearer token of the local platform."""

from datetime import timedelta
from typing import Annotated

import typer

from huiyin.chassis.tokens import issue
from huiyin.cli.ends import WRONG_USE, fail
from huiyin.cli.local import LocalStack, holder, office
from huiyin.cli.options import (
    FIRST_OFFICE,
    HERE,
    OFFICES,
    AsJson,
    LocalFolder,
    OfficeName,
    OfficesFolder,
    RoleName,
    single,
)
from huiyin.cli.saying import say
from huiyin.client.line import ISSUER
from huiyin.contracts.roles import ROLES

app = single()


@app.command()
def token(
    role: RoleName,
    unit: Annotated[str, typer.Option(help="The unit, for the role `unit`.")] = "",
    office_id: OfficeName = FIRST_OFFICE,
    subject: Annotated[str, typer.Option(help="Who; by default the first who holds the role.")] = "",
    hours: Annotated[int, typer.Option(help="How long it holds.", min=1, max=24)] = 12,
    as_json: AsJson = False,
    local: LocalFolder = HERE,
    offices: OfficesFolder = OFFICES,
) -> None:
    """Print a bearer token of the local platform, for the header Authorization."""
    if role not in ROLES:
        fail(f"没有角色 {role}；可用：{'、'.join(ROLES)} (no such role)", WRONG_USE)
    units = office(offices, office_id).units
    if role == "unit" and unit not in units:
        fail(f"角色 unit 须用 --unit 指明单位；可用：{'、'.join(units)} (name a unit)", WRONG_USE)
    who = subject or holder(offices, office_id, role, unit)
    made = issue(
        LocalStack(local).signing_key,
        subject=who,
        role=role,
        office=office_id,
        unit=unit,
        ttl=timedelta(hours=hours),
        issuer=ISSUER,
        audience=ISSUER,
    )
    say({"token": made, "subject": who, "role": role, "office": office_id, "unit": unit}, as_json, made)
