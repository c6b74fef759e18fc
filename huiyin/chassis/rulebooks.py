"""The rulebooks a service decides by: today's from the offices' folders, older ones kept.

A case is judged for ever by the version of its acceptance, known by content hash. Every
version that was loaded once is kept in the service's own `rulebooks` collection.
"""

from collections.abc import Mapping

from pymongo.collection import Collection

from huiyin.chassis.errors import NotFound, NotYet
from huiyin.chassis.mongo import Doc
from huiyin.chassis.rulebook import OfficeFolder, Rulebook, dump, restore


class Rulebooks:
    """Versions by hash, and the live folders by office."""

    def __init__(self, offices: Mapping[str, OfficeFolder], collection: Collection[Doc]) -> None:
        self._offices = offices
        self._collection = collection
        self._known = {folder.rulebook.hash: folder.rulebook for folder in offices.values()}

    def prepare(self) -> None:
        """Keep today's versions; safe to repeat."""
        for book in self._known.values():
            self._collection.update_one(
                {"_id": book.hash}, {"$setOnInsert": {"content": dump(book)}}, upsert=True
            )

    def office(self, office: str) -> OfficeFolder:
        """The office as it stands now; NotFound when this platform does not serve it."""
        try:
            return self._offices[office]
        except KeyError:
            raise NotFound(f"本平台没有机构 {office}。") from None

    def offices(self) -> tuple[str, ...]:
        """The ids of the offices served."""
        return tuple(self._offices)

    def version(self, content_hash: str) -> Rulebook:
        """The rulebook of a hash; NotYet while this service has not got that version."""
        if content_hash not in self._known:
            kept = self._collection.find_one({"_id": content_hash})
            if kept is None:
                raise NotYet(f"rulebook {content_hash[:12]} is not known here")
            self._known[content_hash] = restore(kept["content"])
        return self._known[content_hash]

    def missing(self, needed: set[str]) -> str | None:
        """A readiness problem when open cases need a version that is not here."""
        kept = {row["_id"] for row in self._collection.find({"_id": {"$in": list(needed)}}, {"_id": 1})}
        lacking = needed - kept - self._known.keys()
        return f"rulebooks missing: {', '.join(sorted(h[:12] for h in lacking))}" if lacking else None
