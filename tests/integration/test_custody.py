"""What a custodian does: a key destroyed is gone, a restricted view stays shut, both are anchored first."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from huiyin.chassis.anchor import read_anchor
from huiyin.chassis.clocks import SimulatedOfficeClock
from huiyin.chassis.errors import KeyDestroyed
from huiyin.chassis.sealing import Sealer
from services.intake.errors import ViewRestricted
from services.intake.use_cases import answers
from tests.integration.test_intake import FORM, Stand, stand

__all__ = ["stand"]

LATER = datetime(2024, 10, 8, 2, 0, tzinfo=UTC)
QUESTION = {"party": "p1", "purpose": "deliver", "request": "r1", "asker": "notify"}


def _registered(stand: Stand) -> str:
    return str(stand.register(FORM).json["number"])  # type: ignore[index]


def _october(tmp_path: Path) -> None:
    SimulatedOfficeClock(tmp_path / "clock.json").set(LATER)


def test_what_a_destroyed_key_sealed_is_refused_clearly(stand: Stand, tmp_path: Path) -> None:
    number = _registered(stand)
    _october(tmp_path)
    done = stand.post("/vault/destructions", "custodian", json={"month": "2024-09", "why": "保管期满"})
    assert done.json == {"office": "mayors-line", "month": "2024-09", "destroyed": True}
    (line,) = [line for line in read_anchor(tmp_path / "anchor") if line.what == "key-destroyed"]
    assert (line.facts["office"], line.facts["month"], line.facts["why"]) == (
        "mayors-line",
        "2024-09",
        "保管期满",
    )
    assert stand.database["audit"].count_documents({"what": "key.destroyed"}) == 1
    other = Sealer.from_file(stand.house.base.client, stand.database.name, stand.keys.master)
    with pytest.raises(KeyDestroyed):
        other.open(stand.house.cases.get(number).state.party("p1").identity)
    other.close()


def test_a_key_in_use_is_not_destroyed(stand: Stand) -> None:
    number = _registered(stand)
    refused = stand.post("/vault/destructions", "custodian", json={"month": "2024-09", "why": "保管期满"})
    assert refused.status_code == 409
    assert answers.contact(stand.house, number=number, **QUESTION)


def test_only_a_custodian_destroys_and_restricts(stand: Stand, tmp_path: Path) -> None:
    number = _registered(stand)
    for path, body in {
        "/vault/destructions": {"month": "2024-09", "why": "试试"},
        f"/cases/{number}/restriction": {"why": "试试"},
    }.items():
        assert stand.post(path, "admin", json=body).status_code == 403
    assert {line.what for line in read_anchor(tmp_path / "anchor")} == {"numbers"}


@pytest.mark.clause("S0-05", "E-35")
def test_a_restricted_view_opens_no_contact_and_the_progress_query_goes_on(
    stand: Stand, tmp_path: Path
) -> None:
    receipt = stand.register(FORM).json
    assert receipt is not None
    number = receipt["number"]
    answers.contact(stand.house, number=number, **QUESTION)
    done = stand.post(f"/cases/{number}/restriction", "custodian", json={"why": "本人申请"})
    assert done.json["restricted_at"] == stand.house.now().isoformat()  # type: ignore[index]
    with pytest.raises(ViewRestricted):  # nor is the answer of a minute ago given again
        answers.contact(stand.house, number=number, **QUESTION)
    (line,) = [line for line in read_anchor(tmp_path / "anchor") if line.what == "view-restricted"]
    assert line.facts["number"] == number
    code = {"number": number, "code": receipt["query_code"]}
    assert stand.app.test_client().post("/progress", json=code).status_code == 200
    again = stand.post(f"/cases/{number}/restriction", "custodian", json={"why": "再申请"})
    assert again.json["code"] == "already-restricted"  # type: ignore[index]


def test_no_number_is_given_while_its_block_cannot_be_anchored(stand: Stand, tmp_path: Path) -> None:
    os.rename(tmp_path / "anchor", tmp_path / "away")
    assert stand.register(FORM).status_code == 503
    assert stand.database["cases"].count_documents({}) == 0
    os.rename(tmp_path / "away", tmp_path / "anchor")
    assert stand.register(FORM).status_code == 201
    (line,) = read_anchor(tmp_path / "anchor")
    assert (line.facts["first"], line.facts["last"]) == (51, 100)
