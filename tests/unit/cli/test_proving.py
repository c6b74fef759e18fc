"""Chains are compared with the heads that the next service and the anchor hold."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from huiyin.chassis.anchor import Line
from huiyin.cli.proving import prove

AT = datetime(2026, 11, 22, 4, tzinfo=UTC)


@dataclass
class Auditor:
    """Intake with a chain of heads, dispatch with what it keeps of them; two batches a page."""

    chain: dict[int, str]
    kept: dict[int, str]
    findings: list[Any] = field(default_factory=list)
    restored: str | None = None

    def get(self, service: str, path: str, **query: Any) -> dict[str, Any]:
        if path == "/audit/heads":
            assert (service, query["of"]) == ("dispatch", "intake")
            wanted = range(query.get("after", 0) + 1, query.get("until", 0) + 1)
            heads = {str(n): head for n, head in self.kept.items() if n in wanted}
            return {"newest": max(self.kept, default=0), "heads": heads}
        assert (service, path) == ("intake", "/audit/proof")
        after = query["after"]
        page = {n: head for n, head in sorted(self.chain.items()) if n > after}
        ended = len(page) <= 2
        shown = dict(list(page.items())[:2])
        return {
            "batches": {str(n): head for n, head in shown.items()},
            "rows": len(shown),
            "unsealed": 3 if ended else 0,
            "findings": self.findings if after == 0 else [],
            "until": None if ended else max(shown),
            "restored": self.restored,
        }


def found(auditor: Auditor, *lines: Line) -> list[tuple[str, Any]]:
    proved = prove(auditor, "intake", list(lines))  # type: ignore[arg-type]
    return [(finding["kind"], finding["batch"]) for finding in proved.findings]


def line(n: int, head: str, service: str = "intake") -> Line:
    return Line(AT, "audit-head", {"service": service, "n": n, "head": head})


CHAIN = {n: f"head-{n}" for n in range(1, 6)}


def test_a_chain_that_agrees_with_every_head_holds_over_all_its_pages() -> None:
    proved = prove(Auditor(CHAIN, {2: "head-2", 5: "head-5"}), "intake", [line(4, "head-4")])  # type: ignore[arg-type]
    assert proved.findings == []
    assert (proved.batches, proved.rows, proved.unsealed, proved.anchored) == (5, 5, 3, 5)
    assert proved.keeper == "dispatch"


def test_what_a_service_finds_in_itself_is_told() -> None:
    finding = {"kind": "row-altered", "batch": 1}
    assert found(Auditor(CHAIN, {}, [finding])) == [("row-altered", 1)]


def test_batches_the_next_service_knows_of_were_cut_off() -> None:
    assert found(Auditor(CHAIN, {7: "head-7"})) == [("cut-off", "6–7")]
    assert found(Auditor({}, {2: "head-2"})) == [("cut-off", "1–2")]


def test_a_rewritten_chain_is_told_once_from_the_first_head_that_differs() -> None:
    rewritten = {**CHAIN, 4: "other", 5: "other"}
    assert found(Auditor(rewritten, {3: "head-3", 4: "head-4", 5: "head-5"})) == [("head-differs", 4)]


def test_the_anchor_tells_what_two_stores_cannot() -> None:
    assert found(Auditor(CHAIN, {5: "head-5"}), line(6, "head-6")) == [("cut-off", "6")]
    assert found(Auditor(CHAIN, {5: "head-5"}), line(2, "other")) == [("head-differs", 2)]
    assert found(Auditor(CHAIN, {}), line(2, "other"), line(2, "head-2")) == [("head-differs", 2)]
    assert found(Auditor(CHAIN, {5: "head-5"}), line(9, "x", service="notify")) == []


def test_lines_of_a_time_that_a_restore_undid_are_not_compared() -> None:
    later = AT.replace(hour=5).isoformat()
    assert found(Auditor(CHAIN, {5: "head-5"}, restored=later), line(9, "head-9")) == []
    assert found(Auditor(CHAIN, {5: "head-5"}, restored=AT.isoformat()), line(9, "head-9")) == [
        ("cut-off", "6–9")
    ]
