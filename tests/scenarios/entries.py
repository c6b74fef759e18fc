"""Entries of the knowledge base, as scenarios of every office write and read them."""

import uuid
from typing import Any

from huiyin.client.line import Json
from huiyin.contracts.roles import Role
from tests.scenarios.driver import Driver


def written(driver: Driver, owner: str, **wording: Any) -> str:
    """A fresh public entry of a unit, published by the office's keeper of rules; its id."""
    name = f"entry-{uuid.uuid4().hex[:12]}"
    body = {"entry": name, "owner": owner, "wording": worded(**wording)}
    driver.role("rulebook").post("intake", "/knowledge", body)
    return name


def worded(**changes: Any) -> Json:
    """A wording that holds now."""
    usual = {"title": "办理说明", "text": "按规定办理。", "kind": "policy", "audience": "public"}
    return {**usual, "valid_from": "2024-01-01", **changes}


def entry(driver: Driver, name: str, role: Role, unit: str = "") -> Json:
    """An entry as somebody sees it."""
    who = driver.unit(unit) if unit else driver.role(role)
    return who.get("intake", f"/knowledge/{name}")
