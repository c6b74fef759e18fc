"""`huiyin rulebook`: check the files, show an office's rules, compare two."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from huiyin.chassis.rulebook import Rulebook, Term, dump, load_rulebook
from huiyin.chassis.rulebook.shape import keys, unread_keys
from huiyin.chassis.yamlfile import read_yaml
from huiyin.cli.ends import WRONG_USE, fail
from huiyin.cli.local import office as one_office
from huiyin.cli.local import offices as all_offices
from huiyin.cli.options import OFFICES, AnOffice, AsJson, OfficesFolder, group
from huiyin.cli.rulebook_diff import changes, in_words
from huiyin.cli.saying import say, table

app = group("Check, show and compare the offices' rulebooks.")
Either = Annotated[str, typer.Argument(help="An office, or a rulebook's folder or file.")]
_CHANGES: Final = {
    "key": "规则 key",
    "words": "原 → 新 old → new",
    "read_by": "读者 read by",
    "about": "关于 about",
}
_ONLY_NEW: Final = (
    "只对改后受理的诉求有效；在办诉求仍按受理时的规则"
    " (holds for cases accepted from then on; open ones keep their rules)"
)
_COLUMNS: Final = {"key": "规则 key", "value": "值 value", "read_by": "读者 read by"}


@app.command()
def show(office: AnOffice, as_json: AsJson = False, offices: OfficesFolder = OFFICES) -> None:
    """Every rule of an office, who reads it, and the keys that no code reads yet."""
    book = one_office(offices, office).rulebook
    data = {"office": office, "hash": book.hash, "unread": unread_keys(), "rules": dump(book)}
    head = f"{book.office.name} {book.office.name_en}  《{book.office.rules}》  {book.hash[:12]}"
    say(data, as_json, head, table(_COLUMNS, _rows(book)), _unread())


@app.command()
def check(as_json: AsJson = False, offices: OfficesFolder = OFFICES) -> None:
    """Check all offices' files; errors name the file and the key. Lists the keys that no code reads yet."""
    found = {
        name: {
            "units": len(folder.units),
            "people": len(folder.people),
            "catalogue": len(folder.rulebook.catalogue),
            "hash": folder.rulebook.hash,
        }
        for name, folder in all_offices(offices).items()
    }
    lines = (
        f"{name}: 无误 (good), {of['units']} units, {of['people']} people,"
        f" {of['catalogue']} entries, {str(of['hash'])[:12]}"
        for name, of in found.items()
    )
    say(found, as_json, *lines, _unread())


@app.command()
def diff(old: Either, new: Either, as_json: AsJson = False, offices: OfficesFolder = OFFICES) -> None:
    """Each rule that differs: old → new, and which services read it.

    Cases keep the rules of their acceptance; only new ones come under changed rules.
    """
    before, after = _book(old, offices), _book(new, offices)
    rows = changes(before, after)
    told = [{**row, "words": in_words(row), "read_by": row["read_by"] or "尚无 no code yet"} for row in rows]
    head = f"{old} {before.hash[:12]} → {new} {after.hash[:12]}：{len(rows)} 处不同 ({len(rows)} differences)"
    data = {"old": before.hash, "new": after.hash, "changes": rows}
    say(data, as_json, head, *([table(_CHANGES, told), _ONLY_NEW] if rows else []))


def _unread() -> str:
    return f"尚无代码读取 (no code reads yet): {', '.join(unread_keys()) or '无'}"


def _book(named: str, offices: Path) -> Rulebook:
    """The rulebook of an office, of a folder, or of a file, whose catalogue may be the office's."""
    path = Path(named)
    if path.is_dir():
        return load_rulebook(path / "rulebook.yaml", path)
    if path.is_file():
        return load_rulebook(
            path, path.parent if (path.parent / "catalogue.yaml").exists() else _home(path, offices)
        )
    return one_office(offices, named).rulebook


def _home(file: Path, offices: Path) -> Path:
    """The folder of the office that a lone rulebook file speaks of."""
    content = read_yaml(file)
    office = content.get("office") if isinstance(content, dict) else None
    name = office.get("id") if isinstance(office, dict) else None
    if not (offices / str(name)).is_dir():
        fail(f"{file}: office.id {name} 不是 {offices} 里的机构 (no office of that id)", WRONG_USE)
    return offices / str(name)


def _rows(book: Rulebook) -> list[dict[str, Any]]:
    return [
        {"key": key, "value": words(_value(book, key)), "read_by": readers or "尚无 no code yet"}
        for key, readers in keys().items()
    ]


def _value(book: Any, key: str) -> Any:
    for name in key.split("."):
        book = getattr(book, name)
    return book


def words(value: Any) -> str:
    """A rule's value as people read it."""
    if isinstance(value, Term):
        return f"{value.amount} {value.unit}"
    if is_dataclass(value) and not isinstance(value, type):
        return "; ".join(f"{f.name}={words(getattr(value, f.name))}" for f in fields(value))
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_brief(inner)}" for name, inner in value.items()) or "—"
    if isinstance(value, tuple | list | frozenset):
        return ", ".join(_brief(inner) for inner in value) or "—"
    return "—" if value is None else str(value)


def _brief(value: Any) -> str:
    """What stands in a list: a rule with a name or an id shows only that."""
    for name in ("name", "id", "kind", "role"):
        if hasattr(value, name):
            return str(getattr(value, name))
    return words(value)
