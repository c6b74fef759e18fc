"""Dispatch by HTTP: the unit's desk, the leader's instruction, the dispatcher's choice."""

from typing import Any

from flask import Response

from huiyin.chassis.web import Blueprint, answer, audited, request_actor, request_cause, staff
from services.dispatch import schemas
from services.dispatch.use_cases import acts, reading, views
from services.dispatch.use_cases.house import House


def blueprint(house: House) -> Blueprint:
    """Dispatch's addresses."""
    desk = Blueprint("dispatch", __name__, description="派单、接单、退单、答复")
    _desk(desk, house)
    _unit_steps(desk, house)
    _office_steps(desk, house)
    return desk


def _desk(desk: Blueprint, house: House) -> None:
    @desk.get("/orders")
    @desk.arguments(schemas.Desk, location="query")
    @staff("unit", "leader", as_unit=True)
    def list_orders(query: dict[str, Any]) -> Response:
        """本单位工单 (the unit's own orders in one state)"""
        found = views.desk(house, request_actor(), query["state"], query["skip"], query["limit"])
        return answer((200, {"orders": [views.desk_row(h, o) for h, o in found]}))

    @desk.get("/desks")
    @desk.arguments(schemas.Desks, location="query")
    @staff("dispatcher", "leader", "supervisor")
    def count_desks(query: dict[str, Any]) -> Response:
        """各单位工单数 (how many orders in a state lie on each unit's desk)"""
        counts = views.desk_counts(house, request_actor(), query["state"])
        return answer((200, {"desks": counts}))

    @desk.get("/handlings")
    @desk.arguments(schemas.Waits, location="query")
    @staff("dispatcher", "leader")
    def list_waiting(query: dict[str, Any]) -> Response:
        """待批示、待人工派单的诉求 (cases that wait for a person)"""
        found = views.waiting_for(house, request_actor(), query["person"], query["skip"], query["limit"])
        return answer((200, {"handlings": [views.summary(h) for h in found]}))

    @desk.get("/handlings/<number>")
    @staff("dispatcher", "leader", "supervisor", "callback", "records", "operator")
    def show_handling(number: str) -> Response:
        """一件诉求的全部工单 (all orders of a case)"""
        return answer((200, views.summary(views.handling(house, number, request_actor()))))

    @desk.get("/handlings/<number>/orders/<order>/replies/<int:n>")
    @staff("unit", "supervisor", "callback", stand_in="leader")
    @audited("reply.read")
    def show_reply(number: str, order: str, n: int) -> Response:
        """答复原文 (the words of a reply)"""
        return answer((200, {"text": reading.read_reply(house, number, order, n, request_actor())}))

    @desk.get("/handlings/<number>/orders/<order>/reason")
    @staff("dispatcher", "leader", "supervisor")
    @audited("reason.read")
    def show_reason(number: str, order: str) -> Response:
        """退单理由 (why a unit returned the order)"""
        return answer((200, {"reason": reading.read_reason(house, number, order, request_actor())}))


def _unit_steps(desk: Blueprint, house: House) -> None:
    @desk.post("/handlings/<number>/orders/<order>/acceptance")
    @staff("unit", "leader", as_unit=True)
    def accept_order(number: str, order: str) -> Response:
        """接单 (the unit accepts)"""
        return answer((200, acts.accept(house, number, order, request_cause())))

    @desk.post("/handlings/<number>/orders/<order>/return")
    @desk.arguments(schemas.Return)
    @staff("unit", "leader", as_unit=True)
    def return_order(body: dict[str, Any], number: str, order: str) -> Response:
        """退单 (the unit returns the order with a reason)"""
        return answer((200, acts.return_order(house, number, order, body["reason"], request_cause())))

    @desk.post("/handlings/<number>/orders/<order>/replies")
    @desk.arguments(schemas.Reply)
    @staff("unit", "leader", as_unit=True)
    def submit_reply(body: dict[str, Any], number: str, order: str) -> Response:
        """答复 (the unit replies)"""
        done = acts.reply(house, number, order, body["text"], body["final"], request_cause())
        return answer((201, done))


def _office_steps(desk: Blueprint, house: House) -> None:
    @desk.post("/handlings/<number>/instruction")
    @desk.arguments(schemas.Instruction)
    @staff("leader")
    def instruct(body: dict[str, Any], number: str) -> Response:
        """领导批示 (a leader reads and instructs)"""
        return answer((200, acts.instruct(house, number, body["text"], request_cause())))

    @desk.post("/handlings/<number>/orders")
    @desk.arguments(schemas.Assignment)
    @staff("dispatcher")
    def assign(body: dict[str, Any], number: str) -> Response:
        """人工派单 (a dispatcher chooses the unit)"""
        done = acts.assign(house, number, body["matter"], body["unit"], body["role"], request_cause())
        return answer((201, done))
