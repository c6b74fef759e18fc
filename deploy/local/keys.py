"""The keys of the local stack, made once: sealing, looking up, the audit, links, tokens, answers."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey

from deploy.local.files import create_private, private_folder, write_private
from huiyin.chassis.revocations import REVOCATIONS
from huiyin.contracts.services import SERVICES

_MASTER_BYTES = 96  # what client-side field level encryption asks for
_LOOKUP_BYTES = 32
_AUDIT_BYTES = 32
_LINK_BYTES = 32


@dataclass(frozen=True)
class Keys:
    """Where each key lies; every file is readable by its owner only."""

    folder: Path

    @property
    def master(self) -> Path:
        """96 random bytes that seal the data keys."""
        return self.folder / "master.key"

    @property
    def lookup(self) -> Path:
        """32 random bytes for the HMAC by which a phone number is found."""
        return self.folder / "lookup.key"

    @property
    def audit(self) -> Path:
        """32 random bytes that authenticate the audit's rows and batches."""
        return self.folder / "audit.key"

    @property
    def links(self) -> Path:
        """32 random bytes that sign the links sent to complainants."""
        return self.folder / "links.key"

    @property
    def tokens_private(self) -> Path:
        """The JWK that signs tokens (ES256)."""
        return self.folder / "tokens.private.jwk"

    @property
    def tokens_public(self) -> Path:
        """The JWKS that verifies tokens."""
        return self.folder / "tokens.public.jwks"

    @property
    def revocations(self) -> Path:
        """The sessions that were revoked, one JSON line each (`huiyin session revoke`)."""
        return self.folder / REVOCATIONS

    @property
    def askers_public(self) -> Path:
        """The JWKS of all who ask by RPC, kid = service: their answers are sealed to it."""
        return self.folder / "askers.public.jwks"

    def sealed_private(self, service: str) -> Path:
        """The JWK with which this service opens the answers sealed to it."""
        return self.folder / f"sealed-{service}.private.jwk"


def ensure_keys(folder: Path) -> Keys:
    """Make what is missing; a key that exists is kept, as data are sealed with it."""
    keys = Keys(private_folder(folder))
    create_private(keys.master, secrets.token_bytes(_MASTER_BYTES))
    create_private(keys.lookup, secrets.token_bytes(_LOOKUP_BYTES))
    create_private(keys.revocations, b"")
    create_private(keys.audit, secrets.token_bytes(_AUDIT_BYTES))
    create_private(keys.links, secrets.token_bytes(_LINK_BYTES))
    _publish(keys.tokens_public, [_ensure_pair(keys.tokens_private, _signing_key())])
    pairs = [_ensure_pair(keys.sealed_private(service), _sealing_key(service)) for service in SERVICES]
    _publish(keys.askers_public, pairs)
    return keys


def _ensure_pair(file: Path, fresh: ECKey) -> ECKey:
    content = json.dumps(_jwk(fresh, private=True)).encode()
    return ECKey.import_key(json.loads(create_private(file, content)))


def _publish(file: Path, keys: list[ECKey]) -> None:
    """Always from the private keys, so that the two cannot drift apart."""
    write_private(file, json.dumps({"keys": [_jwk(key, private=False) for key in keys]}).encode())


def _signing_key() -> ECKey:
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, private=True)
    return ECKey.import_key({**_jwk(key, private=True), "kid": key.thumbprint()})


def _sealing_key(service: str) -> ECKey:
    return ECKey.generate_key("P-256", {"use": "enc", "alg": "ECDH-ES", "kid": service}, private=True)


def _jwk(key: ECKey, *, private: bool) -> dict[str, Any]:
    return dict(key.as_dict(private=private))
