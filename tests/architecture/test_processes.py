"""A process imports only what it runs: memory and start-up of fifteen processes are paid for by it."""

import subprocess
import sys

import pytest

from huiyin.contracts.services import SERVICES

_LOAD = """
import sys
from importlib import import_module
from pkgutil import resolve_name

services = {name: getattr(import_module(f"services.{name}.__main__"), name.upper()) for name in sys.argv[2:]}
import_module(f"huiyin.chassis.runner.{sys.argv[1]}")
if sys.argv[1] == "web":
    for service in services.values():
        resolve_name(service.blueprint)
print(*{"eventlet", "nameko", "flask"} & sys.modules.keys())
"""


@pytest.mark.parametrize(("process", "loaded"), [("web", {"flask"}), ("relay", set())])
def test_web_knows_no_nameko_and_the_relay_no_flask_either(process: str, loaded: set[str]) -> None:
    told = subprocess.run(
        [sys.executable, "-c", _LOAD, process, *SERVICES], capture_output=True, text=True, check=True
    )
    assert set(told.stdout.split()) == loaded
