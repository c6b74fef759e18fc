"""Fetches the five ledgers side by side by ranges of numbers: of each only a page or two is held."""

import heapq
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from itertools import groupby
from typing import Final

import httpx

from huiyin.books.acts import Act
from huiyin.books.pages import Case, Page, Share, case_of, page_of
from huiyin.client.line import Json, Person, Refused
from huiyin.contracts.services import SERVICES, Service

_PAGE: Final = 100
_LEASES: Final = 500


class NoAnswer(Exception):
    """A service does not answer, or not with its ledger; the message names it."""


class Books:
    """The five services' ledgers, as an auditor reads them."""

    def __init__(self, auditor: Person) -> None:
        self._auditor = auditor

    def cases(self, acts: dict[str, list[Act]]) -> Iterator[Case]:
        """Every number that any service knows, in order; its acts are taken out of `acts`."""
        with ThreadPoolExecutor(len(SERVICES)) as pool:
            streams = [self._shares(pool, service) for service in SERVICES]
            merged = heapq.merge(*streams, key=_number)
            for number, shares in groupby(merged, key=_number):
                yield case_of(number, list(shares), acts.pop(number, ()))

    def case(self, number: str, acts: list[Act]) -> Case:
        """One case, read now."""
        with ThreadPoolExecutor(len(SERVICES)) as pool:
            pages = list(pool.map(lambda service: self._page(service, number=number), SERVICES))
        shares = [s for service, page in zip(SERVICES, pages, strict=True) for s in page.by_number(service)]
        return case_of(number, shares, acts)

    def leased(self) -> dict[tuple[str, str], int]:
        """How many serials each office leased a day."""
        found: dict[tuple[str, str], int] = {}
        after = ""
        while True:
            rows = self._ask("intake", "/numbers", after=after, limit=_LEASES)["leased"]
            found |= {(row["office"], row["day"]): row["leased"] for row in rows}
            if len(rows) < _LEASES:
                return found
            after = f"{rows[-1]['office']}:{rows[-1]['day']}"

    def _shares(self, pool: Executor, service: Service) -> Iterator[Share]:
        coming = pool.submit(self._page, service, after="", limit=_PAGE)
        while True:
            page = coming.result()
            if page.until is not None:  # the next page comes while this one is compared
                coming = pool.submit(self._page, service, after=page.until, limit=_PAGE)
            yield from page.by_number(service)
            if page.until is None:
                return

    def _page(self, service: Service, **query: str | int) -> Page:
        return page_of(self._ask(service, "/ledger", **query))

    def _ask(self, service: Service, path: str, **query: str | int) -> Json:
        try:
            return self._auditor.get(service, path, **query)
        except (httpx.TransportError, Refused) as failed:
            raise NoAnswer(f"{service}: {failed}") from failed


def _number(share: Share) -> str:
    return share.number
