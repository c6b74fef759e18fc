"""Compares the five services' books of one case; pure, so that it can be told by examples."""

from collections.abc import Iterator

from huiyin.books.findings import Finding
from huiyin.books.hearing import judge_hearing, judge_now
from huiyin.books.holding import judge_filing, judge_holding
from huiyin.books.keeping import judge_keeping
from huiyin.books.pages import Case
from huiyin.books.reading import Reading
from huiyin.contracts.services import SERVICES
from huiyin.contracts.subjects import is_case


def compare(case: Case, *, at_rest: bool) -> list[Finding]:
    """What does not fit; of a case that moves, and of what is no case, only what must never be."""
    reading = Reading(case)
    if not at_rest or not is_case(case.number):
        return list(judge_now(reading))
    if "intake" not in case.documents and (case.documents or case.acts):
        return [*_no_case(case), *judge_now(reading)]
    found = [*judge_now(reading), *_at_rest(reading)]
    return [*found, *judge_filing(reading, {finding.service for finding in found})]


def _at_rest(reading: Reading) -> Iterator[Finding]:
    yield from _no_document(reading)
    yield from judge_hearing(reading)
    yield from judge_holding(reading)
    yield from judge_keeping(reading)


def _no_case(case: Case) -> list[Finding]:
    there = "、".join(case.documents) or "客户端 (a client)"
    return [
        Finding("number-without-case", case.number, "intake", "", f"只有 {there} 知道 (known only there)")
    ]


def _no_document(reading: Reading) -> Iterator[Finding]:
    """A service that has nothing of a case, though it was told of it; its first event may wait there."""
    intake = reading.tallies.get("intake")
    told = intake is not None and intake.document.sent > 0
    for service in SERVICES if told else ():
        if service not in reading.tallies and not reading.case.rows.get(service):
            words = "已登记，该服务没有记录 (registered, and unknown there)"
            yield Finding("no-document", reading.case.number, service, "", words)
