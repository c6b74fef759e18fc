"""Finding the servers: what is too old or missing is refused in words that say what to do."""

import os
from pathlib import Path

import pytest

from deploy.local import install
from deploy.local.errors import LocalStackError
from deploy.local.servers import Servers


def fake_rabbitmq(root: Path, version: str) -> dict[str, str]:
    script = root / "sbin" / "rabbitmq-server"
    script.parent.mkdir(parents=True)
    script.touch(mode=0o755)
    (root / "plugins" / f"rabbit-{version}").mkdir(parents=True)
    return {"PATH": str(script.parent), "HUIYIN_INSTALL": "0"}


def fake_mongod(root: Path, version: str) -> dict[str, str]:
    program = root / "mongod"
    program.write_text(f"#!/bin/sh\necho 'db version v{version}'\n")
    program.chmod(0o755)
    return {"PATH": f"{root}:{os.defpath}", "HUIYIN_INSTALL": "0", "HOME": str(root)}


@pytest.fixture
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A PATH without servers, and no other place to look in."""
    monkeypatch.setattr(install, "PLACES", ())
    return {"PATH": str(tmp_path), "HOME": str(tmp_path), "HUIYIN_INSTALL": "0"}


@pytest.mark.parametrize("version", ["3.10.0", "3.13.7", "4.0.5"])
def test_a_new_enough_rabbitmq_on_path_is_taken(tmp_path: Path, version: str) -> None:
    env = fake_rabbitmq(tmp_path, version)
    assert install.rabbitmq_script(env) == tmp_path / "sbin" / "rabbitmq-server"


@pytest.mark.parametrize("version", ["3.9.13", "3.8.2"])
def test_an_old_rabbitmq_is_refused_and_told_why(tmp_path: Path, version: str) -> None:
    with pytest.raises(LocalStackError, match=rf"is {version}, and Huiyin needs 3.10 .*quorum queues"):
        install.rabbitmq_script(fake_rabbitmq(tmp_path, version))


def test_a_rabbitmq_of_unknown_version_is_refused(tmp_path: Path) -> None:
    env = fake_rabbitmq(tmp_path, "3.12.0")
    (tmp_path / "plugins" / "rabbit-3.12.0").rmdir()
    with pytest.raises(LocalStackError, match="of an unknown version"):
        install.rabbitmq_script(env)


def test_a_missing_rabbitmq_is_not_installed_where_that_is_forbidden(bare_machine: dict[str, str]) -> None:
    with pytest.raises(LocalStackError, match=r"RabbitMQ is missing and HUIYIN_INSTALL=0.*rabbitmq-server"):
        install.rabbitmq_script(bare_machine)


def test_a_new_enough_mongod_on_path_is_taken(tmp_path: Path) -> None:
    assert install.mongod_program(fake_mongod(tmp_path, "7.0.14")) == tmp_path / "mongod"


def test_an_old_mongod_is_not_taken(tmp_path: Path) -> None:
    with pytest.raises(LocalStackError, match=r"mongod is older than 6\.0"):
        install.mongod_program(fake_mongod(tmp_path, "5.0.31"))


def test_a_missing_mongod_is_not_fetched_where_that_is_forbidden(bare_machine: dict[str, str]) -> None:
    with pytest.raises(LocalStackError, match=r"MongoDB is missing and HUIYIN_INSTALL=0.*HUIYIN_MONGO_URL"):
        install.mongod_program(bare_machine)


def test_a_missing_server_leaves_nothing_started(tmp_path: Path, bare_machine: dict[str, str]) -> None:
    with Servers(tmp_path / "data", env=bare_machine) as servers, pytest.raises(LocalStackError):
        servers.start()
    assert servers.pids == {}


def test_a_nearly_full_disk_is_refused_before_anything_is_looked_for(tmp_path: Path) -> None:
    with Servers(tmp_path, env={}, least_free=2**62) as servers:
        with pytest.raises(LocalStackError, match="GiB are free where"):
            servers.start()
        assert servers.pids == {}
    assert not (tmp_path / "passwords.json").exists()
