"""The platform's HTTP as its staff use it: one verb a method, each with the token of its role."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from huiyin.chassis.rulebook import OfficeFolder, load_offices
from huiyin.chassis.rulebook import Person as Member
from huiyin.client.line import PAGE, Json, Line, Person, Refused
from huiyin.contracts.roles import Role
from huiyin.contracts.services import Service


class Desks:
    """All desks of one office. Every verb takes `key`, the act's idempotency key, or makes one."""

    def __init__(self, line: Line, folder: OfficeFolder) -> None:
        self.line, self.folder = line, folder
        self.office = folder.rulebook.office.id

    def role(self, role: Role) -> Person:
        """The first person of the office who holds the role."""
        return Person(self.line, self._holder(role).subject, role, self.office)

    def unit(self, unit: str) -> Person:
        """Somebody who works for the unit."""
        return Person(self.line, self._holder("unit", unit).subject, "unit", self.office, unit)

    def holds(self, order: Json) -> Person:
        """Who answers for an order: the head to whom it is addressed, or somebody of its unit."""
        return self.member(order["head"]) if order.get("head") else self.unit(order["unit"])

    def member(self, subject: str) -> Person:
        """Somebody of the directory, in their first role."""
        found = self.folder.people[subject]
        unit = found.unit if found.roles[0] == "unit" else ""
        return Person(self.line, subject, found.roles[0], self.office, unit)

    def _holder(self, role: Role, unit: str = "") -> Member:
        """The first in the directory who holds the role and stays; only such a one is let in (E-84)."""
        return next(p for p in self.folder.holders(role) if unit in ("", p.unit))

    # -- intake ----------------------------------------------------------------------------

    def register(self, form: Json, key: str | None = None) -> Json:
        """The operator takes a complaint down; the receipt has number and query code."""
        return self.role("operator").post("intake", "/cases", form, key)

    def withdraw(self, number: str, reason: str, key: str | None = None) -> Json:
        """The complainant withdraws."""
        return self.role("operator").post("intake", f"/cases/{number}/withdrawal", {"reason": reason}, key)

    def pass_on(
        self, number: str, to: str, matter: Json, reason: str = "属该机构职责。", key: str | None = None
    ) -> Json:
        """The dispatcher passes the case on to another office, which calls its first matter so."""
        body = {"to": to, "reason": reason, "matters": [{"id": "m1", **matter}]}
        return self.role("dispatcher").post("intake", f"/cases/{number}/passing", body, key)

    def reclassify(self, number: str, key: str | None = None, **found: object) -> Json:
        """An officer sorts the case anew, with a `reason`."""
        return self.role("operator").post("intake", f"/cases/{number}/classification", dict(found), key)

    def choices(self) -> Json:
        """What the office sorts by, and what it says then."""
        return self.role("operator").get("intake", "/classification")

    def work_queue(self) -> list[Json]:
        """The open cases, the weightiest first, then the oldest."""
        return self.role("operator").all("intake", "/cases", "cases", order="priority")

    def case(self, number: str) -> Json:
        """The case as intake has it."""
        return self.role("operator").get("intake", f"/cases/{number}")

    def journal(self, number: str) -> list[Json]:
        """Every event of the case."""
        rows: list[Json] = self.role("records").get("intake", f"/cases/{number}/journal")["rows"]
        return rows

    def stages(self) -> dict[str, int]:
        """How many cases stand at each stage."""
        counts: dict[str, int] = self.role("records").get("intake", "/stages")["stages"]
        return counts

    def tally(self) -> dict[str, int]:
        """How often each type of event happened in the office."""
        counts: dict[str, int] = self.role("records").get("intake", "/tally")["events"]
        return counts

    def cases(self, stage: str | None = None) -> list[Json]:
        """The office's cases."""
        return self.role("records").all("intake", "/cases", "cases", stage=stage)

    def progress(self, number: str, code: str) -> Json:
        """What the complainant sees, without any sign-in."""
        return self.line.ask("POST", "intake", "/progress", json={"number": number, "code": code})

    # -- dispatch --------------------------------------------------------------------------

    def handling(self, number: str) -> Json:
        """All orders of the case."""
        return self.role("dispatcher").get("dispatch", f"/handlings/{number}")

    def order(self, number: str, order: str) -> Json:
        """One order of the case."""
        found: Json = next(o for o in self.handling(number)["orders"] if o["id"] == order)
        return found

    def waiting_for(self, role: Role) -> list[Json]:
        """The handlings that wait for a leader or a dispatcher."""
        return self.role(role).all("dispatch", "/handlings", "handlings", person=role)

    def orders(self, unit: str, state: str) -> list[Json]:
        """A unit's orders in a state."""
        return self.unit(unit).all("dispatch", "/orders", "orders", state=state)

    def units_with(self, state: str) -> list[str]:
        """The units on whose desks orders in a state lie."""
        counts: Json = self.role("dispatcher").get("dispatch", "/desks", state=state)["desks"]
        return sorted(counts)

    def instruct(self, number: str, text: str = "请按职责办理。", key: str | None = None) -> Json:
        """A leader reads and instructs."""
        return self.role("leader").post("dispatch", f"/handlings/{number}/instruction", {"text": text}, key)

    def assign(self, number: str, matter: str, unit: str, role: str = "lead", key: str | None = None) -> Json:
        """A dispatcher chooses the unit."""
        body = {"matter": matter, "unit": unit, "role": role}
        return self.role("dispatcher").post("dispatch", f"/handlings/{number}/orders", body, key)

    def accept(self, number: str, order: Json, key: str | None = None) -> Json:
        """The unit takes its order."""
        return self._unit_step(number, order, "acceptance", None, key)

    def give_back(
        self, number: str, order: Json, reason: str = "不属于本单位职责。", key: str | None = None
    ) -> Json:
        """The unit says: not mine."""
        return self._unit_step(number, order, "return", {"reason": reason}, key)

    def reply(
        self, number: str, order: Json, text: str, *, final: bool = True, key: str | None = None
    ) -> Json:
        """The unit's result."""
        return self._unit_step(number, order, "replies", {"text": text, "final": final}, key)

    def _unit_step(self, number: str, order: Json, step: str, body: Json | None, key: str | None) -> Json:
        path = f"/handlings/{number}/orders/{order['id']}/{step}"
        return self.holds(order).post("dispatch", path, body, key)

    # -- supervision -----------------------------------------------------------------------

    def supervision(self, number: str) -> Json:
        """All clocks, slips and reviews of the case."""
        return self.role("supervisor").get("supervision", f"/supervisions/{number}")

    def reviews(self) -> list[Json]:
        """The replies that wait for a verdict."""
        return self.role("supervisor").all("supervision", "/reviews", "reviews")

    def clocks(self) -> dict[str, int]:
        """How many clocks run, fall due soon, are overdue."""
        counts: dict[str, int] = self.role("supervisor").get("supervision", "/clocks")
        return counts

    def extensions(self) -> list[Json]:
        """The requests for more time that wait for a word."""
        return self.role("supervisor").all("supervision", "/extensions", "extensions")

    def dissatisfactions(self) -> list[Json]:
        """The bad evaluations that wait for a review."""
        return self.role("supervisor").all("supervision", "/dissatisfactions", "dissatisfactions")

    def ask_more_time(
        self, number: str, order: Json, until: date, reason: str = "需多方取证。", key: str | None = None
    ) -> Json:
        """The unit asks for more time."""
        path = f"/supervisions/{number}/orders/{order['id']}/extensions"
        body = {"until": until.isoformat(), "reason": reason}
        return self.holds(order).post("supervision", path, body, key)

    def decide_more_time(
        self, number: str, extension: str, *, granted: bool, reason: str = "", key: str | None = None
    ) -> Json:
        """The office says yes or no."""
        body = {"granted": granted, **({"reason": reason} if reason else {})}
        path = f"/supervisions/{number}/extensions/{extension}/decision"
        return self._supervise(path, body, key)

    def review(
        self,
        number: str,
        order: str,
        reply: int,
        failed: Sequence[str] = (),
        demands: str = "请补充事实依据并当面沟通。",
        key: str | None = None,
    ) -> Json:
        """The office judges a reply by every criterion; one that failed sends it back."""
        body: Json = {"reply": reply, "results": self._results(failed)}
        if failed:
            body["demands"] = demands
        path = f"/supervisions/{number}/orders/{order}/reviews"
        return self._supervise(path, body, key)

    def _results(self, failed: Sequence[str]) -> list[Json]:
        return [
            {"criterion": c.id, "result": "fail", "reason": "与要求不符。"}
            if c.id in failed
            else {"criterion": c.id, "result": "pass"}
            for c in self.folder.rulebook.review.criteria
        ]

    def judge_dissatisfaction(
        self, number: str, decision: str, explanation: str, key: str | None = None
    ) -> Json:
        """`rehandle` or `uphold`."""
        body = {"decision": decision, "explanation": explanation}
        path = f"/supervisions/{number}/dissatisfaction"
        return self._supervise(path, body, key)

    def _supervise(
        self, path: str, body: Json, key: str | None, among: Sequence[Member] | None = None
    ) -> Json:
        """By the first supervisor; what their own unit did is judged by the next (E-77)."""
        first, *others = among or self.folder.holders("supervisor")
        try:
            person = Person(self.line, first.subject, "supervisor", self.office)
            return person.post("supervision", path, body, key)
        except Refused as refused:
            if refused.code != "own-result" or not others:
                raise
        return self._supervise(path, body, key, others)

    # -- feedback --------------------------------------------------------------------------

    def echo(self, number: str) -> Json:
        """Contacts, evaluations and state of the echo."""
        return self.role("callback").get("feedback", f"/echoes/{number}")

    def echoes(self, state: str | None = None) -> list[Json]:
        """The echoes that wait for call-back staff."""
        return self.role("callback").all("feedback", "/echoes", "echoes", state=state)

    def open_contact(self, number: str, key: str | None = None) -> Json:
        """The contact of the one to call, for this call only."""
        return self._echo_step(number, "contact", {"purpose": "callback"}, key)

    def decline(self, number: str, key: str | None = None) -> Json:
        """The complainant knows the result and will not evaluate it."""
        return self._echo_step(number, "declined", None, key)

    def attempt(self, number: str, medium: str, *, reached: bool, key: str | None = None) -> Json:
        """One try to reach the complainant."""
        return self._echo_step(number, "attempts", {"medium": medium, "reached": reached}, key)

    def tell(self, number: str, medium: str, key: str | None = None) -> Json:
        """The complainant was told the result."""
        return self._echo_step(number, "told", {"medium": medium}, key)

    def evaluate(
        self,
        number: str,
        matter: str,
        *,
        solved: bool,
        satisfied: bool,
        reached: bool = True,
        words: str = "",
        key: str | None = None,
    ) -> Json:
        """What the complainant said of the result."""
        body: Json = {"matter": matter, "reached": reached, "solved": solved, "satisfied": satisfied}
        return self._echo_step(number, "evaluations", {**body, **({"words": words} if words else {})}, key)

    def _echo_step(self, number: str, step: str, body: Json | None, key: str | None) -> Json:
        return self.role("callback").post("feedback", f"/echoes/{number}/{step}", body, key)

    # -- every service ---------------------------------------------------------------------

    def waiting(self, service: Service, state: str = "waiting") -> Json:
        """What waits or is parked in a service, with the counts."""
        return self.role("admin").get(service, "/waiting", state=state, limit=PAGE)

    # -- notify ----------------------------------------------------------------------------

    def tasks(self, medium: str) -> list[Json]:
        """Letters to write or calls to make."""
        return self.role("callback").all("notify", "/tasks", "tasks", medium=medium)

    def finish_task(self, number: str, message: str, outcome: str, key: str | None = None) -> Json:
        """A letter was posted, a call was made."""
        path = f"/tasks/{number}/{message}/done"
        return self.role("callback").post("notify", path, {"outcome": outcome}, key)


def desks_of(line: Line, offices: Path) -> dict[str, Desks]:
    """The desks of every office."""
    return {office: Desks(line, folder) for office, folder in load_offices(offices).items()}
