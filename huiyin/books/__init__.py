"""Proves the books: compares what the five services say of every case, and finds what does not fit.

`audit(line)` asks the services for their ledgers and answers a `Report`. docs/checking.md tells
what each finding means.
"""

from huiyin.books.acts import Act, NotALedger, read_acts
from huiyin.books.audit import audit
from huiyin.books.fetch import NoAnswer
from huiyin.books.findings import KINDS, Finding, Kind
from huiyin.books.report import Burned, Counts, Report

__all__ = [
    "KINDS",
    "Act",
    "Burned",
    "Counts",
    "Finding",
    "Kind",
    "NoAnswer",
    "NotALedger",
    "Report",
    "audit",
    "read_acts",
]
