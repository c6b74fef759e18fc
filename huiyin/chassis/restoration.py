"""The row that tells that a service's store was put back from a backup, and how far it knows.

While a restore is under way no process of the service starts: numbers would be given twice, and
what was erased would be readable.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pymongo.database import Database

from huiyin.chassis.errors import WrongSetting
from huiyin.chassis.mongo import Doc

COLLECTION: Final = "restoration"
_ROW: Final = "last"


@dataclass(frozen=True)
class Restoration:
    """The last restore: of which backup, and the office time of the last step it knows."""

    backup: str
    at: datetime
    known_until: datetime | None


def begin(database: Database[Doc], backup: str) -> None:
    """From now on no process of the service starts."""
    row = {"$set": {"state": "begun", "backup": backup}}
    database[COLLECTION].update_one({"_id": _ROW}, row, upsert=True)


def end(database: Database[Doc], restored: Restoration) -> None:
    """All is back; the service may serve."""
    row = {"state": "done", **vars(restored)}
    database[COLLECTION].update_one({"_id": _ROW}, {"$set": row}, upsert=True)


def last(database: Database[Doc]) -> Restoration | None:
    """The last restore, if there was any; WrongSetting when it did not end."""
    row = database[COLLECTION].find_one({"_id": _ROW})
    if row is None:
        return None
    if row["state"] != "done":
        raise WrongSetting(
            f"{database.name}: a restore of backup {row['backup']} was begun and did not end:"
            " run `huiyin restore` again"
        )
    return Restoration(row["backup"], row["at"], row["known_until"])
