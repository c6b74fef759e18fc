"""Finds what was altered, removed or added in a service's audit, by the key outside the database.

It looks at a page of batches and their rows at a time, so an audit of millions of rows takes as
little memory as one of a hundred. What was cut off the end it cannot see: the head that another
service keeps tells that.
"""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, Final

from bson import ObjectId
from bson.codec_options import DatetimeConversion
from pymongo.collection import Collection

from huiyin.chassis.audit.key import AuditKey, made_at
from huiyin.chassis.mongo import Doc
from huiyin.chassis.restoration import Restoration

_PAGE_ROWS: Final = 5_000
_PAGE_BATCHES: Final = 1_000
#: Rows and batches that stand where none can stand are told up to so many.
_MOST_STRAYS: Final = 200
_BY_ID: Final = [("_id", 1)]


class Proof:
    """Proves the audit of one service, page by page."""

    def __init__(
        self, rows: Collection[Doc], batches: Collection[Doc], key: AuditKey, restored: Restoration | None
    ) -> None:
        # A date that Python cannot tell may have been planted; it must not hide what else is wrong.
        lenient = rows.codec_options.with_options(datetime_conversion=DatetimeConversion.DATETIME_AUTO)
        self._rows = rows.with_options(codec_options=lenient)
        self._batches, self._key, self._restored = batches, key, restored

    def page(self, after: int) -> Doc:
        """The batches behind number `after`: their heads, and what is wrong with them and their rows.

        `until` is where the next page begins, None at the end; there it also tells of the rows that are
        not sealed yet, and of those that stand nowhere. `restored` is when the store was put back from a
        backup: heads written down before are of another time.
        """
        batches = self._page_of_batches(after)
        until = batches[-1]["_id"] if batches else after
        newest = self._batches.count_documents({"_id": {"$gt": until}}, limit=1) == 0
        before = self._batches.find_one({"_id": after})
        findings = chain(
            self._broken(before, after, batches),
            self._altered(batches, after, until, newest=newest),
            self._strays(until) if newest else (),
        )
        return {
            "batches": {str(batch["_id"]): _hex(batch.get("head")) for batch in batches},
            "rows": sum(len(_listed(batch)) for batch in batches),
            "unsealed": self._rows.count_documents({"batch": None}) if newest else 0,
            "findings": list(findings),
            "until": None if newest else until,
            "restored": self._restored.at.isoformat() if self._restored else None,
        }

    def _page_of_batches(self, after: int) -> list[Doc]:
        found: list[Doc] = []
        rows = 0
        for batch in self._batches.find({"_id": {"$gt": after}}, sort=_BY_ID, limit=_PAGE_BATCHES):
            found.append(batch)
            rows += len(_listed(batch))
            if rows >= _PAGE_ROWS:
                break
        return found

    # -- the chain ---------------------------------------------------------------------------

    def _broken(self, before: Doc | None, after: int, batches: list[Doc]) -> Iterator[Doc]:
        previous = self._sound_head(before) if before else b"" if after == 0 else None
        expected = after + 1
        for batch in batches:
            n, head = batch["_id"], self._sound_head(batch)
            yield from (_finding("batch-removed", gone) for gone in range(expected, n)[:_MOST_STRAYS])
            follows = n != expected or previous is None or batch.get("previous") == previous
            if head is None or not follows:
                yield _finding("batch-altered", n)
            previous, expected = head, n + 1

    def _sound_head(self, batch: Doc) -> bytes | None:
        """A batch's head; None when it is altered, so that the next one is not blamed for it."""
        return batch["head"] if self._key.fits_batch(batch) else None

    # -- the rows ----------------------------------------------------------------------------

    def _altered(self, batches: list[Doc], after: int, until: int, *, newest: bool) -> Iterator[Doc]:
        rows = self._rows_of(batches, after, until)
        seen = set()
        for batch in batches:
            for listed in _listed(batch):
                seen.add(listed["_id"])
                row = rows.get(listed["_id"])
                marking = newest and batch["_id"] == until  # its rows may just be being marked
                if kind := self._wrong(row, listed, batch["_id"], marking=marking):
                    yield _told(kind, listed["_id"], row, batch["_id"])
        for added in self._listed_nowhere([rows[row] for row in rows.keys() - seen]):
            yield _told("row-added", added["_id"], added, added.get("batch"))

    def _listed_nowhere(self, rows: list[Doc]) -> list[Doc]:
        """Without the rows that another batch lists, which told that they were altered."""
        query = {"rows._id": {"$in": [row["_id"] for row in rows]}}
        elsewhere = self._batches.find(query, {"rows": 1}) if rows else ()
        known = {listed["_id"] for batch in elsewhere for listed in _listed(batch)}
        return [row for row in rows if row["_id"] not in known]

    def _rows_of(self, batches: list[Doc], after: int, until: int) -> dict[Any, Doc]:
        ids = [listed["_id"] for batch in batches for listed in _listed(batch)]
        claimed = {"batch": {"$gt": after, "$lte": until}}
        found = chain(self._rows.find({"_id": {"$in": ids}}), self._rows.find(claimed))
        return {row["_id"]: row for row in found}

    def _wrong(self, row: Doc | None, listed: Mapping[str, Any], n: int, *, marking: bool) -> str | None:
        if row is None:
            return "row-removed"
        marked = row.get("batch") == n or (marking and "batch" not in row)
        if marked and row.get("mac") == listed.get("mac") and self._key.fits_row(row):
            return None
        return "row-altered"

    # -- what stands nowhere -------------------------------------------------------------------

    def _strays(self, newest: int) -> Iterator[Doc]:
        nowhere = {"$nor": [{"batch": None}, {"batch": {"$gt": 0, "$lte": newest}}]}
        # A batch sealed since the page was read lists its rows; they are no strays.
        for row in self._listed_nowhere(list(self._rows.find(nowhere, limit=_MOST_STRAYS))):
            yield _told("row-added", row["_id"], row, None)
        for row in self._rows.find({"batch": None}):
            if not self._key.fits_row(row):
                yield _told("row-forged", row["_id"], row, None)


def _listed(batch: Doc) -> list[Any]:
    return [listed for listed in batch.get("rows") or () if isinstance(listed, Mapping) and "_id" in listed]


def _hex(head: Any) -> str:
    return head.hex() if isinstance(head, bytes) else ""


def _finding(kind: str, batch: Any) -> Doc:
    return {"kind": kind, "batch": batch, "row": "", "at": "", "what": "", "office": ""}


def _told(kind: str, row: Any, found: Doc | None, batch: Any) -> Doc:
    """The row by its id, its second and its office, without person and case: other offices' are hidden."""
    content = found or {}
    who = content.get("who")
    return {
        "kind": kind,
        "batch": batch if isinstance(batch, int) else None,
        "row": str(row),
        "at": made_at(row) if isinstance(row, ObjectId) else "",
        "what": str(content.get("what", "")),
        "office": str(who.get("office", "")) if isinstance(who, Mapping) else "",
    }
