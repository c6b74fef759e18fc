"""Writes docs/events.md and docs/permissions.md, so that the pages cannot say other than the code.

`python -m deploy.local.docs` writes the page; `--check` only tells whether it is stale.
"""

import inspect
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from deploy.local import permissions
from huiyin.contracts import circle, events, questions
from huiyin.contracts.envelope import CONTENT_TYPE, Envelope
from huiyin.contracts.hearers import ROUTES, Route
from huiyin.contracts.services import SERVICES
from huiyin.contracts.tides import TIDES

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = Path("docs/events.md")
PERMISSIONS: Final = Path("docs/permissions.md")

_SIMPLE: Final[Mapping[Any, str]] = {
    str: "text",
    int: "whole number",
    bool: "true or false",
    datetime: "time",
    date: "date",
    dict[str, str]: "texts by name",
}
_ENVELOPE: Final[Mapping[str, str]] = {
    "id": "random; the same event said again keeps it, and takes effect once",
    "source": "the service that says it",
    "type": "the event type, also the routing key on the exchange `<source>.events`",
    "subject": "the case number",
    "time": "office time, with its offset",
    "office": "the office whose case it is",
    "sequence": "dense from 1 within (`source`, `subject`)",
    "correlationid": "the same for all that one request brought about",
    "causationid": "the request or event that brought this one about",
    "data": "the event, as below",
}


def pages() -> dict[Path, str]:
    """Every page that is made from code, by its path under the project's root."""
    parts = (_HEAD, _envelope(), _who_hears(), _events(), _parts(), _questions(), _tides())
    return {PAGE: "\n\n".join(parts) + "\n", PERMISSIONS: permissions.page()}


def stale(root: Path) -> list[Path]:
    """The pages in the folder that say other than the code."""
    return [path for path, text in pages().items() if not _says(root / path, text)]


def write(root: Path) -> None:
    """Write every page."""
    for path, text in pages().items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with --check tell which are stale; 1 when any is."""
    if "--check" not in arguments:
        write(ROOT)
        return 0
    old = stale(ROOT)
    for path in old:
        print(f"{path} is stale: run python -m deploy.local.docs")
    return 1 if old else 0


_HEAD: Final = """<!-- Written by `python -m deploy.local.docs` from huiyin/contracts; do not edit. -->

# 事件目录 · Events

What the services say to one another, word for word from `huiyin/contracts`. No event carries
text or identity: only numbers, ids, kinds, categories, area codes, public places, dates and
outcomes."""


def _envelope() -> str:
    hints = get_type_hints(Envelope)
    types = {"data": "object"}
    rows = [
        (f"`{f.name}`", types.get(f.name) or _type(hints[f.name]), _ENVELOPE[f.name])
        for f in fields(Envelope)
    ]
    return "\n\n".join(
        (
            "## 信封 · The envelope",
            f"CloudEvents 1.0, structured, `{CONTENT_TYPE}`; also `specversion` (`1.0`), `dataschema`.",
            _table(("attribute 属性", "type 类型", "meaning 含义"), rows),
        )
    )


def _who_hears() -> str:
    rows = [
        (f"[`{name}`](#{_anchor(name)})", *(_part(route, service) for service in SERVICES))
        for name, route in ROUTES.items()
    ]
    return "\n\n".join(
        (
            "## 谁说谁听 · Who says, who hears",
            "说 says, 听 hears. An event is confirmed once it lies in the queue of all who hear it.",
            _table(("event 事件", *SERVICES), rows),
        )
    )


def _part(route: Route, service: Any) -> str:
    said = "说" if service in route.sayers else ""
    heard = "听" if service in route.hearers else ""
    return f"{said}{heard}"


def _events() -> str:
    return "\n\n".join(("## 事件 · The events", *chain.from_iterable(map(_event, ROUTES.items()))))


def _event(entry: tuple[str, Route]) -> Iterator[str]:
    name, route = entry
    yield f"### {name}"
    yield _doc(route.event)
    yield f"Says 说: {_names(route.sayers)}. Hears 听: {_names(route.hearers)}."
    yield _fields(route.event)


def _parts() -> str:
    """The shapes that stand inside events."""
    sections = ([f"### {shape.__name__}", _doc(shape), _fields(shape)] for shape in _shapes())
    return "\n\n".join(("## 组成部分 · Parts of events", *chain.from_iterable(sections)))


def _shapes() -> list[type]:
    known = {**vars(events), **vars(circle)}.values()
    found = (shape for shape in known if inspect.isclass(shape) and is_dataclass(shape))
    return [shape for shape in found if not issubclass(shape, events.Event)]


def _questions() -> str:
    rows = [(f"`{q.answerer}.{q.method}`", f"{q.timeout_s:g} s", q.when_silent) for q in questions.QUESTIONS]
    return "\n\n".join(
        (
            "## 询问 · Questions (RPC)",
            "The few questions services ask one another, as nameko RPC; what timed out never runs later.",
            _table(("question 询问", "time-out 时限", "when nobody answers 无应答时"), rows),
        )
    )


def _tides() -> str:
    rows = [(sayer, _names(hearers)) for sayer, hearers in TIDES.items()]
    return "\n\n".join(
        (
            "## 潮 · Tides",
            "A relay's word that all its service said until a moment lies in the queues. It is no event.",
            _table(("of 来自", "awaited by 等候者"), rows),
        )
    )


def _fields(shape: type) -> str:
    hints = get_type_hints(shape)
    own = [f.name for f in fields(shape)]
    return _table(("field 字段", "type 类型"), [(f"`{name}`", _type(hints[name])) for name in own])


def _type(hint: Any) -> str:
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    arguments = get_args(hint)
    if get_origin(hint) is Literal:
        return " / ".join(f"`{value}`" for value in arguments)
    if get_origin(hint) in {Union, UnionType}:
        return " or ".join("none" if a is NoneType else _type(a) for a in arguments)
    if get_origin(hint) is tuple:
        return f"list of {_type(arguments[0])}"
    return f"[{hint.__name__}](#{_anchor(hint.__name__)})"


def _doc(shape: type) -> str:
    return inspect.getdoc(shape) or ""


def _names(services: Iterable[str]) -> str:
    return ", ".join(services) or "nobody 无"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _anchor(heading: str) -> str:
    return heading.lower().replace(".", "")


def _says(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
