"""What is like what: looked for while typing, proposed after registration, decided by people."""

from typing import Any

from flask import Response

from huiyin.chassis.web import Blueprint, answer, request_actor, request_cause, staff
from services.intake.schemas.alike import LinkDecision, TypedForm
from services.intake.use_cases import linking, typing
from services.intake.use_cases.house import House


def likening(desk: Blueprint, house: House) -> None:
    """Where repeats and incidents are seen and decided."""

    @desk.post("/likeness")
    @desk.arguments(TypedForm)
    @staff("operator")
    def look_alike(body: dict[str, Any]) -> Response:
        """边录入边查找重复件和同一事件 (repeats and incidents like what is typed; nothing is kept)"""
        return answer((200, {"proposals": typing.look(house, typing.typed(body), request_cause().who)}))

    @desk.get("/cases/<number>/links")
    @staff("operator", "dispatcher", "leader", "supervisor", "callback", "records")
    def show_links(number: str) -> Response:
        """一件诉求的重复件、同一事件和系统建议 (what a case is linked to, and what is proposed)"""
        return answer((200, linking.show(house, number, request_actor())))

    @desk.post("/cases/<number>/links")
    @desk.arguments(LinkDecision)
    @staff("operator", "dispatcher", "supervisor")
    def decide_link(body: dict[str, Any], number: str) -> Response:
        """认定重复、同一事件或并非同一事项，须写明理由 (decide what two cases have to do with each other)"""
        done = linking.decide(house, number, body["other"], body["verdict"], body["why"], request_cause())
        return answer((200, done))

    @desk.post("/cases/<number>/links/undone")
    @staff("operator", "dispatcher", "supervisor")
    def undo_link(number: str) -> Response:
        """撤销关联；已办的事项不受影响 (take a link back; what was done stays done)"""
        return answer((200, linking.undo(house, number, request_cause())))
