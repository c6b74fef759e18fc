"""Notify by HTTP: the gateway's receipts, work lists, what is uncertain, and feeds."""

from typing import Any

from flask import Response, request

from huiyin.chassis.web import Blueprint, answer, public, request_actor, request_cause, staff, uncounted
from services.notify import schemas
from services.notify.providers.sms import SIGNATURE_HEADER
from services.notify.use_cases import people, receiving
from services.notify.use_cases.house import House
from services.notify.web import feeds


def blueprint(house: House) -> Blueprint:
    """Notify's addresses."""
    desk = Blueprint("notify", __name__, description="短信、邮件、信函和电话任务的发送")
    _receipts(desk, house)
    _tasks(desk, house)
    _messages(desk, house)
    feeds.desk(desk, house)
    return desk


def _receipts(desk: Blueprint, house: House) -> None:
    @desk.post("/receipts/sms")
    @desk.arguments(schemas.Receipt)
    @public
    @uncounted
    def take_receipt(body: dict[str, Any]) -> Response:
        """短信回执 (a signed receipt of the SMS gateway)"""
        raw = request.get_data(cache=True)
        receiving.check_signature(house, raw, request.headers.get(SIGNATURE_HEADER, ""))
        number, gateway = receiving.gateway(house, body["reference"])
        cause = request_cause(who=gateway, key=body["receipt"])
        delivered = body["state"] == "delivered"
        done = receiving.receive(house, number, body["reference"], delivered, body["reason"], cause)
        return answer((200, done))


def _tasks(desk: Blueprint, house: House) -> None:
    @desk.get("/tasks")
    @desk.arguments(schemas.Tasks, location="query")
    @staff("operator", "callback", "records")
    def list_tasks(query: dict[str, Any]) -> Response:
        """待寄信函、待打电话 (letters to post and calls to make, without identity)"""
        found = people.tasks(house, request_actor(), query["medium"], query["skip"], query["limit"])
        return answer((200, {"tasks": found}))

    @desk.get("/tasks/<number>/<path:message>/content")
    @staff("operator", "callback", "records")
    def show_content(number: str, message: str) -> Response:
        """任务内容和联系方式 (the words and the contact, recorded)"""
        return answer((200, people.content(house, number, message, request_actor())))

    @desk.post("/tasks/<number>/<path:message>/done")
    @desk.arguments(schemas.Done)
    @staff("operator", "callback", "records")
    def finish_task(body: dict[str, Any], number: str, message: str) -> Response:
        """登记办理结果 (the letter was posted, the call was made, or not)"""
        done = people.finish(
            house,
            number,
            message,
            delivered=body["outcome"] == "delivered",
            mail_number=body["mail_number"],
            cause=request_cause(),
        )
        return answer((200, done))


def _messages(desk: Blueprint, house: House) -> None:
    @desk.get("/messages/<number>")
    @staff("operator", "callback", "records", "dispatcher", "supervisor", "leader", "admin")
    def list_messages(number: str) -> Response:
        """一件诉求的全部消息 (all messages of a case, without identity)"""
        return answer((200, people.messages(house, number, request_actor())))

    @desk.get("/uncertain")
    @desk.arguments(schemas.Page, location="query")
    @staff("operator", "admin")
    def list_uncertain(query: dict[str, Any]) -> Response:
        """是否送出不明的消息 (what a person must settle)"""
        found = people.uncertain(house, request_actor(), query["skip"], query["limit"])
        return answer((200, {"messages": found}))

    @desk.post("/messages/<number>/<path:message>/settlement")
    @desk.arguments(schemas.Settlement)
    @staff("operator")
    def settle_message(body: dict[str, Any], number: str, message: str) -> Response:
        """认定是否送出，或再次发送 (settle an uncertain message)"""
        return answer((200, people.decide(house, number, message, body["decision"], request_cause())))
