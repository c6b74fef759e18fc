"""`huiyin cases`: the cases of an office, a page at a time."""

from datetime import datetime, time, timedelta
from typing import Annotated, Final

import typer

from huiyin.cli.moments import given, shown
from huiyin.cli.options import FIRST_OFFICE, HERE, AsJson, LocalFolder, OfficeName, single
from huiyin.cli.reaching import platform
from huiyin.cli.saying import say, table

app = single()
_MOST: Final = 200
_COLUMNS: Final = {
    "number": "编号 number",
    "channel": "渠道 channel",
    "stage": "阶段 stage",
    "round": "轮 round",
    "difficulty": "难度 class",
    "priority": "优先 priority",
    "accepted_at": "受理 accepted",
    "outcome": "结果 outcome",
}


@app.command()
def cases(
    stage: Annotated[str, typer.Option(help="Such as handling, concluded, archived.")] = "",
    channel: Annotated[str, typer.Option(help="Such as call, letter, web.")] = "",
    unit: Annotated[str, typer.Option(help="A unit that has or had an order of it.")] = "",
    since: Annotated[str, typer.Option(help="A day or a time, such as 2024-09-30.")] = "",
    until: Annotated[str, typer.Option(help="A day (which is included) or a time (which is not).")] = "",
    page: Annotated[int, typer.Option(min=1)] = 1,
    limit: Annotated[int, typer.Option(min=1, max=_MOST, help="How many a page.")] = 50,
    office: OfficeName = FIRST_OFFICE,
    as_json: AsJson = False,
    local: LocalFolder = HERE,
) -> None:
    """The office's cases, newest first."""
    query = {
        "stage": stage or None,
        "channel": channel or None,
        "unit": unit or None,
        "since": _moment(since),
        "until": _moment(until, end_of_day=True),
    }
    with platform(local) as reached:
        found = reached.person("records", office).get(
            "intake", "/cases", skip=(page - 1) * limit, limit=limit, **query
        )
    rows = [{**row, "accepted_at": shown(row["accepted_at"])} for row in found["cases"]]
    last = max(1, -(-found["total"] // limit))
    foot = f"共 {found['total']} 件，第 {page}/{last} 页 ({found['total']} cases, page {page} of {last})"
    say({**found, "page": page, "limit": limit}, as_json, table(_COLUMNS, rows), foot)


def _moment(text: str, *, end_of_day: bool = False) -> str | None:
    if not text:
        return None
    moment = given(text)
    if end_of_day and ":" not in text:
        moment = datetime.combine(moment.date() + timedelta(days=1), time(), moment.tzinfo)
    return moment.isoformat()
