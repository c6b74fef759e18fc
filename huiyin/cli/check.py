"""`huiyin check`: proves the books of the running platform."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from huiyin.books import KINDS, Act, NoAnswer, NotALedger, Report, audit, read_acts
from huiyin.cli.ends import NOT_HERE, REFUSED, fail
from huiyin.cli.options import FIRST_OFFICE, HERE, AsJson, LocalFolder, single
from huiyin.cli.reaching import platform
from huiyin.cli.saying import say

_SHOWN: Final = 20
_TRIES: Final = 12  # three seconds: a service that is starting again is waited for, one that is away told
_COUNTED: Final = {
    "cases": "诉求 cases",
    "steps": "步骤 steps",
    "events": "事件 events",
    "orders": "工单 orders",
    "clocks": "时限 clocks",
    "messages": "通知 messages",
    "journal_rows": "流水 journal rows",
    "volumes": "卷宗 volumes",
    "acts": "客户端操作 client's acts",
}


app = single()


@app.command()
def check(
    quiet: Annotated[
        float, typer.Option(min=0, help="Judge cases at rest for so many seconds; others are counted.")
    ] = 60,
    ledger: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A client's own list of every 2xx.")
    ] = None,
    as_json: AsJson = False,
    local: LocalFolder = HERE,
) -> None:
    """Prove the books: compare what the five services say of every case.

    Exit codes: 0 all holds; 1 something does not fit (the numbers are told); 3 a service does not answer.
    """
    report = _audit(local, quiet, ledger)
    if as_json:
        say({**asdict(report), "holds": report.holds}, as_json)
    else:
        _show(report, Console())
    if not report.holds:
        raise typer.Exit(REFUSED)


def _audit(local: Path, quiet: float, ledger: Path | None) -> Report:
    acts = _acts(ledger)
    try:
        with platform(local) as reached:
            reached.line.patience = _TRIES
            # A token names an office; the ledgers speak of all.
            return audit(reached.person("auditor", FIRST_OFFICE), quiet_s=quiet, acts=acts)
    except NoAnswer as silent:
        fail(
            f"{silent}\n没有应答，无法核对：请看平台是否在运行 (no answer: does the platform run?)", NOT_HERE
        )


def _acts(ledger: Path | None) -> list[Act]:
    try:
        return list(read_acts(ledger)) if ledger else []
    except NotALedger as wrong:
        fail(f"{wrong}：不是操作清单的一行，格式见 docs/checking.md (not a line of a client's ledger)")


def _show(report: Report, console: Console) -> None:
    counts = asdict(report.counts)
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(min_width=30)
    table.add_column(justify="right")
    for name, words in _COUNTED.items():
        table.add_row(words, f"{counts[name]:,}")
    console.print(f"核对了 (compared)，{report.seconds:.1f} s：", highlight=False)
    console.print(table)
    _show_findings(report, console)
    _show_besides(report, console)
    if report.holds:
        console.print(
            "[green]✓ 账目相符：没有遗失，没有重复[/] (the books hold: nothing lost, nothing doubled)"
        )


def _show_findings(report: Report, console: Console) -> None:
    for kind, findings in report.by_kind().items():
        meaning = KINDS[kind]
        console.print(f"\n[red]✗ {meaning.name}[/]  {len(findings)}  [dim]{kind}[/]", highlight=False)
        for finding in findings[:_SHOWN]:
            where = f"  {finding.number or '—'}  {finding.service}  {finding.words}"
            console.print(f"{where}  [dim]{finding.which}[/]", highlight=False, soft_wrap=True)
        if len(findings) > _SHOWN:
            console.print(f"  … 另有 {len(findings) - _SHOWN} 处，用 --json 看全部 (more: --json)")
        console.print(f"  → {meaning.advice}", highlight=False, soft_wrap=True)
    if report.unread:
        console.print(f"[red]✗[/] 另有 {report.unread} 件可疑，未及复查 (more suspects, not read again)")


def _show_besides(report: Report, console: Console) -> None:
    lines = []
    if report.counts.moving:
        lines.append(f"{report.counts.moving} 件还在变动，只看不判 (cases that move, not judged)")
    if report.burned:
        spare = sum(burned.count for burned in report.burned)
        lines.append(f"{spare} 个流水号取用而未编 (serials leased and not given; which: --json)")
    for service, row in report.dropped:
        lines.append(f"{service} 已放弃 {row.event} {row.case}：{row.why} (dropped)")
    for words in lines:
        console.print(f"[dim]· {words}[/]", highlight=False, soft_wrap=True)
