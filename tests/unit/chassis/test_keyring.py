"""What a setting of the master key means to libmongocrypt; no KMS is asked here."""

from pathlib import Path

import pytest

from huiyin.chassis.errors import WrongSetting
from huiyin.chassis.masters import Keyring, from_setting, name_of

ARN = "arn:aws-cn:kms:cn-north-1:111122223333:key/0f1e2d3c-4b5a"


def test_files_of_the_keys_folder_are_known_by_their_names(tmp_path: Path) -> None:
    for name in ("master.key", "master-202611.key"):
        (tmp_path / name).write_bytes(name.encode().ljust(96))
    (tmp_path / "master-no-good-name.key").write_bytes(b"")
    keyring = Keyring(tmp_path)
    assert set(keyring.names) == {"file", "file:202611"}
    assert keyring.providers()["local:202611"]["key"].startswith(b"master-202611")
    assert keyring.tls() == {}
    (tmp_path / "master-new.key").write_bytes(bytes(96))
    assert keyring.get("file:new") is None
    assert (keyring.read(), keyring.read()) == (True, False)
    assert keyring.get("file:new") is not None
    assert "master-202611" not in repr(keyring.get("file:202611")), "a key never shows"


def test_aws_is_named_by_its_arn_and_perhaps_an_endpoint() -> None:
    master = from_setting(f"aws:{ARN}")
    assert master is not None
    assert (master.provider, master.document) == ("aws", {"region": "cn-north-1", "key": ARN})
    elsewhere = from_setting(f"aws:{ARN}@kms.internal:8443")
    assert elsewhere is not None
    assert elsewhere.document == {"region": "cn-north-1", "key": ARN, "endpoint": "kms.internal:8443"}
    assert name_of({"provider": "aws", **elsewhere.document}) == elsewhere.name


def test_kmip_is_named_by_host_and_port_and_needs_certificates(tmp_path: Path) -> None:
    ca, certificate = tmp_path / "ca.pem", tmp_path / "client.pem"
    keyring = Keyring(tmp_path, "kmip:hsm.internal:5696", ca_file=ca, certificate_file=certificate)
    assert keyring.names == ("kmip:hsm.internal:5696",), "a KMS needs no file"
    assert keyring.providers() == {"kmip": {"endpoint": "hsm.internal:5696"}}
    assert keyring.tls() == {"kmip": {"tlsCAFile": str(ca), "tlsCertificateKeyFile": str(certificate)}}
    assert name_of({"provider": "kmip", "endpoint": "hsm.internal:5696", "keyId": "1"}) == keyring.names[0]


def test_a_kms_that_a_file_of_the_folder_names_is_known_beside_the_others(tmp_path: Path) -> None:
    (tmp_path / "master.key").write_bytes(bytes(96))
    keyring = Keyring(tmp_path, f"aws:{ARN}", ca_file=tmp_path / "ca.pem")
    (tmp_path / "master-2026.kms").write_text("kmip:hsm.internal:5696\n")
    (tmp_path / "master-no-good-name.kms").write_text("x")
    assert keyring.read()
    assert set(keyring.names) == {"file", f"aws:{ARN}", "kmip:hsm.internal:5696"}
    assert keyring.first == f"aws:{ARN}"
    assert set(keyring.tls()) == {"aws", "kmip"}
    (tmp_path / "master-2027.kms").write_text("file:2027")
    with pytest.raises(WrongSetting, match=r"master-2027\.kms: must hold aws:"):
        keyring.read()


@pytest.mark.parametrize(
    "setting",
    ["", "files", "aws:", "aws:arn:aws:s3:eu-north-1:1:key/a", f"aws:{ARN}@", "kmip:", "kmip:host", "gcp:x"],
)
def test_what_names_no_master_key_is_told_with_how_it_is_written(setting: str) -> None:
    with pytest.raises(WrongSetting, match="must be file, aws:"):
        from_setting(setting)
