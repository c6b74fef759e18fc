"""`huiyin session`: the sessions that hold no more, at every service within seconds."""

import getpass
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from huiyin.chassis.revocations import Revocation, read_revocations, revoke
from huiyin.cli.ends import NOT_HERE, WRONG_USE, fail
from huiyin.cli.local import LocalStack
from huiyin.cli.moments import shown
from huiyin.cli.options import HERE, AsJson, LocalFolder, group
from huiyin.cli.saying import say, table

app = group("Signed-in sessions: revoke them before their end.")

#: As `huiyin token` and most sign-ins make them; a subject looks otherwise.
_TOKEN_ID: Final = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

ListFile = Annotated[
    Path | None,
    typer.Option("--list", envvar="HUIYIN_REVOCATIONS", help="The list; by default the local platform's."),
]


@app.command("revoke")
def revoke_(
    whom: Annotated[str, typer.Argument(help="A subject, or one token's id (its claim `jti`).")],
    why: Annotated[str, typer.Option(help="The reason, kept on the list.")],
    list_: ListFile = None,
    as_json: AsJson = False,
    local: LocalFolder = HERE,
) -> None:
    """Revoke one token, or all that a subject was given until now; every service refuses them (401).

    The line stays on the list as its record: who revoked, when and why.
    """
    if not why.strip():
        fail("收回登录须写明理由 (say why)", WRONG_USE)
    named = {"jti" if _TOKEN_ID.fullmatch(whom) else "subject": whom}
    made = Revocation(at=datetime.now(UTC), by=getpass.getuser(), why=why.strip(), **named)
    path = _list(list_, local)
    revoke(path, made)
    what = "该令牌 this token" if made.jti else "此人此前取得的全部令牌 every token given until now"
    say({**made.told(), "list": str(path)}, as_json, f"已收回 revoked: {whom}（{what}）")


@app.command("list")
def list_revoked(list_: ListFile = None, as_json: AsJson = False, local: LocalFolder = HERE) -> None:
    """Every revocation, oldest first."""
    rows = [one.told() for one in read_revocations(_list(list_, local))]
    columns = {"at": "时间 at", "whom": "对象 whom", "by": "办理人 by", "why": "理由 why"}
    lines = [{**row, "at": shown(row["at"]), "whom": row.get("subject") or row["jti"]} for row in rows]
    say({"revoked": rows}, as_json, table(columns, lines))


def _list(given: Path | None, local: Path) -> Path:
    path = given or LocalStack(local).revocations
    if not path.is_file():
        fail(f"没有 {path}：请用 --list 指明各服务所读的名单 (no such list)", NOT_HERE)
    return path
