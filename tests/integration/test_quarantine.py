"""Quarantine on a real store with a scanner: kept sealed, shut, decided by a person (E-49)."""

import socket
from typing import Any

from services.intake.providers.clamd import Clamd
from services.intake.use_cases import quarantine
from tests.clamd import SIGN, clamd
from tests.integration.test_files import VOICE, case_of, everything, fetch, photo, send
from tests.integration.test_intake import NAME, Stand, stand

__all__ = ["stand"]

WHY = {"reason": f"核对{NAME}寄来的文件"}
INFECTED = "附件正文 ".encode() + SIGN


def nobody() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def with_scanner(stand: Stand, port: int) -> None:
    object.__setattr__(stand.house, "scanner", Clamd("127.0.0.1", port, 2.0))


def shut(stand: Stand, number: str, *doubts: str) -> dict[str, Any]:
    """The case's first file, shut for these doubts, in the case and in the list."""
    (listed,) = stand.get("/quarantine").json["files"]  # type: ignore[index]
    assert (listed["number"], listed["quarantine"]["doubts"]) == (number, list(doubts))
    shown: dict[str, Any] = stand.get(f"/cases/{number}").json["files"][0]  # type: ignore[index]
    assert (shown["scan"], shown["quarantine"]) == (listed["scan"], listed["quarantine"])
    refused = fetch(stand, f"/cases/{number}/files/f1", "operator")
    assert (refused.status_code, refused.json["code"]) == (409, "quarantined")  # type: ignore[index]
    return shown


def test_without_a_scanner_nothing_is_called_clean(stand: Stand) -> None:
    number = case_of(stand)
    sent = send(stand, f"/cases/{number}/files", photo()).json
    assert (sent["scan"], sent["quarantine"]) == ("unscanned", None)  # type: ignore[index]
    assert fetch(stand, f"/cases/{number}/files/f1", "operator").status_code == 200


def test_an_infected_file_is_kept_sealed_and_opens_for_its_keeper_with_a_reason_alone(stand: Stand) -> None:
    number = case_of(stand)
    address = f"/cases/{number}/files/f1/quarantine"
    with clamd() as port:
        with_scanner(stand, port)
        assert send(stand, f"/cases/{number}/files", INFECTED, "a.txt").status_code == 201
        clean = send(stand, f"/cases/{number}/files", VOICE, "b.amr").json
        assert (clean["scan"], clean["quarantine"]) == ("clean", None)  # type: ignore[index]
        copy = send(stand, f"/cases/{number}/files/f2/release", INFECTED, "c.txt")
        assert (copy.status_code, copy.json["code"]) == (422, "file-not-taken"), "nor as a copy"  # type: ignore[index]
    assert shut(stand, number, "infected")["sha256"]
    assert SIGN not in everything(stand)
    assert stand.post(f"{address}/opening", "records", json={}).status_code == 422
    assert stand.post(f"{address}/opening", "operator", json=WHY).status_code == 403
    opened = stand.post(f"{address}/opening", "records", json=WHY)
    assert (opened.data, opened.content_type) == (INFECTED, "application/octet-stream")
    row = stand.database["audit"].find_one({"what": "quarantine.opened", "case": number})
    assert row is not None
    assert NAME not in row["detail"]["reason"]
    verdict = {"decision": "rejected", **WHY}
    assert stand.post(f"{address}/verdict", "custodian", json=verdict).status_code == 200
    again = stand.post(f"{address}/verdict", "custodian", json=verdict)
    assert (again.status_code, again.json["code"]) == (409, "not-quarantined")  # type: ignore[index]
    assert stand.get("/quarantine").json["files"] == []  # type: ignore[index]
    assert fetch(stand, f"/cases/{number}/files/f1", "operator").status_code == 409, "rejected stays shut"
    assert NAME not in stand.kept()


def test_while_the_scanner_is_away_files_wait_shut_and_are_scanned_when_it_is_back(stand: Stand) -> None:
    number, port = case_of(stand), nobody()
    with_scanner(stand, port)
    send(stand, f"/cases/{number}/files", VOICE, "a.amr")
    send(stand, f"/cases/{number}/files", INFECTED, "b.txt")
    quarantine.scan_waiting(stand.house)
    states = [file["scan"] for file in stand.get(f"/cases/{number}").json["files"]]  # type: ignore[index]
    assert states == ["waiting", "waiting"]
    assert fetch(stand, f"/cases/{number}/files/f1", "operator").status_code == 409
    with clamd(port):
        quarantine.scan_waiting(stand.house)
    first, second = stand.get(f"/cases/{number}").json["files"]  # type: ignore[index]
    assert (first["scan"], first["quarantine"]) == ("clean", None)
    assert (second["scan"], second["quarantine"]["doubts"]) == ("infected", ["infected"])
    assert fetch(stand, f"/cases/{number}/files/f1", "operator").data == VOICE


def test_a_person_shuts_what_is_illegal_with_its_copy_and_a_person_lets_it_out(stand: Stand) -> None:
    number = case_of(stand)
    address = f"/cases/{number}/files/f1"
    send(stand, f"/cases/{number}/files", photo())
    stand.post(f"{address}/stripped-release", "records", json={})
    assert stand.post(f"{address}/quarantine", "operator", json=WHY).status_code == 200
    shut(stand, number, "illegal")
    assert fetch(stand, f"{address}/copy", "callback").status_code == 404
    assert send(stand, f"{address}/release", photo(), role="records").status_code == 409
    stand.post(f"{address}/quarantine/verdict", "records", json={"decision": "released", **WHY})
    assert fetch(stand, address, "operator").status_code == 200
    assert fetch(stand, f"{address}/copy", "callback").status_code == 200
