"""Sealing: what names a person or quotes a complaint is encrypted before it reaches the store.

A data key per office and retention month lies in the service's own `key_vault`, wrapped by a
master key that lies outside the database. Which master key wraps new ones stands in `master_keys`,
so that all processes of a service go over to another one together, and while they run.
"""

import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, TypeVar

from bson import SON
from bson.binary import UUID_SUBTYPE, Binary
from bson.codec_options import CodecOptions
from pymongo import MongoClient
from pymongo.encryption import ClientEncryption
from pymongo.errors import DuplicateKeyError, EncryptionError

from huiyin.chassis.errors import KeyDestroyed, Unavailable, WrongSetting
from huiyin.chassis.masters import FILE, Keyring, Master, name_of
from huiyin.chassis.mongo import database

KEY_VAULT: Final = "key_vault"
MASTER_KEYS: Final = "master_keys"
_CURRENT: Final = "current"
_RANDOM: Final = "AEAD_AES_256_CBC_HMAC_SHA_512-Random"
#: A month that names a data key, such as 2026-11.
MONTH: Final = r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])\Z"

_PLAIN: Final = CodecOptions[dict[str, Any]](tz_aware=True)  # ids stay Binary, as the library wants them

Sealable = Mapping[str, Any] | str
T = TypeVar("T")


class Sealer:
    """Seals values under the key of an office and a retention month; safe to share by threads."""

    def __init__(self, client: MongoClient[dict[str, Any]], database_name: str, keyring: Keyring) -> None:
        own = database(client, database_name)
        self._client, self._name = client, database_name
        self._vault = own[KEY_VAULT].with_options(codec_options=_PLAIN)
        self._masters = own[MASTER_KEYS]
        self._keyring = keyring
        self._keys: dict[str, Binary] = {}
        self._lock = threading.RLock()  # making a data key may have to take up a master key
        self._made = [self._make_encryption()]

    def close(self) -> None:
        """Release the encryption's own resources; the client stays open."""
        for encryption in self._made:
            encryption.close()

    def check(self) -> None:
        """WrongSetting when a master key that wrapped the vault's keys is missing or wrong. Run at start."""
        for name, row in self._one_of_each().items():
            if not self._keyring.opens(row["masterKey"]):
                raise WrongSetting(
                    f"{self._keyring.place_of(name)}: this master key wrapped keys of this database and is"
                    " not here"
                )
            self._check_opens(name, row)

    def seal(self, office: str, month: str, value: Sealable) -> Binary:
        """The value encrypted at random: the same value never looks the same twice."""
        key = self.ensure_key(office, month)
        plain = value if isinstance(value, str) else SON(value)
        return self._do(lambda encryption: encryption.encrypt(plain, _RANDOM, key_id=key), key)

    def open(self, sealed: Binary) -> Any:
        """What was sealed, as it was: a mapping (as dict) or a text; KeyDestroyed without its key."""
        # A sealed value names its key: after the type byte follow the 16 bytes of the key's id.
        return self._do(lambda encryption: encryption.decrypt(sealed), Binary(sealed[1:17], UUID_SUBTYPE))

    # -- data keys --------------------------------------------------------------------

    def destroy(self, office: str, month: str) -> bool:
        """Delete a data key for good; False when there is none.

        A process that used it lately forgets it within a minute.
        """
        return self._vault.delete_one({"keyAltNames": key_name(office, month)}).deleted_count == 1

    def has_key(self, office: str, month: str) -> bool:
        """Whether there is a data key of the office and month."""
        return self._vault.find_one({"keyAltNames": key_name(office, month)}, {"_id": 1}) is not None

    def months(self, office: str) -> list[str]:
        """The months of which the office has a data key, oldest first."""
        rows = self._vault.find({}, {"keyAltNames": 1})
        names = (name.rpartition(":") for row in rows for name in row.get("keyAltNames", ()))
        return sorted(month for of, _, month in names if of == office)

    def ensure_key(self, office: str, month: str) -> Binary:
        """The id of the data key of an office and month, made when there is none."""
        name = key_name(office, month)
        held = self._keys.get(name)
        if held is None:
            held = self._keys[name] = self._find_or_make(name)
        return held

    def _find_or_make(self, name: str) -> Binary:
        with self._lock:
            self._vault.create_index(
                "keyAltNames", unique=True, partialFilterExpression={"keyAltNames": {"$exists": True}}
            )
            return self._find(name) or self._make(name)

    def _find(self, name: str) -> Binary | None:
        row = self._vault.find_one({"keyAltNames": name}, {"_id": 1})
        return None if row is None else row["_id"]

    def _make(self, name: str) -> Binary:
        master = self._known(self.current())
        try:
            made = self._made[-1].create_data_key(
                master.provider, master_key=master.document, key_alt_names=[name]
            )
        except EncryptionError as wrong:
            if not isinstance(wrong.cause, DuplicateKeyError):
                raise _failed(wrong, master.name) from wrong
        else:
            return self._overtaken(made, master.name)
        made_by_another = self._find(name)
        assert made_by_another is not None
        return made_by_another

    def _overtaken(self, made: Binary, wrapped_by: str) -> Binary:
        """A key made while another master key came into use is wrapped by that one after all.

        Whoever wrapped all others anew meanwhile has not seen it, and takes the old master key away.
        """
        if (now := self.current()) != wrapped_by:
            self._wrap([made], self._known(now))
        return made

    # -- master keys ------------------------------------------------------------------

    def current(self) -> str:
        """The name of the master key that wraps new data keys: the one last chosen, else the setting's."""
        row = self._masters.find_one({"_id": _CURRENT})
        return row["name"] if row else self._keyring.first

    def known(self) -> tuple[str, ...]:
        """The names of the master keys that this process knows, those that came lately, too."""
        self._renew()
        return self._keyring.names

    def wrapped(self) -> Mapping[str, int]:
        """How many data keys each master key wraps, by its name."""
        return Counter(name_of(row["masterKey"]) for row in self._vault.find({}, {"masterKey": 1}))

    def require(self, name: str) -> None:
        """Refuse a master key that new data keys cannot be wrapped by: Unavailable when it is not here."""
        self._known(name)

    def rotate(self, name: str, at: datetime) -> None:
        """From now on new data keys are wrapped by this one, in every process of the service."""
        self.require(name)
        self._masters.update_one({"_id": _CURRENT}, {"$set": {"name": name, "since": at}}, upsert=True)

    def rewrap(self) -> int:
        """Wrap all other data keys by the current master key, too; how many there were.

        What they sealed stays as it is. Safe to repeat, and while others seal and open.
        """
        name = self.current()
        master = self._known(name)
        for old in self._one_of_each().values():
            if not self._keyring.opens(old["masterKey"]):
                self._known(name_of(old["masterKey"]))
        others = [
            row["_id"] for row in self._vault.find({}, {"masterKey": 1}) if name_of(row["masterKey"]) != name
        ]
        if not others:
            return 0
        self._wrap(others, master)
        return len(others)

    def _wrap(self, keys: list[Binary], master: Master) -> None:
        which = {"_id": {"$in": keys}}
        try:
            self._made[-1].rewrap_many_data_key(which, provider=master.provider, master_key=master.document)
        except EncryptionError as wrong:  # it does not tell whether unwrapping or wrapping failed
            before = {name_of(row["masterKey"]) for row in self._vault.find(which, {"masterKey": 1})}
            raise _failed(wrong, *sorted({master.name, *before})) from wrong

    def _known(self, name: str) -> Master:
        master = self._keyring.get(name)
        if master is None and self._renew():
            master = self._keyring.get(name)
        if master is None:
            raise Unavailable(
                f"本进程还没有主密钥 {name}（{self._keyring.place_of(name)}），请先分发到各进程。"
            )
        return master

    def _renew(self) -> bool:
        """Take up master keys that were laid into the folder since; whether there was one."""
        with self._lock:
            if not self._keyring.read():
                return False
            self._made.append(self._make_encryption())  # others may be at work with the one before
            return True

    def _do(self, act: Callable[["ClientEncryption[dict[str, Any]]"], T], key: Binary) -> T:
        """Encrypt or decrypt by a data key; once more when its master key has come meanwhile."""
        try:
            return act(self._made[-1])
        except EncryptionError as wrong:
            if wrong.timeout:
                raise
            row = self._vault.find_one({"_id": key}, {"masterKey": 1})
            if row is None:
                raise KeyDestroyed("该内容的数据密钥已销毁，内容不能再打开。") from wrong
            name = name_of(row["masterKey"])
            if self._keyring.opens(row["masterKey"]):
                raise _failed(wrong, name) from wrong
            self._known(name)
        return act(self._made[-1])

    def _one_of_each(self) -> dict[str, Any]:
        rows = self._vault.find({}, {"masterKey": 1}).sort("creationDate", 1)
        return {name_of(row["masterKey"]): row for row in rows}

    def _check_opens(self, name: str, row: Mapping[str, Any]) -> None:
        try:
            self._made[-1].encrypt("", _RANDOM, key_id=row["_id"])
        except EncryptionError as wrong:
            if wrong.timeout:
                raise
            place, why = self._keyring.place_of(name), "another master key wrapped this database's keys"
            if not _is_file(name):
                why = f"it does not open this database's keys: {wrong}"
            raise WrongSetting(f"{place}: {why}") from wrong

    def _make_encryption(self) -> "ClientEncryption[dict[str, Any]]":
        return ClientEncryption(
            self._keyring.providers(),
            f"{self._name}.{KEY_VAULT}",
            self._client,
            CodecOptions(document_class=dict[str, Any], tz_aware=True),
            kms_tls_options=self._keyring.tls(),
        )


def _is_file(name: str) -> bool:
    return name.partition(":")[0] == FILE


def _failed(wrong: EncryptionError, *names: str) -> Exception:
    """A KMS that refuses or is silent may do so for a while only; with files it is an error of ours."""
    services = "、".join(name for name in names if not _is_file(name))
    return Unavailable(f"密钥服务 {services} 不能打开数据密钥，请管理员检查。") if services else wrong


def key_name(office: str, month: str) -> str:
    """How a data key is named in the vault."""
    if not re.match(MONTH, month) or not office or ":" in office:
        raise ValueError("a data key is named by an office and a month such as 2026-11")
    return f"{office}:{month}"
