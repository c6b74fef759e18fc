"""The audit: every case compared, suspects read again, numbers and the client's acts accounted for."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from huiyin.books.acts import Act
from huiyin.books.compare import compare
from huiyin.books.fetch import Books
from huiyin.books.findings import Finding
from huiyin.books.numbers import Numbers
from huiyin.books.pages import Case
from huiyin.books.report import Report, Tallying
from huiyin.client.line import Person

#: More suspects than these are not read again: something is wrong with all of them.
_MOST_SUSPECTS: Final = 200


@dataclass(frozen=True, slots=True)
class _Suspect:
    number: str
    acts: list[Act]
    found: list[Finding]


def audit(
    auditor: Person, *, quiet_s: float = 60, again_after_s: float = 5, acts: Iterable[Act] = ()
) -> Report:
    """Compare the five services' books of every case, as an auditor reads them: of all offices.

    A case is judged when nobody has saved or sent anything of it for `quiet_s` seconds; of others
    only what must never be. Suspects are read once more, `again_after_s` seconds later, and told only
    if they are still the same. `acts` is a client's own list (`read_acts`). Raises NoAnswer, which
    names the service that does not answer.
    """
    began = time.monotonic()
    books, numbers, tallying = Books(auditor), Numbers(), Tallying()
    known = _by_number(acts)
    suspects: list[_Suspect] = []

    def judge(case: Case) -> None:
        at_rest = case.quiet_s >= quiet_s
        tallying.add(case, at_rest=at_rest)
        if found := compare(case, at_rest=at_rest):
            suspects.append(_Suspect(case.number, list(case.acts), found))

    for case in books.cases(known):
        numbers.add(case)
        judge(case)
    for number, unknown in known.items():
        judge(Case(number, acts=unknown))
    leased = books.leased()
    again = suspects[:_MOST_SUSPECTS]
    findings = _read_again(books, again, quiet_s, again_after_s)
    return Report(
        tallying.counts(),
        (*findings, *numbers.not_leased(leased)),
        len(suspects) - len(again),
        tuple(tallying.dropped),
        tuple(numbers.burned(leased)),
        time.monotonic() - began,
    )


def _by_number(acts: Iterable[Act]) -> dict[str, list[Act]]:
    found: dict[str, list[Act]] = {}
    for act in acts:
        found.setdefault(act.number, []).append(act)
    return found


def _read_again(books: Books, suspects: list[_Suspect], quiet_s: float, after_s: float) -> list[Finding]:
    """What is still so after a while; books that are read one after the other may disagree at first."""
    if suspects:
        time.sleep(after_s)
    findings = []
    for suspect in suspects:
        case = books.case(suspect.number, suspect.acts)
        still = compare(case, at_rest=case.quiet_s >= quiet_s)
        findings += [finding for finding in still if finding in suspect.found]
    return findings
