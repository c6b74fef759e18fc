"""Loads the offices' folders: rulebook, catalogue, categories, areas; units, people, templates."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from huiyin.chassis.errors import WrongSetting
from huiyin.chassis.rulebook import checks
from huiyin.chassis.rulebook.office import PeopleFile, Person, Template, Unit, UnitsFile
from huiyin.chassis.rulebook.schema import read, schema_of, wrong
from huiyin.chassis.rulebook.shape import Rulebook, content_hash
from huiyin.chassis.yamlfile import label, read_yaml

_FROZEN_FILES: Final = ("categories", "areas", "catalogue")
"""Files beside rulebook.yaml that freeze with it, under the key of the same name."""

_NO_OFFICES: Final = frozenset({"calendars"})


@dataclass(frozen=True, kw_only=True)
class OfficeFolder:
    """One office as it stands now; only `rulebook` is frozen into cases."""

    rulebook: Rulebook
    units: Mapping[str, Unit]
    people: Mapping[str, Person]
    templates: Mapping[tuple[str, str], Template]

    def template(self, name: str, language: str) -> Template:
        """The template in the language, else in the office's first one; KeyError when unknown."""
        found = self.templates.get((language, name))
        return found or self.templates[self.rulebook.office.languages[0], name]

    def unit_at(self, unit: str, at: datetime) -> Unit:
        """The unit, or whoever stands in its place at that moment (E-62); KeyError when unknown."""
        found, on = self.units[unit], self._day(at)
        seen = {unit}
        while found.successor is not None and found.is_gone(on) and found.successor not in seen:
            seen.add(found.successor)
            found = self.units[found.successor]
        return found

    def above(self, unit: str) -> tuple[str, ...]:
        """The units that stand above this one, nearest first; none above an unknown one."""
        found: list[str] = []
        while (own := self.units.get(unit)) is not None and own.parent is not None:
            unit = own.parent
            found.append(unit)
        return tuple(found)

    def member(self, subject: str, at: datetime) -> Person | None:
        """The person of this subject, while in office (E-84)."""
        person = self.people.get(subject)
        return person if person is not None and person.serves(self._day(at)) else None

    def head_of(self, unit: str, at: datetime) -> Person | None:
        """Who leads the unit at that moment: its leader or, when that one has left, a successor in it."""
        leader = self.people.get(self.units[unit].leader or "") if unit in self.units else None
        if leader is None or leader.serves(self._day(at)):
            return leader
        after = self.member(leader.successor or "", at)
        return after if after is not None and after.unit == unit else None

    def holders(self, role: str) -> tuple[Person, ...]:
        """The people who hold the role and stay, in the file's order: whoever leaves is given nothing new."""
        return tuple(p for p in self.people.values() if role in p.roles and p.left_on is None)

    def _day(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.rulebook.office.timezone)).date()


def office_names(path: Path) -> list[str]:
    """The ids of the offices whose folders lie under this one."""
    return sorted(at.name for at in path.iterdir() if at.is_dir() and at.name not in _NO_OFFICES)


def load_offices(path: Path) -> dict[str, OfficeFolder]:
    """Every office under the folder, by office id; WrongSetting names file and key of what is wrong."""
    offices = {name: load_office(path / name) for name in office_names(path)}
    codes: dict[str, str] = {}
    for name, office in offices.items():
        other = codes.setdefault(office.rulebook.office.code, name)
        if other != name:
            raise WrongSetting(f"{name}/rulebook.yaml: office.code: {other} uses it too (E-43)")
    return offices


def load_office(folder: Path) -> OfficeFolder:
    """One office's folder, read and checked as a whole."""
    book = load_rulebook(folder / "rulebook.yaml", folder)
    if book.office.id != folder.name:
        wrong_id = {"office.id": f"Not the name of its folder, {folder.name}"}
        raise wrong(label(folder / "rulebook.yaml"), wrong_id)
    units, people = load_directory(folder, book)
    templates = _load_templates(folder / "templates")
    name = folder.name
    _refuse(f"{name}/catalogue.yaml", checks.catalogue_problems(book, units))
    _refuse(f"{name}/templates", checks.template_problems(book.office.languages, templates))
    return OfficeFolder(rulebook=book, units=units, people=people, templates=templates)


def load_directory(folder: Path, book: Rulebook) -> tuple[dict[str, Unit], dict[str, Person]]:
    """The units by id and the people by subject of an office's folder, checked against its rulebook."""
    name = folder.name
    units = read(UnitsFile, read_yaml(folder / "units.yaml"), f"{name}/units.yaml").units
    people = read(PeopleFile, read_yaml(folder / "people.yaml"), f"{name}/people.yaml").people
    by_id = {unit.id: unit for unit in units}
    by_subject = {person.subject: person for person in people}
    _refuse(f"{name}/people.yaml", checks.people_problems(book, people, by_id))
    _refuse(f"{name}/units.yaml", checks.unit_problems(book, units, by_subject))
    return by_id, by_subject


def dump(rulebook: Rulebook) -> dict[str, Any]:
    """The rulebook as plain data, so that a service can keep the version its open cases need."""
    dumped: dict[str, Any] = schema_of(Rulebook).dump(rulebook)
    dumped.pop("hash", None)
    return dumped


def restore(content: Mapping[str, Any], where: str = "kept rulebook") -> Rulebook:
    """The rulebook of dumped data; it gets the same hash again."""
    return _with_hash(read(Rulebook, dict(content), where))


def load_rulebook(file: Path, beside: Path) -> Rulebook:
    """A rulebook.yaml with the catalogue, categories and areas of the folder `beside`."""
    where = label(file)
    content = read_yaml(file)
    if not isinstance(content, dict):
        raise WrongSetting(f"{where}: is not a mapping of sections")
    for name in _FROZEN_FILES:
        if name in content:
            raise WrongSetting(f"{where}: {name}: Belongs in {name}.yaml")
        content[name] = read_yaml(beside / f"{name}.yaml")
    book = read(Rulebook, content, where)
    _refuse(where, checks.contradictions(book))
    return _with_hash(book)


def _with_hash(book: Rulebook) -> Rulebook:
    canonical = json.dumps(dump(book), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return replace(book, hash=content_hash(canonical))


def _load_templates(folder: Path) -> dict[tuple[str, str], Template]:
    found = sorted(folder.glob("*/*.txt"))
    return {(path.parent.name, path.stem): _load_template(path) for path in found}


def _load_template(path: Path) -> Template:
    first, _, body = path.read_text(encoding="utf-8").partition("\n")
    if not first.startswith("subject: "):
        raise WrongSetting(f"templates/{label(path)}: The first line must be 'subject: …'")
    try:
        return Template(first.removeprefix("subject: ").strip(), body.strip() + "\n")
    except ValueError as broken:
        raise WrongSetting(f"templates/{label(path)}: {broken}") from broken


def _refuse(where: str, problems: Iterable[tuple[str, str]]) -> None:
    if found := dict(problems):
        raise wrong(where, found)
