"""One database and one user for each service: it may do nothing outside its own database."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from deploy.local.errors import LocalStackError

_NOT_OF_THE_USER = {"authsource", "authmechanism"}


def ensure_service_users(admin_url: str, passwords: Mapping[str, str]) -> dict[str, str]:
    """Make or correct each service's user; answer the service's URLs."""
    try:
        with MongoClient[dict[str, Any]](admin_url, serverSelectionTimeoutMS=10_000) as admin:
            _require_replica_set(admin)
            for service, password in passwords.items():
                _ensure_user(admin, f"huiyin_{service}", password)
    except PyMongoError as error:
        raise LocalStackError(f"the services' users cannot be made in MongoDB: {error}") from error
    return {service: _url(admin_url, f"huiyin_{service}", pwd) for service, pwd in passwords.items()}


def _ensure_user(admin: MongoClient[dict[str, Any]], name: str, password: str) -> None:
    """The database, the user and its two roles all bear the same name."""
    roles = [{"role": role, "db": name} for role in ("readWrite", "dbAdmin")]
    known = admin[name].command("usersInfo", name)["users"]
    admin[name].command("updateUser" if known else "createUser", name, pwd=password, roles=roles)


def _require_replica_set(admin: MongoClient[dict[str, Any]]) -> None:
    if not admin.admin.command("hello").get("setName"):
        raise LocalStackError(
            "the MongoDB of HUIYIN_MONGO_URL is no replica set, so nothing can be backed up as of one moment:"
            " start it with --replSet and initiate it (one member is enough)"
        )


def _url(admin_url: str, name: str, password: str) -> str:
    """The administrator's URL with the service's user and database in their places."""
    parts = urlsplit(admin_url)
    hosts = parts.netloc.rpartition("@")[2]
    options = [(key, value) for key, value in parse_qsl(parts.query) if key.lower() not in _NOT_OF_THE_USER]
    query = urlencode([*options, ("authSource", name)])
    return urlunsplit((parts.scheme, f"{name}:{password}@{hosts}", f"/{name}", query, ""))
