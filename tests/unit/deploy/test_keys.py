"""The local stack's keys: right in kind, private, and kept."""

import json
import stat
from pathlib import Path

from joserfc import jwe, jws
from joserfc.jwk import ECKey, KeySet

from deploy.local.keys import ensure_keys
from huiyin.contracts.services import SERVICES


def test_all_keys_are_made_and_only_their_owner_may_read_them(tmp_path: Path) -> None:
    keys = ensure_keys(tmp_path / "keys")
    assert len(keys.master.read_bytes()) == 96
    assert {len(key.read_bytes()) for key in (keys.lookup, keys.audit, keys.links)} == {32}
    files = list(keys.folder.iterdir())
    assert len(files) == 8 + len(SERVICES)
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(keys.folder.stat().st_mode) == 0o700


def test_keys_that_exist_are_kept(tmp_path: Path) -> None:
    before = {file: file.read_bytes() for file in ensure_keys(tmp_path).folder.iterdir()}
    ensure_keys(tmp_path)
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_public_files_hold_nothing_private(tmp_path: Path) -> None:
    keys = ensure_keys(tmp_path)
    for file in (keys.tokens_public, keys.askers_public):
        assert all("d" not in key for key in json.loads(file.read_text())["keys"])


def test_a_token_signed_with_the_private_key_is_verified_by_the_public_set(tmp_path: Path) -> None:
    keys = ensure_keys(tmp_path)
    signer = ECKey.import_key(json.loads(keys.tokens_private.read_text()))
    public = KeySet.import_key_set(json.loads(keys.tokens_public.read_text()))
    signed = jws.serialize_compact({"alg": "ES256", "kid": signer.kid}, b"token", signer)
    assert jws.deserialize_compact(signed, public).payload == b"token"


def test_an_answer_sealed_to_an_asker_is_opened_by_that_asker(tmp_path: Path) -> None:
    keys = ensure_keys(tmp_path)
    public = KeySet.import_key_set(json.loads(keys.askers_public.read_text()))
    for service in SERVICES:
        header = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": service}
        sealed = jwe.encrypt_compact(header, b"answer", public.get_by_kid(service))
        own = ECKey.import_key(json.loads(keys.sealed_private(service).read_text()))
        assert jwe.decrypt_compact(sealed, own).plaintext == b"answer"
