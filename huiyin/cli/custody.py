"""`huiyin vault …` and `huiyin case restrict`: the keys, and what a custodian does that no backup undoes."""

import secrets
from collections.abc import Mapping
from typing import Annotated, Any, Final

import typer

from deploy.local.files import create_private
from huiyin.chassis.masters import FILE, MASTER_KEY_BYTES, file_of, is_file_name
from huiyin.cli.ends import WRONG_USE, fail
from huiyin.cli.local import LocalStack, office_of
from huiyin.cli.options import (
    FIRST_OFFICE,
    HERE,
    OFFICES,
    AnOffice,
    AsJson,
    LocalFolder,
    OfficeName,
    OfficesFolder,
    group,
)
from huiyin.cli.reaching import platform
from huiyin.cli.saying import say, table
from huiyin.client.line import Json, Person
from huiyin.contracts.services import SERVICES, Service

vault = group("Data keys by month, the master key over them, and retention.")

Why = Annotated[str, typer.Option(help="The reason; it is kept outside the database too, so name no person.")]

_SERVICE: Final = {"service": "服务 service"}
_AT_ONCE: Final = 100


@vault.command()
def due(
    office: AnOffice,
    as_json: AsJson = False,
    local: LocalFolder = HERE,
    offices: OfficesFolder = OFFICES,
) -> None:
    """The months of the office that have data keys, until when each is kept, and which may go now."""
    with platform(local) as reached:
        custodian = reached.person("custodian", office, offices=offices)
        held = {s: set(custodian.get(s, "/vault/keys")["months"]) for s in SERVICES}
        months = sorted(set().union(*held.values()))
        rows = _retention(custodian, months)
    for row in rows:
        row["services"] = [s for s in SERVICES if row["month"] in held[s]]
    columns = {
        "month": "月份 month",
        "ends_on": "保管至 kept until",
        "over": "期满 over",
        "why": "不能销毁的原因 why not",
        "services": "有密钥的服务 services with a key",
    }
    say({"office": office, "months": rows}, as_json, table(columns, rows))


@vault.command()
def destroy(
    office: AnOffice,
    month: Annotated[str, typer.Argument(help="Such as 2024-09; a month that is over.")],
    why: Why,
    early: Annotated[
        bool, typer.Option("--early", help="Although its retention runs on, or cases of it are open.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
    local: LocalFolder = HERE,
    offices: OfficesFolder = OFFICES,
) -> None:
    """Destroy the office's data keys of a month in every service, for good.

    What they sealed can never be opened again, nor after a restore. A month whose retention runs on
    is refused: see `huiyin vault due`.
    """
    if not yes:
        typer.confirm(
            f"{office} 在 {month} 封存的身份和原文将永远无法打开，确定？(can never be opened again; sure?)",
            abort=True,
            err=True,
        )
    body = {"month": month, "why": why, "early": early}
    with platform(local) as reached:
        custodian = reached.person("custodian", office, offices=offices)
        answers = {s: custodian.post(s, "/vault/destructions", body)["destroyed"] for s in SERVICES}
    rows = [
        {"service": s, "what": "已销毁 destroyed" if done else "没有 had none"} for s, done in answers.items()
    ]
    columns = {**_SERVICE, "what": f"{month} 的密钥 key"}
    say({"office": office, "month": month, "destroyed": answers}, as_json, table(columns, rows))


@vault.command()
def rotate(
    name: Annotated[str, typer.Argument(help="NAME of master-NAME.key, or aws:… or kmip:… of a KMS.")],
    why: Why,
    office: OfficeName = FIRST_OFFICE,
    as_json: AsJson = False,
    local: LocalFolder = HERE,
    offices: OfficesFolder = OFFICES,
) -> None:
    """Have new data keys wrapped by the master key `master-NAME.key`, or by a KMS, while all runs.

    Lay that file, or a `master-*.kms` with the KMS's address, into every process's keys folder first (the
    local stack makes the key by itself). Nothing is changed unless all five services know it. Then `huiyin
    vault rewrap`.
    """
    in_file = ":" not in name
    if in_file and not is_file_name(name):
        fail(f"{name}：主密钥名只能用字母、数字和 _ (letters, digits and _ only)", WRONG_USE)
    wanted = f"{FILE}:{name}" if in_file else name
    with platform(local) as reached:
        if in_file and not reached.with_own_token:
            _make_master(LocalStack(local), name)
        admin = reached.person("admin", office, offices=offices)
        known = {s: admin.get(s, "/vault/masters")["known"] for s in SERVICES}
        if missing := [s for s in SERVICES if wanted not in known[s]]:
            fail(
                f"{'、'.join(missing)} 还没有 {file_of(name) if in_file else name}，未作任何改动："
                "请先把主密钥或写有其地址的 master-*.kms 分发到各进程的密钥目录"
                " (these do not have it yet; nothing was changed)"
            )
        answers = {s: admin.post(s, "/vault/masters", {"name": wanted, "why": why}) for s in SERVICES}
    rows = [{"service": s, **answer} for s, answer in answers.items()]
    columns = {**_SERVICE, "before": "此前 before", "current": "现用 in use"}
    say(answers, as_json, table(columns, rows), _NOW_REWRAP)


@vault.command()
def rewrap(
    why: Why,
    office: OfficeName = FIRST_OFFICE,
    as_json: AsJson = False,
    local: LocalFolder = HERE,
    offices: OfficesFolder = OFFICES,
) -> None:
    """Wrap every data key by the master key in use, while all runs; what they sealed stays as it is."""
    with platform(local) as reached:
        admin = reached.person("admin", office, offices=offices)
        answers = {s: admin.post(s, "/vault/rewraps", {"why": why}) for s in SERVICES}
    columns = {**_SERVICE, "rewrapped": "重新封装 rewrapped", "wraps": "各主密钥封装 wrapped by each"}
    say(answers, as_json, table(columns, _told(answers)), _NOW_TAKE_AWAY)


@vault.command()
def masters(
    office: OfficeName = FIRST_OFFICE,
    as_json: AsJson = False,
    local: LocalFolder = HERE,
    offices: OfficesFolder = OFFICES,
) -> None:
    """The master keys: which is in use, which are known, and how many data keys each wraps."""
    with platform(local) as reached:
        admin = reached.person("admin", office, offices=offices)
        answers = {s: admin.get(s, "/vault/masters") for s in SERVICES}
    columns = {
        **_SERVICE,
        "current": "现用 in use",
        "known": "已知 known",
        "wraps": "各主密钥封装 wrapped by each",
    }
    say(answers, as_json, table(columns, _told(answers)))


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


_NOW_REWRAP: Final = (
    "新的数据密钥由它封装；原有的请用 huiyin vault rewrap 重新封装。"
    " (New data keys are wrapped by it; `huiyin vault rewrap` takes the others over.)"
)
_NOW_TAKE_AWAY: Final = (
    "只有一把主密钥还在封装时，旧的可从密钥目录移走；旧备份仍需要它，请另行保管。"
    " (When only one wraps any, the old one may leave the keys folder; old backups still need it.)"
)


def _retention(custodian: Person, months: list[str]) -> list[Json]:
    rows: list[Json] = []
    for first in range(0, len(months), _AT_ONCE):
        asked = ",".join(months[first : first + _AT_ONCE])
        rows += custodian.get("intake", "/retention", months=asked)["months"]
    return rows


def _make_master(stack: LocalStack, name: str) -> None:
    """Into the folder that all processes of the local stack read."""
    create_private(stack.keys_folder / file_of(name), secrets.token_bytes(MASTER_KEY_BYTES))


def _told(answers: Mapping[Service, Json]) -> list[dict[str, Any]]:
    return [
        {"service": s, **answer, "wraps": [f"{name} × {n}" for name, n in answer["wraps"].items()]}
        for s, answer in answers.items()
    ]
