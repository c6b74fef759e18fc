"""The archive: filing decisions, volumes found again, archived cases opened again."""

from typing import Any

from flask import Response

from huiyin.chassis.web import Blueprint, answer, audited, request_actor, request_cause, staff
from services.intake.schemas.archive import FilingDecision, Reopening, VolumeSearch
from services.intake.schemas.values import Page
from services.intake.use_cases import archive
from services.intake.use_cases.archive import Sought
from services.intake.use_cases.house import House


def archiving(desk: Blueprint, house: House) -> None:
    """Where records decide and search."""

    @desk.get("/filings")
    @desk.arguments(Page, location="query")
    @staff("supervisor", "records", "auditor")
    def list_undecided(query: dict[str, Any]) -> Response:
        """已办结、尚未决定是否归档的诉求 (concluded cases that wait for a filing decision)"""
        return answer((200, archive.undecided(house, request_actor(), query["skip"], query["limit"])))

    @desk.post("/cases/<number>/filing")
    @desk.arguments(FilingDecision)
    @staff("records")
    def decide_filing(body: dict[str, Any], number: str) -> Response:
        """决定是否归档，写明理由 (archive it or not, with the reason)"""
        return answer((200, archive.decide(house, number, **body, cause=request_cause())))

    @desk.get("/volumes")
    @desk.arguments(VolumeSearch, location="query")
    @staff("leader", "supervisor", "records", "auditor")
    @audited("volumes.searched")
    def search_volumes(query: dict[str, Any]) -> Response:
        """查档：按卷号、编号、年度、事项 (archived volumes, for reference)"""
        skip, limit = query.pop("skip"), query.pop("limit")
        return answer((200, archive.search(house, Sought(**query), request_actor(), skip, limit)))

    @desk.post("/cases/<number>/reopening")
    @desk.arguments(Reopening)
    @staff("leader", "supervisor")
    def reopen(body: dict[str, Any], number: str) -> Response:
        """已归档诉求重新办理：编号不变，另立卷次 (open an archived case again: same number, new part)"""
        return answer((200, archive.reopen(house, number, body["reason"], request_cause())))
