"""What a custodian does: a key destroyed is gone, a restricted view stays shut, both are anchored first."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from werkzeug.test import TestResponse

from huiyin.chassis.anchor import read_anchor
from huiyin.chassis.asking import Asker
from huiyin.chassis.clocks import SimulatedOfficeClock
from huiyin.chassis.errors import KeyDestroyed, ViewRestricted
from huiyin.chassis.masters import Keyring
from huiyin.chassis.sealing import Sealer
from huiyin.contracts.questions import RESTRICTED, Question
from services.intake.entrypoints import IntakeWorker
from services.intake.use_cases import answers
from tests.integration.test_intake import FORM, Stand, stand

__all__ = ["stand"]

LATER = datetime(2024, 10, 8, 2, 0, tzinfo=UTC)
QUESTION: dict[str, Any] = {"party": "p1", "purpose": "deliver", "request": "r1", "asker": "notify"}


def _registered(stand: Stand) -> str:
    return str(stand.register(FORM).json["number"])  # type: ignore[index]


@pytest.fixture(autouse=True)
def questions(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the vault asks over the bus is answered here, as intake's worker does."""

    def ask(_: Asker, question: Question, **asked: Any) -> Any:
        return getattr(IntakeWorker, question.method)(SimpleNamespace(house=stand.house), **asked)

    monkeypatch.setattr(Asker, "ask", ask)


def _october(tmp_path: Path) -> None:
    SimulatedOfficeClock(tmp_path / "clock.json").set(LATER)


def _destroy(stand: Stand, **more: Any) -> TestResponse:
    body = {"month": "2024-09", "why": "保管期满", **more}
    return stand.post("/vault/destructions", "custodian", json=body)


def _let_destroy(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    """The office's rulebook as it would be with destruction after ten years."""
    folder = stand.house.base.rulebooks.office("mayors-line")
    archive = replace(folder.rulebook.archive, destroy=True)
    changed = replace(folder, rulebook=replace(folder.rulebook, archive=archive))
    monkeypatch.setattr(stand.house.base.rulebooks, "office", lambda _: changed)


def test_a_month_is_destroyed_when_its_retention_is_over_and_every_case_of_it_long_concluded(
    stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = _registered(stand)
    clock = SimulatedOfficeClock(tmp_path / "clock.json")
    clock.set(LATER)
    assert "本机构规定期满不销毁" not in _refused(stand), "its term comes first"
    clock.set(datetime(2034, 10, 1, tzinfo=UTC))
    assert "本机构规定期满不销毁" in _refused(stand)
    _let_destroy(stand, monkeypatch)
    assert "还有 1 件未办结" in _refused(stand)
    stand.post(f"/cases/{number}/withdrawal", json={"reason": "已解决"})
    assert "有 1 件办结未满 10 年" in _refused(stand)
    assert not {line.what for line in read_anchor(tmp_path / "anchor")} - {"numbers"}
    clock.set(datetime(2044, 10, 2, tzinfo=UTC))
    (told,) = stand.get("/retention", "custodian", months="2024-09").json["months"]  # type: ignore[index]
    assert told == {"month": "2024-09", "over": True, "ends_on": "2034-09-30", "why": ""}
    assert "2024-09" in stand.get("/vault/keys", "custodian").json["months"]  # type: ignore[index]
    assert _destroy(stand).json["destroyed"]  # type: ignore[index]
    assert "2024-09" not in stand.get("/vault/keys", "custodian").json["months"]  # type: ignore[index]


def _refused(stand: Stand) -> str:
    refused = _destroy(stand)
    assert (refused.status_code, refused.json["code"]) == (409, "retention-runs")  # type: ignore[index]
    return str(refused.json["detail"])  # type: ignore[index]


def test_what_a_destroyed_key_sealed_is_refused_clearly(stand: Stand, tmp_path: Path) -> None:
    number = _registered(stand)
    _october(tmp_path)
    done = _destroy(stand, early=True, why="法院裁定")
    assert done.json == {"office": "mayors-line", "month": "2024-09", "destroyed": True}
    (line,) = [line for line in read_anchor(tmp_path / "anchor") if line.what == "key-destroyed"]
    wanted = {"office": "mayors-line", "month": "2024-09", "why": "法院裁定", "early": True}
    assert {name: line.facts[name] for name in wanted} == wanted
    assert stand.database["audit"].count_documents({"what": "key.destroyed", "detail.early": True}) == 1
    other = Sealer(stand.house.base.client, stand.database.name, Keyring(stand.keys.folder))
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
    assert ViewRestricted.__name__ == RESTRICTED
    with pytest.raises(ViewRestricted):  # nor is the answer of a minute ago given again
        answers.contact(stand.house, number=number, **QUESTION)
    (line,) = [line for line in read_anchor(tmp_path / "anchor") if line.what == "view-restricted"]
    assert line.facts["number"] == number
    code = {"number": number, "code": receipt["query_code"]}
    assert stand.app.test_client().post("/progress", json=code).status_code == 200
    again = stand.post(f"/cases/{number}/restriction", "custodian", json={"why": "再申请"})
    assert again.json["code"] == "already-restricted"  # type: ignore[index]


# -- master keys --------------------------------------------------------------------------------


def test_a_new_master_key_takes_over_while_the_service_runs_and_is_anchored_and_audited(
    stand: Stand, tmp_path: Path
) -> None:
    number = _registered(stand)
    body = {"name": "file:202410", "why": "年度更换"}
    unknown = stand.post("/vault/masters", "admin", json=body)
    assert (unknown.status_code, "master-202410.key" in unknown.json["detail"]) == (503, True)  # type: ignore[index]
    (stand.keys.folder / "master-202410.key").write_bytes(os.urandom(96))
    assert stand.post("/vault/masters", "custodian", json=body).status_code == 403
    rotated = stand.post("/vault/masters", "admin", json=body)
    assert rotated.json == {"before": "file", "current": "file:202410"}
    rewrapped = stand.post("/vault/rewraps", "admin", json={"why": "年度更换"})
    assert rewrapped.json == {"current": "file:202410", "rewrapped": 1, "wraps": {"file:202410": 1}}
    assert stand.get("/vault/masters", "auditor").json["known"] == ["file", "file:202410"]  # type: ignore[index]
    told = [line.what for line in read_anchor(tmp_path / "anchor")]
    assert told == ["numbers", "master-rotated", "keys-rewrapped"]
    kept = stand.database["audit"].distinct("what")
    assert {"master.rotated", "keys.rewrapped"} <= set(kept)
    assert answers.contact(stand.house, number=number, **QUESTION)


def test_no_number_is_given_while_its_block_cannot_be_anchored(stand: Stand, tmp_path: Path) -> None:
    os.rename(tmp_path / "anchor", tmp_path / "away")
    assert stand.register(FORM).status_code == 503
    assert stand.database["cases"].count_documents({}) == 0
    os.rename(tmp_path / "away", tmp_path / "anchor")
    assert stand.register(FORM).status_code == 201
    (line,) = read_anchor(tmp_path / "anchor")
    assert (line.facts["first"], line.facts["last"]) == (51, 100)
