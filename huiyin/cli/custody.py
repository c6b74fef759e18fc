"""`huiyin vault` and `huiyin case restrict`: what a custodian does, and what no backup undoes."""

from typing import Annotated

import typer

from huiyin.cli.local import office_of
from huiyin.cli.options import HERE, OFFICES, AnOffice, AsJson, LocalFolder, OfficesFolder, group
from huiyin.cli.reaching import platform
from huiyin.cli.saying import say, table
from huiyin.contracts.services import SERVICES

vault = group("The data keys that seal identity and words.")

Why = Annotated[str, typer.Option(help="The reason; it is kept outside the database too, so name no person.")]


@vault.command()
def destroy(
    office: AnOffice,
    month: Annotated[str, typer.Argument(help="Such as 2024-09; a month that is over.")],
    why: Why,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
    local: LocalFolder = HERE,
    offices: OfficesFolder = OFFICES,
) -> None:
    """Destroy the office's data keys of a month in every service, for good.

    What they sealed can never be opened again, nor after a restore.
    """
    if not yes:
        typer.confirm(
            f"{office} 在 {month} 封存的身份和原文将永远无法打开，确定？(can never be opened again; sure?)",
            abort=True,
            err=True,
        )
    with platform(local) as reached:
        custodian = reached.person("custodian", office, offices=offices)
        body = {"month": month, "why": why}
        answers = {s: custodian.post(s, "/vault/destructions", body)["destroyed"] for s in SERVICES}
    rows = [
        {"service": s, "what": "已销毁 destroyed" if done else "没有 had none"} for s, done in answers.items()
    ]
    columns = {"service": "服务 service", "what": f"{month} 的密钥 key"}
    say({"office": office, "month": month, "destroyed": answers}, as_json, table(columns, rows))


def restrict(
    number: Annotated[str, typer.Argument(help="The case number.")],
    why: Why,
    as_json: AsJson = False,
    local: LocalFolder = HERE,
    offices: OfficesFolder = OFFICES,
) -> None:
    """Restrict the view of a case at a person's request: its identity is opened no more."""
    with platform(local) as reached:
        office = "" if reached.with_own_token else office_of(offices, number)
        custodian = reached.person("custodian", office, offices=offices)
        answer = custodian.post("intake", f"/cases/{number}/restriction", {"why": why})
    say(answer, as_json, f"{number}: 已限制查看 (restricted since {answer['restricted_at']})")
