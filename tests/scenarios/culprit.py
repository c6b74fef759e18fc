"""A culprit with the stores' password, and what one can do to a case: one fault after the other."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from pymongo import MongoClient

Doc = dict[str, Any]
_DOCUMENTS: Final = {
    "intake": "cases",
    "dispatch": "handlings",
    "supervision": "supervisions",
    "feedback": "echoes",
    "notify": "correspondences",
}


class Stores:
    """The services' stores in a culprit's hands."""

    def __init__(self, client: MongoClient[Doc]) -> None:
        self._client = client

    def of(self, service: str, collection: str = "") -> Any:
        return self._client[f"huiyin_{service}"][collection or _DOCUMENTS[service]]

    def document(self, service: str, number: str) -> Doc:
        found: Doc = self.of(service).find_one(_key(service, number))
        return found

    def change(self, service: str, number: str, change: Callable[[Doc], Any]) -> None:
        """Change one service's document of a case."""
        document = self.document(service, number)
        change(document)
        self.of(service).replace_one(_key(service, number), document)

    def all_is_said(self, number: str) -> bool:
        """Whether nothing of the case is unsent."""
        unsent = {"unsent_since": {"$exists": True}}
        return not any(self.of(s).find_one({**_key(s, number), **unsent}) for s in _DOCUMENTS)

    @contextmanager
    def restored(self, *numbers: str) -> Iterator[None]:
        """Put everything of these cases back afterwards; supervision last, which may act at once.

        What others had heard of that act would be undone with the rest.
        """
        places = [(self.of("intake", "journal"), {"case": n}) for n in numbers]
        places += [(self.of("intake", "volumes"), {"number": n}) for n in numbers]
        places += [(self.of(s, "waiting"), {"case": n}) for s in _DOCUMENTS for n in numbers]
        others = [s for s in _DOCUMENTS if s != "supervision"]
        places += [(self.of(s), _key(s, n)) for s in (*others, "supervision") for n in numbers]
        before = [list(place.find(query)) for place, query in places]
        try:
            yield
        finally:
            for (place, query), rows in zip(places, before, strict=True):
                place.delete_many(query)
                if rows:
                    place.insert_many(rows)


def _key(service: str, number: str) -> Doc:
    return {"number" if service == "intake" else "_id": number}


@dataclass(frozen=True)
class Fault:
    """What a culprit does to a case's stores, and what must be told of it."""

    plant: Callable[[Stores, str], None]
    kind: str
    service: str
    which: str = ""


def _in(service: str, change: Callable[[Doc], Any]) -> Callable[[Stores, str], None]:
    return lambda stores, number: stores.change(service, number, change)


def _without_step(what: str) -> Callable[[Doc], None]:
    def change(document: Doc) -> None:
        document["steps"].remove(next(step for step in document["steps"] if step["what"] == what))

    return change


def _handled_again(what: str) -> Callable[[Doc], None]:
    def change(document: Doc) -> None:
        step = next(step for step in document["steps"] if step["what"] == what)
        document["version"] += 1
        document["steps"].append({**step, "n": document["version"], "events": []})

    return change


def _altered_row(stores: Stores, number: str) -> None:
    row = {"case": number, "type": "order.accepted"}
    stores.of("intake", "journal").update_one(row, {"$set": {"data.unit": "another"}})


def _lost_row(stores: Stores, number: str) -> None:
    stores.of("intake", "journal").delete_one({"case": number, "type": "order.accepted"})


def _foreign_row(stores: Stores, number: str) -> None:
    journal = stores.of("intake", "journal")
    row = journal.find_one({"case": number, "source": "notify"})
    journal.insert_one({**row, "_id": "forged", "sequence": 99})


def altered_head(stores: Stores, number: str) -> None:
    stores.of("intake", "volumes").update_one({"number": number}, {"$set": {"head": "0" * 64}})


def _parked(stores: Stores, number: str) -> None:
    at = stores.document("feedback", number)["saved_at"]
    times = {"since": at, "not_before": at, "attempts": 10, "raw": b"{}", "headers": {}}
    row = {"_id": "parked-event", "state": "parked", "reason": "failed", "error": "wrong"}
    stores.of("feedback", "waiting").insert_one({**row, "case": number, **times})


def _gone(service: str) -> Callable[[Stores, str], None]:
    return lambda stores, number: stores.of(service).delete_one(_key(service, number))


FAULTS: Final = {
    "an order deleted": Fault(
        _in("dispatch", lambda d: d["state"]["orders"].pop()), "order-missing", "dispatch", "m1-2"
    ),
    "a handling deleted": Fault(_gone("dispatch"), "no-document", "dispatch"),
    "an evaluation doubled": Fault(
        _in("feedback", lambda d: d["state"]["evaluations"].append(d["state"]["evaluations"][0])),
        "evaluation-doubled",
        "feedback",
        "m1",
    ),
    "an evaluation lost": Fault(
        _in("feedback", lambda d: d["state"]["evaluations"].clear()), "evaluation-missing", "feedback", "m1"
    ),
    "an event swallowed": Fault(
        _in("supervision", _without_step("order.accepted")), "unheard", "supervision"
    ),
    "an event swallowed with what it brought about": Fault(
        _in("feedback", _without_step("handling.completed")), "unheard", "feedback"
    ),
    "an event handled twice": Fault(
        _in("supervision", _handled_again("reply.submitted")), "handled-twice", "supervision"
    ),
    "an act's step gone": Fault(_in("dispatch", _without_step("reply")), "step-missing", "dispatch"),
    "an event taken out of its step": Fault(
        _in("dispatch", lambda d: d["steps"][0]["events"].pop(0)), "event-missing", "dispatch", "1"
    ),
    "a stuck event": Fault(_in("dispatch", lambda d: d.update(sent=d["sent"] - 1)), "unsent", "dispatch"),
    "a number without its case": Fault(_gone("intake"), "number-without-case", "intake"),
    "a case at two stages": Fault(
        _in("intake", lambda d: d.update(stage="handling")), "stage", "intake", "stage"
    ),
    "a document filed otherwise": Fault(
        _in("feedback", lambda d: d.update(desk="open")), "misfiled", "feedback", "desk"
    ),
    "a journal row altered": Fault(_altered_row, "journal-altered", "intake"),
    "a journal row lost": Fault(_lost_row, "journal-missing", "intake"),
    "a journal row forged": Fault(_foreign_row, "unsaid", "intake", "forged"),
    "a volume's head altered": Fault(altered_head, "volume", "intake"),
    "a case's head altered": Fault(
        _in("intake", lambda d: d["state"]["parts"][0].update(head="0" * 64)), "volume", "intake"
    ),
    "a message lost": Fault(_in("notify", lambda d: d["state"]["messages"].pop(0)), "message-lost", "notify"),
    "a message doubled": Fault(
        _in("notify", lambda d: d["state"]["messages"].append(d["state"]["messages"][0])),
        "message-doubled",
        "notify",
    ),
    "a clock lost": Fault(
        _in("supervision", lambda d: d["state"]["clocks"].pop()), "clock-missing", "supervision", "m1-2"
    ),
    "a message parked unseen": Fault(_parked, "parked", "feedback", "parked-event"),
}
