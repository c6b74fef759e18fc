"""Ports: kept from run to run, changed when taken, fixed by the environment."""

import socket
from pathlib import Path

import pytest

from deploy.local.errors import LocalStackError
from deploy.local.ports import Ports


def chosen(file: Path, **env: str) -> Ports:
    ports = Ports(file, env)
    ports.choose("amqp", "mongo")
    return ports


def test_the_next_run_has_the_same_ports(tmp_path: Path) -> None:
    first, second = chosen(tmp_path / "p"), chosen(tmp_path / "p")
    assert (first["amqp"], first["mongo"]) == (second["amqp"], second["mongo"])
    assert first["amqp"] != first["mongo"]


def test_a_taken_port_is_changed_and_the_other_is_kept(tmp_path: Path) -> None:
    ports = chosen(tmp_path / "p")
    amqp, mongo = ports["amqp"], ports["mongo"]
    with socket.create_server(("127.0.0.1", amqp)):
        assert ports.change_taken("amqp", "mongo")
    assert ports["amqp"] != amqp
    assert ports["mongo"] == mongo
    assert not ports.change_taken("amqp", "mongo")


def test_all_ports_lie_together_so_that_two_who_choose_at_once_seldom_meet(
    tmp_path: Path,
) -> None:
    ports, names = Ports(tmp_path / "p", {}), [f"service-{n}" for n in range(20)]
    ports.choose(*names)
    found = [ports[name] for name in names]
    assert max(found) - min(found) < 40, "in one block, unless half of it is taken"


def test_a_fixed_port_that_is_taken_is_refused_by_name(tmp_path: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as other,
        pytest.raises(LocalStackError, match="HUIYIN_MONGO_PORT"),
    ):
        chosen(tmp_path / "p", HUIYIN_MONGO_PORT=str(other.getsockname()[1]))


@pytest.mark.parametrize("wish", ["0", "70000", "amqp"])
def test_a_fixed_port_that_is_none_is_refused(tmp_path: Path, wish: str) -> None:
    with pytest.raises(LocalStackError, match="is no port"):
        chosen(tmp_path / "p", HUIYIN_AMQP_PORT=wish)
