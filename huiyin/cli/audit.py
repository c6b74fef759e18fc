"""`huiyin audit`: search the audit of the five services, and prove that none of its lines was altered."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from huiyin.cli.ends import REFUSED
from huiyin.cli.moments import given, shown
from huiyin.cli.options import FIRST_OFFICE, HERE, AsJson, LocalFolder, OfficeName, group, one_of
from huiyin.cli.proving import Proved, prove, written_heads
from huiyin.cli.reaching import known_service, platform
from huiyin.cli.saying import say, table
from huiyin.client.line import Json
from huiyin.contracts.services import SERVICES

app = group("Who read, was refused or exported what; prove that no line was altered.")

OneService = Annotated[
    str, typer.Option(help="Only this service's.", autocompletion=one_of(lambda: SERVICES))
]

_MOST: Final = 200
_SHOWN: Final = 20
_COLUMNS: Final = {
    "when": "时间 when",
    "service": "服务 service",
    "what": "何事 what",
    "who": "何人 who",
    "role": "角色 role",
    "case": "诉求 case",
    "detail": "详情 detail",
    "id": "编号 id",
}
_WRONG: Final = {
    "row-altered": "记录被改动 (a row was altered)",
    "row-removed": "记录被删除 (a row was removed)",
    "row-added": "封存之后加进来的记录 (a row was added to what was sealed)",
    "row-forged": "不是服务写下的记录 (a row that no service wrote)",
    "batch-altered": "封存批次被改动，或与前一批接不上 (a batch was altered)",
    "batch-removed": "封存批次被删除 (a batch was removed)",
    "cut-off": "链尾被截断：别的服务存有更新的链头 (the end was cut off)",
    "head-differs": "链头与别的服务所存不符：此批起被重写 (rewritten from this batch on)",
}
_ADVICE: Final = (
    "→ 库内数据被人直接改动。保全现场，与备份比对，查数据库自身日志："
    "docs/audit.md (somebody wrote into the database: keep it as it is, compare with a backup)"
)


@app.command()
def verify(
    service: OneService = "",
    anchor: Annotated[
        Path | None, typer.Option(file_okay=False, help="HUIYIN_ANCHOR_DIR; by default that of `make run`.")
    ] = None,
    as_json: AsJson = False,
    local: LocalFolder = HERE,
) -> None:
    """Prove every row and batch, and compare the chains with the heads that are kept elsewhere.

    Exit codes: 0 all holds; 1 something was altered (each line is named); 3 a service does not answer.
    """
    wanted = [known_service(service)] if service else SERVICES
    lines = written_heads(anchor or local / "anchor")
    with platform(local) as reached:
        auditor = reached.person("auditor", FIRST_OFFICE)
        proved = [prove(auditor, one, lines) for one in wanted]
    holds = not any(one.findings for one in proved)
    say({"holds": holds, "services": [asdict(one) for one in proved]}, as_json, *_told(proved))
    if not holds:
        raise typer.Exit(REFUSED)


@app.command()
def search(
    who: Annotated[str, typer.Option(help="A person's subject, such as ml-callback-1.")] = "",
    what: Annotated[str, typer.Option(help="Such as refused, contact, identity.opened, message.")] = "",
    case: Annotated[str, typer.Option(help="A case number.")] = "",
    since: Annotated[str, typer.Option(help="A day or a time, such as 2024-09-30.")] = "",
    until: Annotated[str, typer.Option(help="A day or a time; itself not included.")] = "",
    before: Annotated[str, typer.Option(help="A row's id: the page of older ones.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=_MOST, help="How many.")] = 50,
    service: OneService = "",
    office: OfficeName = FIRST_OFFICE,
    as_json: AsJson = False,
    local: LocalFolder = HERE,
) -> None:
    """Who read, was refused or exported what, newest first; the search itself is recorded."""
    words = {"who": who, "what": what, "case": case, "before": before}
    moments = {"since": since, "until": until}
    query = {name: value for name, value in words.items() if value}
    query |= {name: given(value).isoformat() for name, value in moments.items() if value}
    wanted = [known_service(service)] if service else SERVICES
    with platform(local) as reached:
        auditor = reached.person("auditor", office)
        rows = [
            {"service": one, **row}
            for one in wanted
            for row in auditor.get(one, "/audit", limit=limit, **query)["rows"]
        ]
    newest = sorted(rows, key=lambda row: str(row["id"]), reverse=True)[:limit]
    older = f"更早的 (older): --before {newest[-1]['id']}" if len(newest) == limit else ""
    say({"rows": newest}, as_json, table(_COLUMNS, map(_line, newest)), *filter(None, [older]))


def _line(row: Json) -> Json:
    detail = "、".join(f"{name}={value}" for name, value in row["detail"].items())
    who = row["who"]
    return {**row, "when": shown(row["when"]), "who": who["subject"], "role": who["role"], "detail": detail}


# -- what was found ----------------------------------------------------------------------------


def _told(proved: list[Proved]) -> Iterator[Any]:
    columns = {
        "service": "服务 service",
        "rows": "已封存 sealed",
        "batches": "批次 batches",
        "anchor": "链头存于 head kept by",
        "unsealed": "待封存 not sealed yet",
    }
    yield table(columns, [{**asdict(one), "anchor": _anchor(one)} for one in proved])
    for one in proved:
        if one.restored:
            yield f"· {one.service} 于 {shown(one.restored)} 从备份恢复 (restored from a backup)"
        yield from _wrong(one)
    if any(one.findings for one in proved):
        yield _ADVICE
    else:
        yield "✓ 审计链完整：没有改动、删除、截断 (the audit holds: nothing altered, removed or cut off)"


def _anchor(one: Proved) -> str:
    return f"{one.keeper}：第 {one.anchored} 批" if one.anchored else f"{one.keeper}：尚无 (none yet)"


def _wrong(one: Proved) -> Iterator[str]:
    for finding in one.findings[:_SHOWN]:
        row = finding.get("row", "")
        where = [f"第 {finding['batch']} 批" if finding["batch"] else "", f"记录 {row}" if row else ""]
        seen = [finding.get("what", ""), finding.get("office", ""), shown(finding.get("at", ""))]
        yield "  ".join(filter(None, ["✗", one.service, _WRONG[finding["kind"]], *where, *seen]))
    if (more := len(one.findings) - _SHOWN) > 0:
        yield f"  … {one.service} 另有 {more} 处，用 --json 看全部 (more: --json)"
