"""All of a process's numbers in one place, in a registry of their own."""

from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    ProcessCollector,
    generate_latest,
)

_LATENCIES: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_BATCHES: Final = (1, 2, 5, 10, 20, 50, 100, 200)


class Metrics:
    """Made once at wiring time and handed to whoever counts."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._web()
        self._bus()
        self.clock_lag = self._gauge("clock_lag_seconds", "Database time minus machine time")

    def page(self) -> bytes:
        """The numbers in Prometheus's text form."""
        return generate_latest(self.registry)

    def _web(self) -> None:
        self.http_requests = self._counter("http_requests", "Answers given", "method", "route", "status")
        self.http_seconds = Histogram(
            "huiyin_http_request_seconds",
            "Time to an answer",
            ("method", "route"),
            registry=self.registry,
            buckets=_LATENCIES,
        )
        self.refusals = self._counter("refusals", "Requests refused, by code", "code")

    def _bus(self) -> None:
        self.events_said = self._counter("events_said", "Events saved to be published", "type")
        self.events_published = self._counter("events_published", "Events the broker confirmed", "type")
        self.events_handled = self._counter("events_handled", "Events whose effect is saved", "type")
        self.events_waiting = self._counter("events_waiting", "Events laid by for a later try", "type")
        self.events_parked = self._counter("events_parked", "Events given up, for a person", "type")
        self.relay_unsent = self._gauge("relay_unsent", "Documents with events not yet published")
        self.audit_unanchored = self._gauge(
            "audit_unanchored", "1 while no other service holds the newest head of the audit"
        )
        self.inbox_batch = Histogram(
            "huiyin_inbox_batch_size",
            "Messages handled in one batch",
            registry=self.registry,
            buckets=_BATCHES,
        )

    def _counter(self, name: str, words: str, *labels: str) -> Counter:
        return Counter(f"huiyin_{name}", words, labels, registry=self.registry)

    def _gauge(self, name: str, words: str) -> Gauge:
        return Gauge(f"huiyin_{name}", words, registry=self.registry)
