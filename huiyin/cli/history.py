"""`huiyin history resend`: have services say again what they said."""

from typing import Annotated

import typer

from huiyin.cli.moments import given
from huiyin.cli.options import FIRST_OFFICE, HERE, AsJson, LocalFolder, group, one_of
from huiyin.cli.reaching import known_service, platform
from huiyin.cli.saying import say
from huiyin.contracts.services import SERVICES

app = group("What the services said: have it said again.")


@app.command()
def resend(
    service: Annotated[
        str, typer.Option(help="Only this service's.", autocompletion=one_of(lambda: SERVICES))
    ] = "",
    office: Annotated[str, typer.Option("--office", "-o", help="Only this office's.")] = "",
    case: Annotated[str, typer.Option(help="Only this case's.")] = "",
    since: Annotated[str, typer.Option(help="Only of cases with a step since, such as 2024-09-30.")] = "",
    as_json: AsJson = False,
    local: LocalFolder = HERE,
) -> None:
    """Have every event said again, after a restore or for a hearer that lost a step; recorded.

    Hearers know the ids of what they handled: nothing takes effect twice. New events wait behind.
    """
    which = {name: value for name, value in (("office", office), ("case", case)) if value}
    if since:
        which["since"] = given(since).isoformat()
    wanted = [known_service(service)] if service else list(SERVICES)
    with platform(local) as reached:
        admin = reached.person("admin", office or FIRST_OFFICE)
        told = {one: admin.post(one, "/history/resend", which)["documents"] for one in wanted}
    lines = (
        f"{one}: {count} 件将重发 (documents whose events are said again)" for one, count in told.items()
    )
    say(told, as_json, *lines)
