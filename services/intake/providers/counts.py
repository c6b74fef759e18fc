"""What telephony counts: kinds of words, outcomes, refusals; no number, no person, no office."""

from prometheus_client import CollectorRegistry, Counter


class CallCounts:
    """The counters of telephony, in the process's registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.words = Counter(
            "huiyin_call_words", "Words of the call centre that were heard", ("word",), registry=registry
        )
        self.unsigned = Counter(
            "huiyin_call_unsigned",
            "Requests in the call centre's name with a wrong signature",
            registry=registry,
        )
        self.transfers = Counter(
            "huiyin_call_transfers", "Requests to an emergency line", ("outcome",), registry=registry
        )
        self.by_itself = Counter(
            "huiyin_call_registered_by_itself",
            "Calls registered without a person",
            ("why",),
            registry=registry,
        )
        self.limited = Counter("huiyin_call_limited", "Calls of limited numbers that rang", registry=registry)
