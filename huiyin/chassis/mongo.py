"""One way to reach MongoDB: majority reads, majority journaled writes, aware datetimes."""

from datetime import datetime
from typing import Any, Final

from pymongo import MongoClient, ReadPreference
from pymongo.database import Database
from pymongo.errors import (
    ConnectionFailure,
    ExecutionTimeout,
    NetworkTimeout,
    PyMongoError,
    WTimeoutError,
)
from pymongo.read_concern import ReadConcern
from pymongo.uri_parser import parse_uri
from pymongo.write_concern import WriteConcern

Doc = dict[str, Any]

#: What pymongo raises when the store is away, as against when it refuses.
STORE_AWAY: Final = (ConnectionFailure, NetworkTimeout, WTimeoutError, ExecutionTimeout)

#: The condition of a partial index on a scalar that is a moment or none.
MOMENT: Final[Doc] = {"$type": "date"}


def due_by(scalar: str, now: datetime) -> Doc:
    """Selects what has come due; in the words of the partial index, else every document would be read."""
    return {scalar: {"$lte": now, **MOMENT}}


def connect(url: str, *, name: str = "", socket_timeout_s: float = 10.0) -> MongoClient[Doc]:
    """A client whose operations give up after the time-out instead of hanging.

    The database shows the name beside each connection, so that it can be told who is connected.
    """
    return MongoClient(
        url,
        appname=name or None,
        tz_aware=True,
        serverSelectionTimeoutMS=5_000,
        connectTimeoutMS=5_000,
        socketTimeoutMS=int(socket_timeout_s * 1000),
        uuidRepresentation="standard",
    )


def problem(url: str) -> str | None:
    """What is wrong with an address, before anybody connects; no word of it repeats the address."""
    if not url.startswith("mongodb://"):  # what mongodb+srv:// names stands in the DNS
        return None
    try:
        parse_uri(url)
    except OSError as wrong:
        return f"a file it names cannot be read ({type(wrong).__name__})"
    except (PyMongoError, ValueError):  # their words may quote a part of a password
        return "cannot be read; percent-encode what user and password have beside letters and digits"
    return None


def process_name(database_name: str, process: str) -> str:
    """The name under which a service's process is connected."""
    return f"{database_name}/{process}"


def database(client: MongoClient[Doc], name: str) -> Database[Doc]:
    """The service's own database with the guarantees every step stands on."""
    return client.get_database(
        name,
        read_concern=ReadConcern("majority"),
        write_concern=WriteConcern(w="majority", j=True, wtimeout=10_000),
        read_preference=ReadPreference.PRIMARY,
    )
