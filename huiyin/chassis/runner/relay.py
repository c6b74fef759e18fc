"""The process that says what the store holds unsent."""

import os
import threading
from typing import Any

from huiyin.chassis import process
from huiyin.chassis.foundation import lay
from huiyin.chassis.pipeline import Pipeline
from huiyin.chassis.relay import Relay
from huiyin.chassis.relay_loop import Lease, RelayLoop
from huiyin.chassis.runner.service import Service
from huiyin.chassis.settings import read_settings


def run(service: Service[Any]) -> None:
    """Relay until a signal."""
    settings = read_settings(service.settings, os.environ)
    base = lay(service.name, "relay", settings)
    house = service.house(base)
    sources = (service.documents(house), *service.beside(house))
    woken = threading.Event()
    pipeline = Pipeline(settings.amqp_url, service.name, wake=woken.set)
    relay = Relay(
        service.name,
        sources,
        pipeline,
        office_now=base.office_now,
        machine_now=base.machine_clock.now,
        metrics=base.metrics,
    )
    stop = process.stop_on_signal(woken.set)
    if relay.says_tide:
        base.office_clock.watch(woken.set)
    lease = Lease(base.database["leases"], "relay", base.machine_clock.now)
    loop = RelayLoop(relay, pipeline, lease, woken, stop)
    probes = base.probes({"relay": lambda: loop.problem})
    loop.run()
    probes.stop()
