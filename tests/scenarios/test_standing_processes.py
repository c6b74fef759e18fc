"""Every process of the platform tells what it costs, and collects its garbage."""

import re
from collections.abc import Mapping

import httpx
import pytest

from deploy.local.platform import Platform
from huiyin.chassis.trust import NO_CA
from huiyin.client.line import until

_COLLECTED = re.compile(r'^python_gc_collections_total\{generation="0"\} (\S+)$', re.MULTILINE)
_MEMORY = re.compile(r"^process_resident_memory_bytes (\S+)$", re.MULTILINE)


@pytest.fixture
def pages(platform: Platform) -> Mapping[str, str]:
    return {name: f"{url}/metrics" for name, url in platform.probes.items()}


def test_each_process_tells_its_memory_and_collects_garbage_once_it_has_imported(
    pages: Mapping[str, str],
) -> None:
    """A process imports with its collector off (chassis/first.py); left off, it would grow for ever."""
    with httpx.Client(verify=NO_CA, timeout=30) as client:

        def told(name: str, number: re.Pattern[str]) -> float:
            found = number.search(client.get(pages[name]).text)
            assert found, name
            return float(found[1])

        assert len(pages) == 15
        assert all(told(name, _MEMORY) > 1e6 for name in pages)
        # A relay or a web that nobody asks anything makes no garbage; all begin to collect in one place.
        before = {name: told(name, _COLLECTED) for name in pages if name.endswith("-worker")}
        for name, collected in before.items():
            until(lambda name=name, collected=collected: told(name, _COLLECTED) > collected)  # type: ignore[misc]
