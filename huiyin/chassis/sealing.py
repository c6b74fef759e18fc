"""Sealing: what names a person or quotes a complaint is encrypted before it reaches the store.

A data key per office and retention month lies in the service's own `key_vault`, wrapped by a
master key that lies outside the database. Phones are found by an HMAC under a key of its own.
"""

import hashlib
import hmac
import json
import re
import threading
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Self

from bson import SON
from bson.binary import UUID_SUBTYPE, Binary
from bson.codec_options import CodecOptions
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, import_key
from pymongo import MongoClient
from pymongo.encryption import ClientEncryption
from pymongo.errors import DuplicateKeyError, EncryptionError

from huiyin.chassis.errors import Invalid, KeyDestroyed, WrongSetting
from huiyin.chassis.mongo import database

KEY_VAULT: Final = "key_vault"
MASTER_KEY_BYTES: Final = 96
LOOKUP_KEY_BYTES: Final = 32
_JWE_ALGORITHMS: Final = ("ECDH-ES+A256KW", "A256GCM")
_RANDOM: Final = "AEAD_AES_256_CBC_HMAC_SHA_512-Random"
_MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)

Sealable = Mapping[str, Any] | str


def read_key(path: Path, length: int) -> bytes:
    """The raw key in a file, or a WrongSetting that names the file."""
    try:
        key = path.read_bytes()
    except OSError as wrong:
        raise WrongSetting(f"{path}: the key cannot be read ({type(wrong).__name__})") from wrong
    if len(key) != length:
        raise WrongSetting(f"{path}: the key must be {length} raw bytes, not {len(key)}")
    return key


class Sealer:
    """Seals values under the key of an office and a retention month; safe to share by threads."""

    def __init__(
        self,
        client: MongoClient[dict[str, Any]],
        database_name: str,
        master_key: bytes,
        source: str = "the master key",
    ) -> None:
        if len(master_key) != MASTER_KEY_BYTES:
            raise WrongSetting(f"{source}: must be {MASTER_KEY_BYTES} raw bytes, not {len(master_key)}")
        self._vault = database(client, database_name)[KEY_VAULT]
        self._source = source
        self._keys: dict[str, Binary] = {}
        self._lock = threading.Lock()
        self._encryption: ClientEncryption[dict[str, Any]] = ClientEncryption(
            {"local": {"key": master_key}},
            f"{database_name}.{KEY_VAULT}",
            client,
            CodecOptions(document_class=dict[str, Any], tz_aware=True),
        )

    @classmethod
    def from_file(cls, client: MongoClient[dict[str, Any]], database_name: str, path: Path) -> Self:
        """A sealer whose master key lies in a file."""
        return cls(client, database_name, read_key(path, MASTER_KEY_BYTES), str(path))

    def close(self) -> None:
        """Release the encryption's own resources; the client stays open."""
        self._encryption.close()

    def check(self) -> None:
        """WrongSetting when the vault's keys were wrapped by another master key. Run at start."""
        row = self._vault.find_one({}, sort=[("creationDate", -1)])
        if row is None:
            return
        try:
            self._encrypt("", row["_id"])
        except EncryptionError as wrong:
            if wrong.timeout:
                raise
            raise WrongSetting(f"{self._source}: another master key wrapped this database's keys") from wrong

    def seal(self, office: str, month: str, value: Sealable) -> Binary:
        """The value encrypted at random: the same value never looks the same twice."""
        return self._encrypt(value, self.ensure_key(office, month))

    def open(self, sealed: Binary) -> Any:
        """What was sealed, as it was: a mapping (as dict) or a text; KeyDestroyed without its key."""
        try:
            return self._encryption.decrypt(sealed)
        except EncryptionError as wrong:
            if wrong.timeout or self._holds_key_of(sealed):
                raise
            raise KeyDestroyed("该内容的数据密钥已销毁，内容不能再打开。") from wrong

    def destroy(self, office: str, month: str) -> bool:
        """Delete a data key for good; False when there is none.

        A process that used it lately forgets it within a minute.
        """
        return self._vault.delete_one({"keyAltNames": key_name(office, month)}).deleted_count == 1

    def has_key(self, office: str, month: str) -> bool:
        """Whether there is a data key of the office and month."""
        return self._vault.find_one({"keyAltNames": key_name(office, month)}, {"_id": 1}) is not None

    def _holds_key_of(self, sealed: Binary) -> bool:
        """A sealed value names its key: after the type byte follow the 16 bytes of the key's id."""
        return self._vault.find_one({"_id": Binary(sealed[1:17], UUID_SUBTYPE)}, {"_id": 1}) is not None

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
        row = self._encryption.get_key_by_alt_name(name)
        return None if row is None else row["_id"]

    def _make(self, name: str) -> Binary:
        try:
            return self._encryption.create_data_key("local", key_alt_names=[name])
        except EncryptionError as wrong:
            if not isinstance(wrong.cause, DuplicateKeyError):
                raise
        made_by_another = self._find(name)
        assert made_by_another is not None
        return made_by_another

    def _encrypt(self, value: Sealable, key: Binary) -> Binary:
        plain = value if isinstance(value, str) else SON(value)
        return self._encryption.encrypt(plain, _RANDOM, key_id=key)


def key_name(office: str, month: str) -> str:
    """How a data key is named in the vault."""
    if not _MONTH.fullmatch(month) or not office or ":" in office:
        raise ValueError("a data key is named by an office and a month such as 2026-11")
    return f"{office}:{month}"


class Lookup:
    """Finds a phone without keeping it: an HMAC of the normalised number."""

    def __init__(self, key: bytes, source: str = "the look-up key") -> None:
        if len(key) < LOOKUP_KEY_BYTES:
            raise WrongSetting(f"{source}: must be at least {LOOKUP_KEY_BYTES} bytes, not {len(key)}")
        self._key = key

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """A look-up whose key lies in a file."""
        return cls(read_key(path, LOOKUP_KEY_BYTES), str(path))

    def of(self, phone: str) -> str:
        """The HMAC-SHA256 of a phone, in hex."""
        return self.of_text(normal_phone(phone))

    def of_text(self, text: str) -> str:
        """The HMAC-SHA256 of a text as it stands, in hex."""
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()


def normal_phone(phone: str) -> str:
    """A phone's digits in ASCII, without +86 and trunk zero, so that one phone has one form."""
    text = unicodedata.normalize("NFKC", phone).strip()
    digits = re.sub(r"[^0-9]", "", text)
    if re.match(r"\+\s*86|0086|86\D?1[3-9]\d{9}$", re.sub(r"[\s()-]", "", text)):
        digits = digits.removeprefix("00").removeprefix("86")
    digits = digits.removeprefix("0")
    if not digits:
        raise Invalid("a phone has digits", {"phone": "no digits in it"})
    return digits


def seal_for(public_jwks: Mapping[str, Any], kid: str, payload: Mapping[str, Any]) -> str:
    """A payload only the holder of the asker's private key can open."""
    key = next((k for k in KeySet.import_key_set(dict(public_jwks)).keys if k.kid == kid), None)  # type: ignore[arg-type]
    if key is None:
        raise KeyError(f"no key {kid} in the key set")
    header = {"alg": "ECDH-ES+A256KW", "enc": "A256GCM", "kid": kid}
    plain = json.dumps(payload, ensure_ascii=False).encode()
    return jwe.encrypt_compact(header, plain, key, algorithms=list(_JWE_ALGORITHMS))


def open_sealed(private_jwk: Mapping[str, Any], token: str) -> dict[str, Any]:
    """The payload sealed to this key, or a ValueError."""
    try:
        opened = jwe.decrypt_compact(token, import_key(dict(private_jwk)), algorithms=list(_JWE_ALGORITHMS))
        payload = json.loads(opened.plaintext or b"")
    except JoseError as wrong:
        raise ValueError("the sealed payload is not for this key, or was changed") from wrong
    if not isinstance(payload, dict):
        raise ValueError("the sealed payload is no object")  # noqa: TRY004  one error for a bad token
    return payload
