"""The knowledge base: who keeps it and who proposes says why, of somebody."""

from typing import Any

from deploy.local.desks import Desks
from deploy.local.leaks.desk import Desk
from huiyin.client.line import Json

_FROM = "2024-01-01"


def keep_policies(desk: Desk) -> None:
    """An entry is written; its unit proposes twice: one is taken, one refused."""
    unit = desk.desks.folder.rulebook.catalogue[0].unit
    keeper, owner = desk.desks.role("rulebook"), desk.desks.unit(unit)
    entry = f"leaks-{desk.desks.office}"
    why = desk.named("来电人问起。", "why an entry")
    keeper.post("intake", "/knowledge", {"entry": entry, "owner": unit, "wording": _worded(1), "why": why})
    desk.made["entry"] = entry
    for n, taken in enumerate((True, False), start=2):
        told = {"wording": _worded(n), "why": desk.named("经办时发现。", "why a proposal")}
        proposal = owner.post("intake", f"/knowledge/{entry}/versions", told)["waiting"][-1]
        note = desk.named("与当事人核对过。", "note on a proposal")
        path = f"/knowledge/{entry}/proposals/{proposal}/decision"
        keeper.post("intake", path, {"taken": taken, "note": note})


def publish(desks: Desks, entry: str, words: str) -> Json:
    """A new version with these words, which all staff may read as they are; the answer to who reads it."""
    keeper = desks.role("rulebook")
    wording = {**_worded(0), "text": words}
    keeper.post("intake", f"/knowledge/{entry}/versions", {"wording": wording, "why": "对照"})
    return keeper.get("intake", f"/knowledge/{entry}")


def _worded(n: int) -> Json:
    words: dict[str, Any] = {
        "title": f"积水办理说明{n}",
        "text": f"三日内到场，第{n}版。",
        "valid_from": _FROM,
    }
    return {**words, "kind": "policy", "audience": "public"}
