"""The local platform as processes: what is refused, and what is left behind."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from deploy.local.errors import LocalStackError
from deploy.local.keys import ensure_keys
from deploy.local.platform import Platform, Site
from deploy.local.ports import is_free
from deploy.local.processes import Identity, Ledger, descendants, wait_until
from deploy.local.servers import Servers
from huiyin.chassis.clocks import SimulatedOfficeClock
from tests.scenarios.driver import BEGINNING


def _site(servers: Servers, folder: Path, **env: str) -> Site:
    clock = folder / "office-clock.json"
    SimulatedOfficeClock(clock).set(BEGINNING)
    keys = ensure_keys(folder / "keys")
    return Site(folder, servers.addresses, keys, clock, services=("intake", "notify"), env=env)


def _my_children() -> list[Identity]:
    """The Python processes below this one; the broker starts helpers of its own whenever it likes."""
    return [one for one in descendants(os.getpid()) if one.lives() and _is_python(one)]


def _is_python(one: Identity) -> bool:
    return b"python" in Path(f"/proc/{one.pid}/cmdline").read_bytes()


def test_it_stops_exactly_what_it_started(servers: Servers, tmp_path: Path) -> None:
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    before = {one.pid for one in _my_children()}
    with Platform(_site(servers, tmp_path)) as platform:
        platform.start()
        assert len(platform.pids) == 2 * 3 + 3
        ports = [int(url.rpartition(":")[2]) for url in platform.urls.values()]
        assert not any(is_free(port) for port in ports)
    assert {one.pid for one in _my_children()} == before
    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


def test_a_taken_port_is_named_and_nothing_is_started(servers: Servers, tmp_path: Path) -> None:
    before = {one.pid for one in _my_children()}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        platform = Platform(_site(servers, tmp_path, HUIYIN_PORT_BASE=str(port)))
        with pytest.raises(LocalStackError, match=f"port {port}, wanted for intake, is taken"):
            platform.start()
    assert {one.pid for one in _my_children()} == before


@pytest.mark.parametrize("base", ["http", "0", "65533"])
def test_a_port_base_that_is_none_is_refused(servers: Servers, tmp_path: Path, base: str) -> None:
    with pytest.raises(LocalStackError, match=f"HUIYIN_PORT_BASE={base} is no port"):
        Platform(_site(servers, tmp_path, HUIYIN_PORT_BASE=base)).start()


def test_a_process_that_cannot_start_is_shown_and_the_others_are_stopped(
    servers: Servers, tmp_path: Path
) -> None:
    before = {one.pid for one in _my_children()}
    site = _site(servers, tmp_path)
    site.keys.lookup.unlink()
    with pytest.raises(LocalStackError, match=r"(?s)intake-\w+ ended while starting.*lookup\.key"):
        Platform(site).start()
    assert {one.pid for one in _my_children()} == before


def test_what_a_killed_run_left_is_named_at_the_next_start(servers: Servers, tmp_path: Path) -> None:
    """Without servers, as only the names in the ledger count."""
    program = f"""
        import os, signal, subprocess
        from pathlib import Path
        from deploy.local.processes import Identity, Ledger
        left = subprocess.Popen(["sleep", "300"], start_new_session=True)
        Ledger(Path({str(tmp_path / "processes.json")!r})).note("intake-web", Identity.of(left.pid))
        os.kill(os.getpid(), signal.SIGKILL)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=False, timeout=60)
    (pid,) = Ledger(tmp_path / "processes.json").survivors().values()
    left = Identity.of(pid)
    with pytest.raises(LocalStackError, match=rf"intake-web \({pid}\).*kill {pid}"):
        Platform(_site(servers, tmp_path)).start()
    left.send(signal.SIGKILL)
    wait_until(lambda: not left.lives(), 10, "the left process is gone")
