"""Intake by HTTP: taking down, looking at cases, the complainant's progress query."""

from typing import Any

from flask import Response

from huiyin.chassis.web import Blueprint, answer, public, request_actor, request_cause, staff
from services.intake import schemas
from services.intake.use_cases import acts, books, views
from services.intake.use_cases.house import House


def blueprint(house: House) -> Blueprint:
    """Intake's addresses."""
    desk = Blueprint("intake", __name__, description="登记、查询、档案")
    _take_down(desk, house)
    _look(desk, house)
    _ask_progress(desk, house)
    return desk


def _take_down(desk: Blueprint, house: House) -> None:
    @desk.post("/cases")
    @desk.arguments(schemas.Registration)
    @staff("operator")
    def register(body: dict[str, Any]) -> Response:
        """登记一件诉求 (take down and number a complaint)"""
        form = schemas.form_of(body, house.now())
        return answer((201, acts.register(house, form, request_cause())))

    @desk.post("/takeovers")
    @desk.arguments(schemas.Takeover)
    @staff("records")
    def take_over(body: dict[str, Any]) -> Response:
        """接管旧系统在办诉求 (take over a case that runs in an older system)"""
        form = schemas.form_of(body, house.now())
        return answer((201, acts.take_over(house, form, body["taken_over"], request_cause())))

    @desk.post("/cases/<number>/withdrawal")
    @desk.arguments(schemas.Withdrawal)
    @staff("operator")
    def withdraw(_body: dict[str, Any], number: str) -> Response:
        """诉求人撤回 (the complainant withdraws)"""
        return answer((200, acts.withdraw(house, number, request_cause())))


def _look(desk: Blueprint, house: House) -> None:
    @desk.get("/cases")
    @desk.arguments(schemas.Queue, location="query")
    @staff("operator", "dispatcher", "leader", "supervisor", "callback", "records")
    def list_cases(query: dict[str, Any]) -> Response:
        """本机构诉求列表 (the office's cases)"""
        found = views.queue(house, request_actor().office, **query)
        return answer((200, {"cases": found}))

    @desk.get("/stages")
    @staff("operator", "dispatcher", "leader", "supervisor", "callback", "records")
    def count_stages() -> Response:
        """各阶段件数 (how many cases stand at each stage)"""
        return answer((200, {"stages": views.counts(house, request_actor().office)}))

    @desk.get("/tally")
    @staff("operator", "leader", "supervisor", "records", "auditor")
    def count_events() -> Response:
        """各类事件次数 (how often each event happened)"""
        return answer((200, {"events": views.tally(house, request_actor().office)}))

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
    def show_volume(number: str) -> Response:
        """卷宗目录 (the sealed parts of the volume)"""
        return answer((200, {"parts": views.parts(house, number, request_actor())}))

    @desk.get("/numbers")
    @desk.arguments(schemas.Leased, location="query")
    @staff("auditor", "admin")
    def list_leased(query: dict[str, Any]) -> Response:
        """各机构每日取用的流水号 (how many serials each office leased, a day a row)"""
        return answer((200, {"leased": books.leased(house, query["after"], query["limit"])}))


def _ask_progress(desk: Blueprint, house: House) -> None:
    @desk.post("/progress")
    @desk.arguments(schemas.Progress)
    @public
    def ask_progress(body: dict[str, Any]) -> Response:
        """查询进度（凭编号和查询码） (how a case stands, by number and query code)"""
        return answer((200, views.progress(house, body["number"], body["code"])))
