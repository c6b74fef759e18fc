"""Where `make run` keeps its things, and the offices' rules, as the commands need them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from huiyin.chassis.revocations import REVOCATIONS
from huiyin.chassis.rulebook import OfficeFolder, load_office, load_offices, office_names
from huiyin.cli.ends import NOT_HERE, WRONG_USE, fail

CLOCK_FILE: Final = "office-clock.json"


@dataclass(frozen=True)
class LocalStack:
    """The files of a local platform."""

    folder: Path

    @property
    def signing_key(self) -> Path:
        """The key that signs local tokens."""
        return self._existing("keys/tokens.private.jwk")

    @property
    def revocations(self) -> Path:
        """The list of revoked sessions."""
        return self._existing(f"keys/{REVOCATIONS}")

    @property
    def keys_folder(self) -> Path:
        """Where the keys of all services lie."""
        return self._existing("keys")

    @property
    def clock_file(self) -> Path:
        """Where the simulated office clock stands."""
        return self._existing(CLOCK_FILE)

    @property
    def services_file(self) -> Path:
        """Which says where each service is."""
        return self._existing("services.json")

    def _existing(self, name: str) -> Path:
        path = self.folder / name
        if not path.exists():
            fail(f"没有 {path}：请先运行 make run，或用 --local 指明目录 (run `make run` first)", NOT_HERE)
        return path


def offices(folder: Path) -> dict[str, OfficeFolder]:
    """The offices of a folder; WrongSetting names the key of what is wrong."""
    return load_offices(_existing(folder))


def office(folder: Path, name: str) -> OfficeFolder:
    """One office, or an error that names those there are; WrongSetting names the key of what is wrong."""
    found = office_names(_existing(folder))
    if name not in found:
        fail(f"没有机构 {name}；可用：{'、'.join(found)} (no such office)", WRONG_USE)
    return load_office(folder / name)


def office_of(folder: Path, number: str) -> str:
    """The office whose code begins a case number."""
    found = {place.rulebook.office.code: name for name, place in offices(folder).items()}
    code = number.partition("-")[0]
    if code not in found:
        fail(f"编号 {number} 不是这些机构的：{'、'.join(found)} (no office has this number)", WRONG_USE)
    return found[code]


def _existing(offices: Path) -> Path:
    if not offices.is_dir():
        fail(f"没有目录 {offices}：请用 --offices 指明 (no such folder; name it with --offices)", WRONG_USE)
    return offices


def holder(folder: Path, name: str, role: str, unit: str = "") -> str:
    """The subject of the first person of an office who holds a role, in a unit, and stays."""
    for person in office(folder, name).people.values():
        if role in person.roles and person.left_on is None and unit in ("", person.unit):
            return person.subject
    of_unit = f"（单位 {unit}）" if unit else ""
    fail(
        f"机构 {name} 的人员名录里没有人任 {role}{of_unit} (nobody in people.yaml holds this role)", WRONG_USE
    )
    return None


def addresses(path: Path) -> dict[str, str]:
    """Service → address, as the file says."""
    try:
        found: dict[str, str] = dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as wrong:
        fail(f"{path}：读不出服务地址 (not a JSON object of service addresses: {wrong})", WRONG_USE)
    return found
