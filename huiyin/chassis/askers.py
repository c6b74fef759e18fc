"""What is answered to one service alone: sealed to its public key, so that no broker's file tells it.

All services hold all public keys, each its own private one (`deploy/local/keys.py` makes them).
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet, import_key

from huiyin.chassis.errors import WrongSetting
from huiyin.contracts.services import Service

T = TypeVar("T")

_ALGORITHMS: Final = ("ECDH-ES+A256KW", "A256GCM")


def read_askers(keys_dir: Path) -> KeySet:
    """Everybody's public keys, named by their services; WrongSetting names a file that holds none."""
    return _read(keys_dir / "askers.public.jwks", KeySet.import_key_set)


def read_own_key(keys_dir: Path, service: Service) -> Key:
    """The service's private key; WrongSetting names a file that holds none."""
    return _read(keys_dir / f"sealed-{service}.private.jwk", import_key)


def _read(file: Path, made: Callable[[Any], T]) -> T:
    try:
        return made(json.loads(file.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, JoseError) as wrong:
        raise WrongSetting(f"{file}: the key cannot be read ({type(wrong).__name__})") from wrong


def seal_for(askers: KeySet, kid: str, payload: Mapping[str, Any]) -> str:
    """A payload only the holder of the asker's private key can open; KeyError when it has none."""
    key = next((key for key in askers.keys if key.kid == kid), None)
    if key is None:
        raise KeyError(f"no key {kid} in the key set")
    header = {"alg": "ECDH-ES+A256KW", "enc": "A256GCM", "kid": kid}
    plain = json.dumps(payload, ensure_ascii=False).encode()
    return jwe.encrypt_compact(header, plain, key, algorithms=list(_ALGORITHMS))


def open_sealed(key: Key, token: str) -> dict[str, Any]:
    """The payload sealed to this key, or a ValueError."""
    try:
        opened = jwe.decrypt_compact(token, key, algorithms=list(_ALGORITHMS))
        payload = json.loads(opened.plaintext or b"")
    except JoseError as wrong:
        raise ValueError("the sealed payload is not for this key, or was changed") from wrong
    if not isinstance(payload, dict):
        raise ValueError("the sealed payload is no object")  # noqa: TRY004  one error for a bad token
    return payload
