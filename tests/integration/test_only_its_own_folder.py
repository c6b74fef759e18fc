"""Each service builds and starts with only its own folder and `huiyin/` present."""

import compileall
import os
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from deploy.local.keys import ensure_keys
from deploy.local.platform import KINDS, OFFICES
from deploy.local.ports import Ports
from deploy.local.servers import Servers
from deploy.local.sinks import Sinks
from huiyin.chassis.clocks import SimulatedOfficeClock
from huiyin.chassis.trust import NO_CA
from huiyin.client.line import until
from huiyin.contracts.services import SERVICES
from tests.integration.five_houses import AT

ROOT = Path(__file__).parents[2]
#: Runs a service's module after the project itself, however it is installed, was taken off the path.
ONLY_HERE = """
import runpy, sys
root, service, kind = sys.argv[1:]
sys.path[:] = [p for p in sys.path if p != root]
sys.meta_path[:] = [f for f in sys.meta_path if "editable" not in getattr(f, "__name__", "").lower()]
sys.argv[:] = [service, kind]
runpy.run_module(f"services.{service}", run_name="__main__", alter_sys=False)
"""


@pytest.fixture
def alone(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder that holds the shared package and one service, and nothing else."""
    unfinished = shutil.ignore_patterns("*.pyc.*")  # what another process is just writing
    shutil.copytree(ROOT / "huiyin", tmp_path / "huiyin", ignore=unfinished)
    service = ROOT / "services" / request.param
    shutil.copytree(service, tmp_path / "services" / request.param, ignore=unfinished)
    return tmp_path


@pytest.mark.parametrize(("alone", "service"), [(s, s) for s in SERVICES], indirect=["alone"], ids=SERVICES)
def test_a_service_builds_and_starts_alone(
    alone: Path, service: str, servers: Servers, amqp_url: str, tmp_path: Path
) -> None:
    assert compileall.compile_dir(str(alone), quiet=1)
    keys = ensure_keys(tmp_path / "keys")
    SimulatedOfficeClock(tmp_path / "clock.json").set(AT)
    nowhere = "http://127.0.0.1:9"
    sinks = Sinks(tmp_path, {"mailbox": 9, "sms_gateway": 9, "call_centre": 9}, nowhere, nowhere)
    chosen = Ports(tmp_path / "ports.json", {})
    chosen.choose(*KINDS)
    ports = {kind: chosen[kind] for kind in KINDS}
    running = []
    try:
        for kind, port in ports.items():
            env = {
                **{k: v for k, v in os.environ.items() if not k.startswith(("HUIYIN_", "PYTHONPATH"))},
                **sinks.settings(),
                "PYTHONPATH": str(alone),
                "HUIYIN_MONGO_URL": servers.addresses.service_mongo_urls[service],
                "HUIYIN_MONGO_DATABASE": f"huiyin_{service}",
                "HUIYIN_AMQP_URL": amqp_url,
                "HUIYIN_OFFICES_DIR": str(OFFICES),
                "HUIYIN_KEYS_DIR": str(keys.folder),
                "HUIYIN_TOKEN_JWKS": str(keys.tokens_public),
                "HUIYIN_ENVIRONMENT": "local",
                "HUIYIN_OFFICE_CLOCK": str(tmp_path / "clock.json"),
                "HUIYIN_HTTP_PORT": str(port if kind == "web" else 0),
                "HUIYIN_PROBE_PORT": str(port),
            }
            command = [sys.executable, "-c", ONLY_HERE, str(ROOT), service, kind]
            running.append(subprocess.Popen(command, cwd=alone, env=env))
        for port in ports.values():
            until(lambda port=port: _is_ready(port), within=60)  # type: ignore[misc]
    finally:
        for process in running:
            process.terminate()
        for process in running:
            assert process.wait(30) == 0


def _is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=5, verify=NO_CA).status_code == 200
    except httpx.TransportError:
        return False
