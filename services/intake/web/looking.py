"""Looking at cases, their journals and volumes, and at what the office has in hand."""

from typing import Any

from flask import Response

from huiyin.chassis.web import Blueprint, answer, audited, request_actor, staff
from services.intake.schemas.looking import Leased, Queue
from services.intake.use_cases import books, linking, views
from services.intake.use_cases.house import House


def looking(desk: Blueprint, house: House) -> None:
    """Where staff look."""

    @desk.get("/cases")
    @desk.arguments(Queue, location="query")
    @staff("operator", "dispatcher", "leader", "supervisor", "callback", "records")
    def list_cases(query: dict[str, Any]) -> Response:
        """本机构诉求列表 (the office's cases)"""
        skip, limit = query.pop("skip"), query.pop("limit")
        wanted = views.Wanted(who=request_actor(), **query)
        return answer((200, views.queue(house, wanted, skip, limit)))

    @desk.get("/stages")
    @staff("operator", "dispatcher", "leader", "supervisor", "callback", "records")
    def count_stages() -> Response:
        """各阶段件数，及并计重复件、同一事件后的事项数 (cases at each stage; issues in all)"""
        who = request_actor()
        return answer((200, {"stages": views.counts(house, who), "issues": linking.issues(house, who)}))

    @desk.get("/tally")
    @staff("operator", "leader", "supervisor", "records", "auditor")
    def count_events() -> Response:
        """各类事件次数 (how often each event happened)"""
        return answer((200, {"events": views.tally(house, request_actor())}))

    @desk.get("/cases/<number>")
    @staff("operator", "dispatcher", "leader", "supervisor", "callback", "records", "unit")
    def show_case(number: str) -> Response:
        """一件诉求（隐去身份） (a case, freed of identity)"""
        return answer((200, views.show(house, number, request_actor())))

    @desk.get("/cases/<number>/journal")
    @staff("operator", "supervisor", "records", "auditor")
    def show_journal(number: str) -> Response:
        """办理流水 (every event of a case)"""
        return answer((200, {"rows": views.journal(house, number, request_actor())}))

    @desk.get("/cases/<number>/volume")
    @staff("records", "auditor")
    @audited("volume.exported")
    def show_volume(number: str) -> Response:
        """卷宗目录 (the sealed parts of the volume)"""
        return answer((200, {"parts": views.parts(house, number, request_actor())}))

    @desk.get("/numbers")
    @desk.arguments(Leased, location="query")
    @staff("auditor", "admin", walls=False)
    def list_leased(query: dict[str, Any]) -> Response:
        """各机构每日取用的流水号 (how many serials each office leased, a day a row)"""
        return answer((200, {"leased": books.leased(house, query["after"], query["limit"])}))
