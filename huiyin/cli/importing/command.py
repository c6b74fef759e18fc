"""The command: reads the mapping and the file, sends the rows, reports."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer

from huiyin.chassis.errors import WrongSetting
from huiyin.cli.ends import NOT_HERE, WRONG_USE, fail
from huiyin.cli.importing.journal import Journal
from huiyin.cli.importing.keys import Keyed, keyed
from huiyin.cli.importing.kinds import NEW, RUNNING, Kind
from huiyin.cli.importing.sending import Done, NotAnswering, Sender, known_numbers, send_all
from huiyin.cli.importing.telling import Tally, watching
from huiyin.cli.local import office as one_office
from huiyin.cli.options import (
    FIRST_OFFICE,
    HERE,
    OFFICES,
    AsJson,
    LocalFolder,
    OfficeName,
    OfficesFolder,
    single,
)
from huiyin.cli.reaching import Platform, platform
from huiyin.cli.saying import say
from huiyin.rows import Map, WrongFile, load_map, open_table, read_rows
from huiyin.rows.forms import check_map, lacking
from huiyin.rows.mending import mending

app = single()

_INTERRUPTED: Final = 130
_TRIES: Final = 40  # an import waits for a platform that is restarted

_Send = Callable[[Keyed], Done]


@app.command()
def take_in(
    file: Annotated[Path, typer.Argument(help="FILE.csv or FILE.xlsx, with a line of column names.")],
    map_: Annotated[Path, typer.Option("--map", help="The mapping, YAML; see docs/importing.md.")],
    office: OfficeName = FIRST_OFFICE,
    open_: Annotated[
        bool, typer.Option("--open", help="Take over running cases of an older system; their clocks go on.")
    ] = False,
    at_once: Annotated[int, typer.Option("--at-once", help="Rows in hand at a time.", min=1, max=64)] = 8,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Judge every row and send none.")] = False,
    as_json: AsJson = False,
    local: LocalFolder = HERE,
    offices: OfficesFolder = OFFICES,
) -> None:
    """Register the complaints of a file, each once however often it is repeated.

    Rows that cannot be taken are listed and written to FILE.bad.csv or FILE.bad.xlsx: mend them there
    and import that file. After a stop the same command goes on.

    Exit codes: 0 all rows are good; 1 file, mapping or office are wrong, nothing was sent; 2 there were
    bad rows; 3 the platform does not answer.
    """
    folder = one_office(offices, office)
    job = _job(file, map_, office, RUNNING if open_ else NEW)
    if dry_run:
        from huiyin.cli.importing.judging import judge  # noqa: PLC0415 - its rules take half a second to load

        tally, bad_file = _run(job, judge(job.kind, job.by, folder, local), 1)
    else:
        with platform(local) as reached:
            tally, bad_file = _send(job, reached, at_once, offices)
    _report(job, tally, bad_file, as_json)
    if tally.bad:
        raise typer.Exit(WRONG_USE)


@dataclass(frozen=True)
class _Job:
    """A file to be taken in; `rows` were counted beforehand."""

    file: Path
    by: Map
    office: str
    kind: Kind
    rows: int

    @property
    def journal(self) -> Journal:
        """What was done of it."""
        return Journal(self.file)


def _job(file: Path, map_: Path, office: str, kind: Kind) -> _Job:
    """The job, when mapping and file are right as a whole; nothing was sent before."""
    try:
        by = load_map(map_)
        check_map(by, *kind.needed)
        with open_table(file) as table:
            rows = sum(1 for _ in read_rows(table, by))
    except (WrongSetting, WrongFile) as wrong:
        fail(str(wrong))
    return _Job(file, by, office, kind, rows)


def _send(job: _Job, reached: Platform, at_once: int, offices: Path) -> tuple[Tally, Path | None]:
    reached.line.patience = _TRIES
    person = reached.person(job.kind.role, job.office, offices=offices)
    try:
        known = known_numbers(person, job.journal)
        with job.journal as journal:
            return _run(job, Sender(person, job.kind, job.by, journal, known), at_once)
    except NotAnswering:
        _stop(job, "平台没有应答 (the platform does not answer)", NOT_HERE)
    except KeyboardInterrupt:
        _stop(job, "已中断 (interrupted)", _INTERRUPTED)


def _stop(job: _Job, why: str, code: int) -> NoReturn:
    done = len(job.journal.read())
    fail(
        f"{why}。已登记 {done} 行，记录在 {job.journal.path.name}；再次运行同一命令即可接着导入，"
        f"不会重复登记 ({done} rows are done; run the same command again to go on, nothing is doubled)",
        code,
    )


def _run(job: _Job, send: _Send, at_once: int) -> tuple[Tally, Path | None]:
    tally = Tally()
    with open_table(job.file) as table, mending(job.file, table) as bad, watching(job.rows) as watch:
        rows = keyed(read_rows(table, job.by), table, job.by, job.office, job.kind.named_by)
        for done in send_all(_complete(job, rows), send, at_once):
            tally.add(done)
            watch(tally)
            if done.outcome == "bad":
                bad.write(done.row.line, "；".join(done.why), done.row.cells)
        return tally, bad.close()


def _complete(job: _Job, rows: Iterator[Keyed]) -> Iterator[Keyed]:
    """The rows; what one lacks is a problem of it."""
    for one in rows:
        empty = lacking(one.row, job.by, *job.kind.needed)
        yield replace(one, row=replace(one.row, problems=(*one.row.problems, *empty)))


def _report(job: _Job, tally: Tally, bad_file: Path | None, as_json: bool) -> None:
    found = {"file": str(job.file), "office": job.office, **tally.report()}
    told = [f"{job.file.name}: {job.rows} 行 (rows)：{tally.words()}", *tally.bad_words()]
    if bad_file:
        told.append(
            f"有误的行已写入 {bad_file}；改好后用同一映射文件导入该文件即可"
            " (mend the bad rows in this file and import it with the same mapping)"
        )
    say(found | {"bad_file": str(bad_file) if bad_file else None}, as_json, *told)
