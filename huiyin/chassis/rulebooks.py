"""The rulebooks a service decides by: today's from the offices' folders, older ones kept.

A case is judged for ever by the version of its acceptance, known by content hash. Every
version that was loaded once is kept in the service's own `rulebooks` collection (E-122).
"""

from collections.abc import Mapping

from pymongo.collection import Collection

from huiyin.chassis.errors import NotFound, NotYet, WrongSetting
from huiyin.chassis.mongo import Doc
from huiyin.chassis.rulebook import OfficeFolder, Rulebook, carried_over, dump


class Rulebooks:
    """Versions by hash, and the live folders by office."""

    def __init__(self, offices: Mapping[str, OfficeFolder], collection: Collection[Doc]) -> None:
        self._offices = offices
        self._collection = collection
        self._known = {folder.rulebook.hash: folder.rulebook for folder in offices.values()}
        self._decided_by: list[Collection[Doc]] = []
        self._asked_for: set[str] = set()

    def prepare(self) -> None:
        """Keep today's versions; safe to repeat."""
        for book in self._known.values():
            self._collection.update_one(
                {"_id": book.hash}, {"$setOnInsert": {"content": dump(book)}}, upsert=True
            )

    def decide(self, documents: Collection[Doc]) -> None:
        """The service's documents name the version they are decided by under `state.rulebook`."""
        self._decided_by.append(documents)

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
                self._asked_for.add(content_hash)
                raise NotYet(f"rulebook {content_hash[:12]} is not known here")
            self._known[content_hash] = carried_over(kept["content"], content_hash, self._todays())
        return self._known[content_hash]

    def problem(self) -> str | None:
        """A readiness problem while a version that cases need is not here, or cannot be read (E-122)."""
        used = (documents.distinct("state.rulebook") for documents in self._decided_by)
        named = {name for names in used for name in names if name}
        wrong = [told for name in sorted(named | self._asked_for) if (told := self._lacking(name))]
        return f"rulebooks missing: {', '.join(wrong)}" if wrong else None

    def _lacking(self, content_hash: str) -> str | None:
        try:
            self.version(content_hash)
        except NotYet:
            return content_hash[:12]
        except WrongSetting as unreadable:
            return f"{content_hash[:12]} ({unreadable})"
        self._asked_for.discard(content_hash)
        return None

    def _todays(self) -> Mapping[str, Rulebook]:
        return {name: folder.rulebook for name, folder in self._offices.items()}
