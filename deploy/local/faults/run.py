"""One run of all faults on a stack, from the first registration to the proved books."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from deploy.local.bench.site import OFFICE
from deploy.local.errors import LocalStackError
from deploy.local.faults.driver import Driver, caught_up, longest_stop
from deploy.local.faults.troubles import Trouble, Troubles
from deploy.local.faults.withholding import Withholding
from deploy.local.stack import Stack
from huiyin.books import Report, audit, read_acts

LEDGER: Final = "client-ledger.jsonl"
_QUIET_WITHIN_S: Final = 300.0
_LOOK_EVERY_S: Final = 0.5
_AT_REST_S: Final = 2.0


@dataclass(frozen=True)
class Size:
    """How many cases, how fast, and how long each fault lasts."""

    cases: int = 300
    pace_s: float = 0.4
    calm_s: float = 4.0
    away_s: float = 20.0
    doubling_s: float = 10.0


@dataclass(frozen=True)
class Struck:
    """What one fault did to registration, and how long the platform took to catch up, in seconds."""

    name: str
    registered: int
    longest_stop: float
    caught_up: float


@dataclass(frozen=True)
class Outcome:
    """What the clients were answered, what the books say, fault by fault."""

    struck: tuple[Struck, ...]
    accepted: int
    acts: int
    copies: int
    drain_s: float
    cases: int
    report: Report

    @property
    def lost(self) -> int:
        """How many accepted numbers, acts, events and messages are not where they must be."""
        return len(self.report.findings) - self._found_twice + max(0, self.accepted - self.cases)

    @property
    def doubled(self) -> int:
        """How much took effect twice: cases nobody was answered for, and what the books have twice."""
        return self._found_twice + max(0, self.cases - self.accepted)

    @property
    def _found_twice(self) -> int:
        return sum(finding.kind in _TWICE for finding in self.report.findings)


#: A fault's name, and when it began, was healed, and was over, on the monotonic clock.
_Moment = tuple[str, float, float, float]

_TWICE: Final = frozenset({"handled-twice", "evaluation-doubled", "message-doubled"})


def run(stack: Stack, size: Size, tell: Callable[[str], None]) -> Outcome:
    """Hurt the platform while a driver leads cases through it; then wait for quiet and prove the books."""
    stack.line.ledger = stack.folder / LEDGER
    with Withholding(stack.platform.setting("intake", "HUIYIN_MONGO_URL")) as withholding:
        stack.platform.stop_process("intake", "web")
        stack.platform.start_process("intake", "web", {"HUIYIN_MONGO_URL": withholding.mongo_url})
        troubles = Troubles(stack, withholding, away_s=size.away_s, doubling_s=size.doubling_s)
        with Driver(stack, size.cases, size.pace_s) as driver:
            moments = [_strike(trouble, size.calm_s, tell) for trouble in troubles.all()]
            tell("收尾 (the rest of the cases) …")
            driver.finish()
        return _prove(stack, driver, troubles.copies, moments)


def _prove(stack: Stack, driver: Driver, copies: int, moments: list[_Moment]) -> Outcome:
    drain = _drain(stack, len(driver.registered))
    time.sleep(_AT_REST_S)
    acts = read_acts(stack.folder / LEDGER)
    return Outcome(
        tuple(_struck(driver, *moment) for moment in moments),
        accepted=len({r.number for r in driver.registered}),
        acts=driver.acts,
        copies=copies,
        drain_s=drain,
        cases=sum(stack.desks[OFFICE].stages().values()),
        report=audit(stack.desks[OFFICE].role("auditor"), quiet_s=_AT_REST_S / 2, acts=acts),
    )


def _strike(trouble: Trouble, calm_s: float, tell: Callable[[str], None]) -> _Moment:
    """One fault, with a while of calm before and after."""
    time.sleep(calm_s)
    tell(f"{trouble.name} …")
    begun = time.monotonic()
    trouble.strike()
    healed = time.monotonic()
    time.sleep(calm_s)
    return trouble.name, begun, healed, time.monotonic()


def _struck(driver: Driver, name: str, begun: float, healed: float, ended: float) -> Struck:
    meant = sum(begun <= r.due <= ended for r in driver.registered)
    stop = longest_stop(driver.registered, begun, ended)
    return Struck(name, meant, stop, caught_up(driver.clear_at, healed))


def _drain(stack: Stack, cases: int) -> float:
    """Seconds until the last case is archived after the last act."""
    began = time.monotonic()
    while stack.desks[OFFICE].stages().get("archived", 0) < cases:
        if time.monotonic() - began > _QUIET_WITHIN_S:
            raise LocalStackError(f"not every case is archived after {_QUIET_WITHIN_S:.0f} s")
        time.sleep(_LOOK_EVERY_S)
    return time.monotonic() - began
