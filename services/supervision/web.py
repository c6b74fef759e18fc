"""Supervision by HTTP: dates, requests for more time, reviews, dissatisfactions."""

from typing import Any

from flask import Response

from huiyin.chassis.web import Blueprint, answer, audited, request_actor, request_cause, staff
from services.supervision import schemas
from services.supervision.use_cases import acts, views
from services.supervision.use_cases.house import House


def blueprint(house: House) -> Blueprint:
    """Supervision's addresses."""
    desk = Blueprint("supervision", __name__, description="期限、催办、督办、延期、审核")
    _case(desk, house)
    _lists(desk, house)
    _extensions(desk, house)
    _judgements(desk, house)
    return desk


def _case(desk: Blueprint, house: House) -> None:
    @desk.get("/supervisions/<number>")
    @staff("unit", "supervisor", "leader", "dispatcher", "callback", "records", "operator")
    def show_supervision(number: str) -> Response:
        """一件诉求的全部期限；承办单位只见本单位的 (all dates of a case; a unit sees its own)"""
        return answer((200, views.supervision(house, number, request_actor())))

    @desk.get("/supervisions/<number>/orders/<order>/demands")
    @staff("unit", "supervisor", "leader")
    @audited("demands.read")
    def show_demands(number: str, order: str) -> Response:
        """退回重办的具体要求 (the words of the last return)"""
        return answer((200, views.demands(house, number, order, request_actor())))


def _lists(desk: Blueprint, house: House) -> None:
    @desk.get("/clocks")
    @staff("supervisor", "leader", "records")
    def count_clocks() -> Response:
        """时限概况：计时中、将到期、已超期 (how many clocks run, fall due, are overdue)"""
        return answer((200, views.clocks(house, request_actor())))

    @desk.get("/unfinished")
    @desk.arguments(schemas.Page, location="query")
    @staff("supervisor", "leader")
    def list_unfinished(query: dict[str, Any]) -> Response:
        """未办结的转办件，按催办次序 (transferred and unfinished, in the turn in which units are urged)"""
        found = views.unfinished(house, request_actor(), query["skip"], query["limit"])
        return answer((200, {"unfinished": found}))

    @desk.get("/reviews")
    @desk.arguments(schemas.Page, location="query")
    @staff("supervisor", "leader")
    def list_reviews(query: dict[str, Any]) -> Response:
        """待审核的答复 (replies that wait for a reviewer)"""
        found = views.reviews(house, request_actor(), query["skip"], query["limit"])
        return answer((200, {"reviews": found}))

    @desk.get("/extensions")
    @desk.arguments(schemas.Page, location="query")
    @staff("supervisor", "leader")
    @audited("extensions.read")
    def list_extensions(query: dict[str, Any]) -> Response:
        """待审批的延期申请 (requests for more time that wait for an answer)"""
        found = views.extensions(house, request_actor(), query["skip"], query["limit"])
        return answer((200, {"extensions": found}))

    @desk.get("/dissatisfactions")
    @desk.arguments(schemas.Page, location="query")
    @staff("supervisor", "leader")
    def list_dissatisfactions(query: dict[str, Any]) -> Response:
        """待复核的不满意评价 (cases whose complainant is not satisfied)"""
        found = views.dissatisfactions(house, request_actor(), query["skip"], query["limit"])
        return answer((200, {"dissatisfactions": found}))

    @desk.get("/rereviews")
    @desk.arguments(schemas.Page, location="query")
    @staff("supervisor", "leader")
    def list_rereviews(query: dict[str, Any]) -> Response:
        """因回避须重新审核的结果 (results that somebody with a conflict handled or judged)"""
        found = views.rereviews(house, request_actor(), query["skip"], query["limit"])
        return answer((200, {"rereviews": found}))


def _extensions(desk: Blueprint, house: House) -> None:
    @desk.post("/supervisions/<number>/orders/<order>/extensions")
    @desk.arguments(schemas.ExtensionRequest)
    @staff("unit", "leader", as_unit=True)
    def ask_extension(body: dict[str, Any], number: str, order: str) -> Response:
        """申请延期 (the unit asks for more time)"""
        done = acts.ask_extension(house, number, order, body["until"], body["reason"], request_cause())
        return answer((201, done))

    @desk.post("/supervisions/<number>/extensions/<extension>/decision")
    @desk.arguments(schemas.ExtensionDecision)
    @staff("supervisor", "leader")
    def decide_extension(body: dict[str, Any], number: str, extension: str) -> Response:
        """审批延期 (consent to more time, or refuse it)"""
        cause = request_cause()
        done = acts.decide_extension(house, number, extension, body["granted"], body["reason"], cause)
        return answer((200, done))


def _judgements(desk: Blueprint, house: House) -> None:
    @desk.post("/supervisions/<number>/orders/<order>/reviews")
    @desk.arguments(schemas.Review)
    @staff("supervisor", stand_in="leader")
    def judge_reply(body: dict[str, Any], number: str, order: str) -> Response:
        """审核答复 (judge a reply by the office's criteria)"""
        findings = [acts.Finding(**found) for found in body["results"]]
        done = acts.judge(
            house, number, order, body["reply"], findings, body["demands"], body["limit_wd"], request_cause()
        )
        return answer((201, done))

    @desk.post("/supervisions/<number>/dissatisfaction")
    @desk.arguments(schemas.DissatisfactionDecision)
    @staff("supervisor", stand_in="leader")
    def decide_dissatisfaction(body: dict[str, Any], number: str) -> Response:
        """复核不满意评价 (handle again, or uphold the result)"""
        done = acts.decide_dissatisfaction(
            house, number, body["decision"], body["explanation"], body["limit_wd"], request_cause()
        )
        return answer((200, done))

    @desk.post("/supervisions/<number>/orders/<order>/rereview")
    @desk.arguments(schemas.DissatisfactionDecision)
    @staff("supervisor", stand_in="leader")
    def decide_rereview(body: dict[str, Any], number: str, order: str) -> Response:
        """重新审核：维持或重新办理 (let a result stand after a conflict, or have it handled again)"""
        done = acts.decide_rereview(
            house, number, order, body["decision"], body["explanation"], body["limit_wd"], request_cause()
        )
        return answer((200, done))
