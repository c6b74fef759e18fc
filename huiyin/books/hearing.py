"""Steps and events: dense, each handled once by all who must hear it, none that nobody said."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from huiyin.books.acts import Act
from huiyin.books.findings import Finding
from huiyin.books.pages import Row
from huiyin.books.reading import Reading, Tally
from huiyin.contracts.services import Service

#: A message may wait past its next try, and an event be unsent, so long before somebody must look.
LATE_S: Final = 60.0
#: What is early waits without end by design; after an hour, what it waits for is not coming.
EARLY_S: Final = 3_600.0


def judge_now(reading: Reading) -> Iterator[Finding]:
    """What is wrong however lately the case moved: unsent, waiting too long, parked, acts without step."""
    for service, tally in reading.tallies.items():
        unsent_s = tally.document.unsent_s
        if unsent_s is not None and unsent_s > LATE_S:
            yield _unsent(reading, service, tally)
    for service, rows in reading.case.rows.items():
        yield from (finding for row in rows if (finding := _row(service, row)) is not None)
    for act in missing_acts(reading):
        words = f"客户端收到 2xx，却无此步骤：{act.path} (answered 2xx, no step)"
        yield Finding("act-missing", reading.case.number, act.service, act.cause, words)


def judge_hearing(reading: Reading) -> Iterator[Finding]:
    """What must fit once the case is at rest."""
    for service, tally in reading.tallies.items():
        if tally.document.unsent_s is None and tally.document.sent < tally.document.said:
            yield _unsent(reading, service, tally)
        yield from _steps(reading, service, tally)
        yield from _hearing(reading, service, tally)
    yield from _unsaid(reading)


def missing_acts(reading: Reading) -> list[Act]:
    """The client's acts that no step of their service shows."""
    return [
        act
        for act in reading.case.acts
        if act.leaves_step and act.service in reading.tallies
        if act.cause not in reading.tallies[act.service].causes
    ]


def _unsent(reading: Reading, service: Service, tally: Tally) -> Finding:
    document = tally.document
    words = f"说了 {document.said} 件，只发出 {document.sent} 件 (said {document.said}, sent {document.sent})"
    return Finding("unsent", reading.case.number, service, "", words)


def _row(service: Service, row: Row) -> Finding | None:
    since = f"{row.reason}，{row.since_s:.0f} s，{row.attempts} 次 (tries)"
    if row.state == "parked":
        return Finding("parked", row.case, service, row.event, since)
    early = row.reason == "early" and row.since_s > EARLY_S
    if row.state == "waiting" and (early or row.late_s > LATE_S):
        return Finding("waiting", row.case, service, row.event, since)
    return None


def _steps(reading: Reading, service: Service, tally: Tally) -> Iterator[Finding]:
    number = reading.case.number
    for cause, times in Counter(step.cause for step in tally.again).items():
        words = f"办了 {times + 1} 次：{tally.causes[cause].what} (handled {times + 1} times)"
        yield Finding("handled-twice", number, service, cause, words)
    for n in tally.stray:
        yield Finding("handled-twice", number, service, f"step {n}", f"第 {n} 步重号 (step {n} twice)")
    if tally.unspoken and not tally.gap:
        which = ", ".join(map(str, tally.unspoken))
        yield Finding("event-missing", number, service, which, f"缺第 {which} 件事件 (events missing)")


def _hearing(reading: Reading, service: Service, tally: Tally) -> Iterator[Finding]:
    """What was not heard explains as many missing steps: they are the same fault, told once."""
    unheard = reading.unheard(service)
    for said in unheard:
        words = (
            f"{said.service} 第 {said.event.sequence} 件 {said.event.type}，{service} 没有办 (not handled)"
        )
        yield Finding("unheard", reading.case.number, service, said.event.id, words)
    explained = len(unheard) + len(_undone(tally)) + _acts_missing(reading, service)
    if len(tally.gap) > explained:
        which = ", ".join(map(str, tally.gap))
        words = f"共 {tally.document.version} 步，缺第 {which} 步 (steps missing)"
        yield Finding("step-missing", reading.case.number, service, which, words)


def _undone(tally: Tally) -> list[object]:
    undone: list[object] = tally.document.facts.get("undone", [])
    return undone


def _acts_missing(reading: Reading, service: Service) -> int:
    return sum(act.service == service for act in missing_acts(reading))


def _unsaid(reading: Reading) -> Iterator[Finding]:
    """Told once an event, by all who handled it."""
    hearers: dict[str, list[Service]] = {}
    for service, tally in reading.tallies.items():
        for cause, step in tally.causes.items():
            if step.kind == "event" and cause not in reading.said and not reading.is_lost(cause):
                hearers.setdefault(cause, []).append(service)
    for event_id in reading.journal:
        if event_id not in reading.said and event_id not in hearers and not reading.is_lost(event_id):
            hearers[event_id] = ["intake"]
    for event_id, services in hearers.items():
        words = f"没有人说过，{'、'.join(services)} 却办了 (nobody said it)"
        yield Finding("unsaid", reading.case.number, services[0], event_id, words)
