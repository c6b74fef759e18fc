"""Feedback by HTTP: the callback desk, the contact it opens, what it records."""

from typing import Any

from flask import Response

from huiyin.chassis.web import Blueprint, answer, request_actor, request_cause, staff
from services.feedback import schemas, use_cases
from services.feedback.use_cases import House


def blueprint(house: House) -> Blueprint:
    """Feedback's addresses."""
    desk = Blueprint("feedback", __name__, description="回访、告知结果、满意度评价")
    _looks(desk, house)
    _contacts(desk, house)
    _evaluations(desk, house)
    return desk


def _looks(desk: Blueprint, house: House) -> None:
    @desk.get("/echoes")
    @desk.arguments(schemas.Desk, location="query")
    @staff("callback")
    def list_echoes(query: dict[str, Any]) -> Response:
        """本机构待回访诉求 (the office's echoes in one state)"""
        found = use_cases.desk(house, request_actor(), query["state"], query["skip"], query["limit"])
        return answer((200, {"echoes": [use_cases.summary(echo) for echo in found]}))

    @desk.get("/echoes/<number>")
    @staff("callback", "supervisor", "leader", "records")
    def show_echo(number: str) -> Response:
        """一件诉求的回访情况 (the echo of a case)"""
        return answer((200, use_cases.summary(use_cases.echo(house, number, request_actor()))))

    @desk.get("/echoes/<number>/evaluations/<matter>/words")
    @staff("callback", "supervisor")
    def show_words(number: str, matter: str) -> Response:
        """诉求人评价留言 (the complainant's own words)"""
        return answer((200, {"words": use_cases.read_words(house, number, matter, request_actor())}))


def _contacts(desk: Blueprint, house: House) -> None:
    @desk.post("/echoes/<number>/contact")
    @desk.arguments(schemas.Contact)
    @staff("callback")
    def open_contact(body: dict[str, Any], number: str) -> Response:
        """打开联系方式 (one contact for this request, recorded)"""
        return answer((200, use_cases.open_contact(house, number, body["purpose"], request_cause())))

    @desk.post("/echoes/<number>/attempts")
    @desk.arguments(schemas.Attempt)
    @staff("callback")
    def record_attempt(body: dict[str, Any], number: str) -> Response:
        """登记一次联系 (one attempt to reach the complainant)"""
        done = use_cases.attempt(house, number, body["medium"], body["reached"], request_cause())
        return answer((201, done))

    @desk.post("/echoes/<number>/told")
    @desk.arguments(schemas.Telling)
    @staff("callback")
    def record_telling(body: dict[str, Any], number: str) -> Response:
        """登记已告知结果 (the result was told)"""
        return answer((200, use_cases.tell(house, number, body["medium"], request_cause())))


def _evaluations(desk: Blueprint, house: House) -> None:
    @desk.post("/echoes/<number>/evaluations")
    @desk.arguments(schemas.Evaluation)
    @staff("callback")
    def record_evaluation(body: dict[str, Any], number: str) -> Response:
        """登记满意度评价 (what the complainant says of one matter)"""
        return answer((201, use_cases.evaluate(house, number, body, request_cause())))

    @desk.post("/echoes/<number>/declined")
    @staff("callback")
    def record_declined(number: str) -> Response:
        """登记不愿评价 (the complainant will not evaluate)"""
        return answer((200, use_cases.decline(house, number, request_cause())))
