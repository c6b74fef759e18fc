"""Master keys: they wrap the data keys, and lie in files or behind a KMS, never in the database.

`master.key` of the keys folder is `file`, and each `master-<name>.key` there is `file:<name>`;
`aws:<arn>[@<endpoint>]` and `kmip:<host>:<port>` are asked over TLS. A process knows every file of
the folder, the KMS of its setting, and each that a `master-<name>.kms` of the folder names: whoever
lays files there, and nobody else, says which KMS may come to see a data key.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from huiyin.chassis.errors import WrongSetting
from huiyin.chassis.keyfile import read_key
from huiyin.chassis.settings import BaseSettings

MASTER_KEY_BYTES: Final = 96
FILE: Final = "file"
#: What libmongocrypt takes as the name of a provider.
_NAME: Final = re.compile(r"[A-Za-z0-9_]{1,32}", re.ASCII)
_FILES: Final = re.compile(r"master(?:-(?P<name>[A-Za-z0-9_]{1,32}))?\.key", re.ASCII)
_ADDRESSES: Final = re.compile(r"master-[A-Za-z0-9_]{1,32}\.kms", re.ASCII)
_ARN: Final = re.compile(r"arn:aws[a-z-]*:kms:(?P<region>[a-z0-9-]+):\d*:(?:key|alias)/[\w/-]+", re.ASCII)
_ENDPOINT: Final = re.compile(r"[A-Za-z0-9.-]+(?::\d{1,5})?", re.ASCII)
_WRITTEN: Final = "aws:<arn>[@<endpoint>] or kmip:<host>:<port>"
_HOST_PORT: Final = re.compile(r"[A-Za-z0-9.-]+:\d{1,5}", re.ASCII)


@dataclass(frozen=True)
class Master:
    """One master key: its name, and as libmongocrypt knows it; `options` of the provider hold the secret."""

    name: str
    provider: str
    document: Mapping[str, Any] | None = None
    options: Mapping[str, Any] = field(default_factory=dict, repr=False)


def is_file_name(name: str) -> bool:
    """Whether a file `master-<name>.key` may be called so."""
    return _NAME.fullmatch(name) is not None


def from_setting(setting: str) -> Master | None:
    """The KMS a setting names, or nothing for `file`; WrongSetting says how it is written."""
    if setting == FILE:
        return None
    made = _of_address(setting)
    if made is None:
        raise WrongSetting(f"HUIYIN_MASTER_KEY={setting}: must be file, {_WRITTEN}")
    return made


def _of_address(address: str) -> Master | None:
    """The KMS under an address; nothing when it is none."""
    kind, _, rest = address.partition(":")
    return _KMS[kind](address, rest) if kind in _KMS else None


def _aws(name: str, rest: str) -> Master | None:
    arn, parted, endpoint = rest.partition("@")
    found = _ARN.fullmatch(arn)
    if found is None or (parted and not _ENDPOINT.fullmatch(endpoint)):
        return None
    where = {"endpoint": endpoint} if endpoint else {}
    return Master(name, "aws", {"region": found["region"], "key": arn, **where})


def _kmip(name: str, rest: str) -> Master | None:
    if not _HOST_PORT.fullmatch(rest):
        return None
    return Master(name, "kmip", {"endpoint": rest}, {"endpoint": rest})


_KMS: Final[Mapping[str, Callable[[str, str], Master | None]]] = {"aws": _aws, "kmip": _kmip}


def name_of(wrapped_by: Mapping[str, Any]) -> str:
    """The name of the master key that a data key's row says it was wrapped by."""
    provider, _, name = wrapped_by["provider"].partition(":")
    endpoint = wrapped_by.get("endpoint", "")
    if provider == "local":
        return f"{FILE}:{name}" if name else FILE
    if provider == "aws":
        return f"aws:{wrapped_by['key']}" + (f"@{endpoint}" if endpoint else "")
    return f"{provider}:{endpoint}"


class Keyring:
    """The master keys that a process knows; files that are laid there later are found by `read`."""

    def __init__(
        self,
        folder: Path,
        setting: str = FILE,
        *,
        ca_file: Path | None = None,
        certificate_file: Path | None = None,
    ) -> None:
        self._folder = folder
        self._kms = from_setting(setting)
        self._tls = {
            **({"tlsCAFile": str(ca_file)} if ca_file else {}),
            **({"tlsCertificateKeyFile": str(certificate_file)} if certificate_file else {}),
        }
        self._known = self._read()

    @classmethod
    def of(cls, settings: BaseSettings) -> Self:
        """The master keys of a process's settings."""
        return cls(
            settings.keys_dir,
            settings.master_key,
            ca_file=settings.kms_ca_file,
            certificate_file=settings.kms_certificate_file,
        )

    @property
    def first(self) -> str:
        """The name of the one that wraps data keys until another is chosen."""
        return self._kms.name if self._kms else FILE

    @property
    def names(self) -> tuple[str, ...]:
        """All that are known."""
        return tuple(self._known)

    def get(self, name: str) -> Master | None:
        """The master key of a name, if it is known."""
        return self._known.get(name)

    def opens(self, wrapped_by: Mapping[str, Any]) -> bool:
        """Whether a data key can be unwrapped here; a KMS is asked by the address that the row holds."""
        return wrapped_by["provider"] in self.providers()

    def read(self) -> bool:
        """Look for files again; whether there is one that was not known."""
        before, self._known = self._known, {**self._known, **self._read()}
        return self._known.keys() != before.keys()

    def place_of(self, name: str) -> str:
        """Where a master key is looked for: a file's path, or the address of a KMS."""
        kind, _, own = name.partition(":")
        return str(self._folder / file_of(own)) if kind == FILE else name

    def providers(self) -> dict[str, Mapping[str, Any]]:
        """As libmongocrypt wants them; an empty aws has pymongo ask AWS's own chain of credentials."""
        return {master.provider: dict(master.options) for master in self._known.values()}

    def tls(self) -> dict[str, Mapping[str, Any]]:
        """How a KMS is reached; without options by the system's certificate authorities."""
        providers = {master.provider for master in self._known.values() if not master.options.get("key")}
        return dict.fromkeys(providers, self._tls) if self._tls else {}

    def _read(self) -> dict[str, Master]:
        files = sorted(file for file in self._folder.glob("master*.key") if _FILES.fullmatch(file.name))
        told = sorted(file for file in self._folder.glob("master-*.kms") if _ADDRESSES.fullmatch(file.name))
        masters = [*map(_of_path, files), *map(_addressed, told), *([self._kms] if self._kms else [])]
        found = {master.name: master for master in masters}
        if not found:
            read_key(self._folder / file_of(""), MASTER_KEY_BYTES)  # which tells what is missing
        return found


def file_of(name: str) -> str:
    """How the file of a master key is called; the first one has no name."""
    return f"master-{name}.key" if name else "master.key"


def _addressed(file: Path) -> Master:
    """The KMS whose address a file holds."""
    try:
        made = _of_address(file.read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError) as wrong:
        raise WrongSetting(f"{file}: cannot be read ({type(wrong).__name__})") from wrong
    if made is None:
        raise WrongSetting(f"{file}: must hold {_WRITTEN}")
    return made


def _of_path(file: Path) -> Master:
    match = _FILES.fullmatch(file.name)
    assert match is not None, "only such files are looked for"
    own = match["name"]
    key = {"key": read_key(file, MASTER_KEY_BYTES)}
    return Master(f"{FILE}:{own}", f"local:{own}", None, key) if own else Master(FILE, "local", None, key)
