"""What the services hold of a case belongs together: orders, clocks, evaluations, messages, stage."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator

from huiyin.books.findings import Finding, Kind
from huiyin.books.hearing import LATE_S
from huiyin.books.reading import Reading
from huiyin.contracts.services import Service


def judge_holding(reading: Reading) -> Iterator[Finding]:
    """Everything about what the documents hold."""
    yield from _orders(reading)
    yield from _clocks(reading)
    yield from _due(reading)
    yield from _evaluations(reading)
    yield from _messages(reading)


def judge_filing(reading: Reading, faulty: Container[str]) -> Iterator[Finding]:
    """Scalars that do not say what the state says; where a service has a fault already, they follow it."""
    for service, tally in reading.tallies.items():
        for name in tally.document.misfiled:
            kind: Kind = "stage" if (service, name) == ("intake", "stage") else "misfiled"
            if kind == "stage" or service not in faulty:
                words = f"{name} 与内容不符 (does not say what the state says)"
                yield Finding(kind, reading.case.number, service, name, words)


def _orders(reading: Reading) -> Iterator[Finding]:
    dispatch = reading.tallies.get("dispatch")
    if dispatch is None:
        return
    held = {order["id"] for order in dispatch.document.facts["orders"]}
    said = {str(event.about["order"]) for event in dispatch.of_type("order.dispatched")}
    words = "派单事件在，工单不在 (its event is there, the order is not)"
    yield from _each(reading, "order-missing", "dispatch", said - held, words)
    if not dispatch.unspoken:
        words = "工单在，派单事件不在 (the order is there, its event is not)"
        yield from _each(reading, "order-unsaid", "dispatch", held - said, words)


def _clocks(reading: Reading) -> Iterator[Finding]:
    supervision, dispatch = reading.tallies.get("supervision"), reading.tallies.get("dispatch")
    if supervision is None or dispatch is None:
        return
    said = {event.id: str(event.about["order"]) for event in dispatch.of_type("order.dispatched")}
    heard = {order for event_id, order in said.items() if event_id in supervision.causes}
    clocks = set(supervision.document.facts["clocks"])
    words = "工单已听到，没有时限 (the order was heard, there is no clock)"
    yield from _each(reading, "clock-missing", "supervision", heard - clocks, words)
    if not dispatch.unspoken:
        words = "没有派出过这张工单 (no such order was dispatched)"
        yield from _each(reading, "clock-without-order", "supervision", clocks - {*said.values()}, words)


def _due(reading: Reading) -> Iterator[Finding]:
    """A clock rests while anything of its case waits, and for the tide; `late_s` counts behind that."""
    supervision = reading.tallies.get("supervision")
    if supervision is None:
        return
    facts = supervision.document.facts
    waits = any(row.state == "waiting" for row in reading.case.rows.get("supervision", ()))
    for act in facts["due"]:
        if act["late_s"] > LATE_S and not waits:
            words = f"{act['order']} {act['act']} 已过 {act['late_s'] / 3600:.1f} 小时未办 (due, not done)"
            yield Finding("clock-skipped", reading.case.number, "supervision", _name(act), words)
    for act in facts["undone"]:
        words = f"{act['order']} {act['act']} 记为已办，没有步骤 (marked as done, no step did it)"
        yield Finding("clock-skipped", reading.case.number, "supervision", _name(act), words)


def _evaluations(reading: Reading) -> Iterator[Finding]:
    for service in ("feedback", "supervision"):
        tally = reading.tallies.get(service)
        held = tally.document.facts["evaluations"] if tally else []
        words = "同一轮有两份评价 (two in one round)"
        yield from _each(reading, "evaluation-doubled", service, _twice(held), words)
    feedback = reading.tallies.get("feedback")
    if feedback is None:
        return
    facts, events = feedback.document.facts, feedback.of_type("evaluation.recorded")
    said = {str(e.about["matter"]) for e in events if e.about["round"] == facts["round"]}
    words = "评价事件在，评价不在 (its event is there, the evaluation is not)"
    yield from _each(reading, "evaluation-missing", "feedback", said - {*facts["evaluations"]}, words)
    if not feedback.unspoken:
        words = "评价在，评价事件不在 (the evaluation is there, its event is not)"
        yield from _each(reading, "evaluation-unsaid", "feedback", {*facts["evaluations"]} - said, words)


def _messages(reading: Reading) -> Iterator[Finding]:
    notify = reading.tallies.get("notify")
    if notify is None:
        return
    held = [message["id"] for message in notify.document.facts["messages"]]
    asked = {
        f"{said.service}:{said.event.about['message']}": event_id
        for event_id, said in reading.said.items()
        if said.event.type == "message.requested"
    }
    heard = {message for message, event_id in asked.items() if event_id in notify.causes}
    yield from _each(reading, "message-lost", "notify", heard - {*held}, "已听到请求，没有该通知 (not there)")
    yield from _each(reading, "message-doubled", "notify", _twice(held), "有两份 (there twice)")
    lost = {source for source in reading.case.documents if reading.tallies[source].unspoken}
    unasked = {message for message in {*held} - asked.keys() if message.partition(":")[0] not in lost}
    known = {message for message in unasked if message.partition(":")[0] in reading.tallies}
    yield from _each(reading, "message-unasked", "notify", known, "没有人请求过 (nobody asked for it)")


def _each(
    reading: Reading, kind: Kind, service: Service, names: Iterable[str], words: str
) -> Iterator[Finding]:
    return (Finding(kind, reading.case.number, service, name, f"{name}：{words}") for name in sorted(names))


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


def _name(act: dict[str, str]) -> str:
    return f"{act['order']} {act['act']}"
