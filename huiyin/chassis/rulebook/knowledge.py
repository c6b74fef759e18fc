"""The section of a rulebook that says how the office keeps its knowledge base."""

from dataclasses import dataclass

from huiyin.chassis.rulebook.values import POSITIVE, key


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """How long before a policy entry ends it warns, and its owner is asked to renew it (S2-88)."""

    warn_days: int = key(read_by=("intake",), validate=POSITIVE)
