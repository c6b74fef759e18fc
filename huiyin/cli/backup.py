"""`huiyin backup` and `huiyin restore`: all five stores as they stood at one moment, and the way back."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from pymongo import MongoClient
from pymongo.errors import PyMongoError
from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from deploy.local.errors import LocalStackError
from deploy.local.platform import ANCHOR
from deploy.local.servers import ADMIN_URLS, Servers
from huiyin.chassis.errors import WrongSetting
from huiyin.chassis.mongo import Doc, connect
from huiyin.cli.ends import NOT_HERE, WRONG_USE, fail
from huiyin.cli.options import HERE, AsJson, LocalFolder, single
from huiyin.cli.saying import pairs, say, table
from huiyin.snapshot.backup import back_up
from huiyin.snapshot.errors import SnapshotRefused
from huiyin.snapshot.manifest import Manifest
from huiyin.snapshot.restore import Backup, Restored, Target, open_backup, put_back, refuse_unready

backup = single()
restore = single()

_SLOW_S: Final = 600.0
_WORD: Final = "replace"

Keys = Annotated[Path, typer.Option("--keys", help="The folder of the data keys, kept apart from the data.")]
MongoUrl = Annotated[
    str,
    typer.Option(envvar="HUIYIN_MONGO_URL", help="The cluster, as its administrator; else the local one."),
]


@backup.command()
def take(
    to: Annotated[Path, typer.Argument(help="A new folder for the data.")],
    keys: Keys,
    mongo_url: MongoUrl = "",
    as_json: AsJson = False,
    local: LocalFolder = HERE,
) -> None:
    """Back up all five stores as of one moment, while they run.

    The data go to one folder and the data keys to another; the master key and the look-up key are
    in neither: keep copies of them in a third place.
    """
    url = mongo_url or _local_urls(local)["mongo"]
    with _told(), _bars() as bars, _connected(url) as client:
        manifest = back_up(client, to, keys, progress=bars)
    say(_facts(manifest), as_json, *_taken_words(manifest, to, keys))


@restore.command()
def bring_back(
    folder: Annotated[Path, typer.Argument(metavar="FROM", help="The folder of the data.")],
    keys: Keys,
    mongo_url: MongoUrl = "",
    amqp_url: Annotated[str, typer.Option(envvar="HUIYIN_AMQP_URL", help="The broker of the services.")] = "",
    anchor: Annotated[
        Path | None,
        typer.Option(envvar="HUIYIN_ANCHOR_DIR", help="The folder of the anchors of all processes."),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Data that are there may go.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before data are replaced.")] = False,
    as_json: AsJson = False,
    local: LocalFolder = HERE,
) -> None:
    """Put all five stores back; the services must be stopped.

    Without an address the servers of `make run` are started for as long as it takes. Numbers given
    since are skipped, destroyed keys stay destroyed, restricted views restricted; the queues begin
    empty and all history is said again. Afterwards start the services and run `huiyin check`.
    """
    with _told(), _bars() as bars, _target(local, mongo_url, amqp_url, anchor) as target:
        found = open_backup(folder, keys, bars)
        refuse_unready(target, replace=replace)
        if replace and not yes:
            bars.bars.stop()
            _confirm(found)
        restored = put_back(found, target, bars)
    say({**_facts(found.data), **asdict(restored)}, as_json, *_restored_words(found, restored))


# -- where ---------------------------------------------------------------------------------


@contextmanager
def _target(local: Path, mongo_url: str, amqp_url: str, anchor: Path | None) -> Iterator[Target]:
    """The cluster and broker that are named, or the local ones, started meanwhile."""
    if mongo_url and amqp_url and anchor:
        with _connected(mongo_url) as client:
            yield Target(client, amqp_url, _existing(anchor))
        return
    if mongo_url or amqp_url or anchor:
        fail(
            "请同时给出 --mongo-url、--amqp-url 和 --anchor，或都不给（用本机的）"
            " (name the cluster, the broker and the anchor, or none of them for the local ones)",
            WRONG_USE,
        )
    with Servers(local) as servers:
        found = servers.start()
        with _connected(found.mongo_url) as client:
            yield Target(client, found.amqp_url, _existing(local / ANCHOR))


def _connected(url: str) -> MongoClient[Doc]:
    return connect(url, name="huiyin backup", socket_timeout_s=_SLOW_S)


def _existing(anchor: Path) -> Path:
    if not anchor.is_dir():
        fail(
            f"没有 {anchor}：没有库外凭据，恢复后会重复给号 (no anchor: numbers would be given twice)",
            WRONG_USE,
        )
    return anchor


def _local_urls(local: Path) -> dict[str, str]:
    file = local / ADMIN_URLS
    if not file.exists():
        fail(
            f"没有 {file}：请先运行 make run，或用 --mongo-url 指明"
            " (run `make run` first, or name the cluster)",
            NOT_HERE,
        )
    urls: dict[str, str] = json.loads(file.read_text())
    return urls


# -- telling -------------------------------------------------------------------------------


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (SnapshotRefused, WrongSetting, LocalStackError) as refused:
        fail(str(refused))
    except PyMongoError as away:
        fail(f"MongoDB: {type(away).__name__}: {away}", NOT_HERE)


class _Bars:
    """One bar a stage, on stderr."""

    def __init__(self, bars: Progress) -> None:
        self.bars = bars
        self._stage = TaskID(0)

    def begin(self, what: str, total: int) -> None:
        """A stage begins."""
        self.bars.start()
        self._stage = self.bars.add_task(what, total=total)

    def advance(self, units: int) -> None:
        """So much more is done."""
        self.bars.advance(self._stage, units)


@contextmanager
def _bars() -> Iterator[_Bars]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bars = Progress(*columns, console=Console(stderr=True))
    try:
        yield _Bars(bars)
    finally:
        bars.stop()


def _confirm(found: Backup) -> None:
    typer.echo(
        f"现有数据将被 {found.data.at:%Y-%m-%d %H:%M:%S} UTC 的备份替换，此后受理的诉求会丢失"
        " (what is there is replaced; what was accepted since is lost)",
        err=True,
    )
    if typer.prompt(f"键入 {_WORD} 确认 (type {_WORD} to go on)", err=True) != _WORD:
        fail("没有确认，未作任何改动 (not confirmed; nothing was changed)")


def _facts(manifest: Manifest) -> dict[str, Any]:
    return {
        "backup": manifest.id,
        "taken_at": manifest.at.isoformat(),
        "cluster_time": list(manifest.cluster_time),
        "offices": list(manifest.offices),
    }


def _taken_words(manifest: Manifest, to: Path, keys: Path) -> list[RenderableType]:
    counted = {f"{p.service}.{p.collection}": p.documents for p in manifest.parts if p.documents}
    facts = {
        "备份 backup": manifest.id,
        "时刻 as of": f"{manifest.at:%Y-%m-%d %H:%M:%S} UTC, cluster time {manifest.cluster_time}",
        "机构 offices": list(manifest.offices),
        "文档 documents": f"{manifest.documents:,}",
        "数据 data": to,
        "数据密钥 data keys": f"{keys}（请移到别处保管 keep them elsewhere）",
    }
    rows = [{"what": name, "n": f"{n:,}"} for name, n in counted.items()]
    return [
        pairs(facts),
        table({"what": "集合 collection", "n": "文档 documents"}, rows),
        "主密钥 master.key 与查询密钥 lookup.key 不在其中，须另行保管；没有它们，备份打不开。\n"
        "(The master key and the look-up key are in neither: without copies of them this opens nothing.)",
    ]


def _restored_words(found: Backup, restored: Restored) -> list[RenderableType]:
    facts = {
        "备份 backup": f"{found.data.id}, {found.data.at:%Y-%m-%d %H:%M:%S} UTC",
        "文档 documents": f"{restored.documents:,}",
        "将重新发布 said again": f"{restored.said_again:,} 份文档 documents",
        "仍销毁的密钥 keys still destroyed": list(restored.keys_kept_destroyed),
        "仍限制查看 views still restricted": list(restored.restricted),
    }
    absent = ", ".join(restored.restricted_lost)
    return [
        pairs(facts),
        *([f"已限制查看但不在备份里 (restricted, and not in this backup): {absent}"] if absent else []),
        *(_lost_words(restored) if restored.gaps else []),
        "下一步：启动服务，安静后运行 huiyin check。"
        " (Next: start the services; when all is quiet, run `huiyin check`.)",
    ]


def _lost_words(restored: Restored) -> list[RenderableType]:
    rows = [{**asdict(gap), "n": gap.last - gap.first + 1} for gap in restored.gaps]
    columns = {
        "office": "机构 office",
        "day": "日期 day",
        "first": "从 from",
        "last": "到 to",
        "n": "至多 most",
    }
    return [
        "备份后可能给出、现已丢失的流水号 (serials perhaps given since, and lost):",
        table(columns, rows),
        "持有这些编号的人须请其重新登记；这些号不会再用。"
        " (Ask whoever holds such a number to register again; none is given twice.)",
    ]
