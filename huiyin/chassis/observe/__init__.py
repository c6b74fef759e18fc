"""What an operator sees of a process: JSON logs, Prometheus metrics and probes."""

from huiyin.chassis.observe.logs import bind, bound, configure_logging, masked
from huiyin.chassis.observe.metrics import Metrics
from huiyin.chassis.observe.probes import Check, Probes, ProbeServer, clock_skew_check

__all__ = [
    "Check",
    "Metrics",
    "ProbeServer",
    "Probes",
    "bind",
    "bound",
    "clock_skew_check",
    "configure_logging",
    "masked",
]
