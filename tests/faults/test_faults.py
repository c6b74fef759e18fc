"""The platform is hurt while cases run: nothing that was accepted is lost, nothing takes effect twice."""

import json
from pathlib import Path

import pytest

from deploy.local.faults.run import LEDGER, Size, run
from deploy.local.stack import Stack

pytestmark = [pytest.mark.own_platform, pytest.mark.timeout(600)]

SHORT = Size(cases=40, pace_s=0.5, calm_s=1.0, away_s=6.0, doubling_s=4.0)


def test_whatever_is_killed_nothing_accepted_is_lost_and_nothing_doubled(tmp_path: Path) -> None:
    with Stack(tmp_path) as stack:
        stack.start(print)
        outcome = run(stack, SHORT, print)
        answered = [json.loads(line) for line in (tmp_path / LEDGER).read_text("utf-8").splitlines()]
    assert outcome.report.findings == ()
    assert (outcome.lost, outcome.doubled) == (0, 0)
    assert outcome.accepted == outcome.cases >= SHORT.cases
    assert outcome.copies > 0, "messages were delivered twice"
    assert outcome.report.counts.moving == 0
    registered = {line["number"] for line in answered if line["path"] == "/cases"}
    assert len(registered) == outcome.accepted, "the driver's own ledger names every number"
    kept_on = next(struck for struck in outcome.struck if "离线" in struck.name)
    assert kept_on.registered > 0
    assert kept_on.longest_stop < SHORT.away_s, "registration goes on while the broker is away"
