"""What is on its way, by the counters that processes keep in files."""

from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, Counter
from prometheus_client import values as kept

from deploy.local.counts import Counts


@pytest.fixture
def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Counter]:
    """The counters of one process, kept in files as every process of a local stack keeps its own."""
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    value = kept.MultiProcessValue()  # type: ignore[no-untyped-call]
    monkeypatch.setattr("prometheus_client.metrics.values.ValueClass", value)
    registry = CollectorRegistry()
    names = ("said", "published", "handled", "waiting")
    return {name: Counter(f"huiyin_events_{name}", name, ("type",), registry=registry) for name in names}


def test_an_event_is_unsent_until_it_is_published_and_on_its_way_until_each_hearer_settled_it(
    counted: dict[str, Counter], tmp_path: Path
) -> None:
    counts = Counts(tmp_path)
    counted["said"].labels("order.accepted").inc()
    assert counts.balance().unsent
    counted["published"].labels("order.accepted").inc()
    given = counts.balance()
    assert given.given > 1, "several hear it"
    assert (given.unsent, given.even) == (False, False)
    counted["handled"].labels("order.accepted").inc(given.given - 1)
    assert not counts.balance().even
    counted["waiting"].labels("early").inc()
    assert (counts.balance().even, counts.balance().laid_by) == (True, 1)
