"""Who may see a case: the accused, conflicts, confidentiality, approvals."""

from typing import Any

from flask import Response

from huiyin.chassis.web import Blueprint, answer, request_actor, request_cause, staff
from services.intake.domain.circle import Named
from services.intake.schemas.circle import Accusation, Accused, Approval, ApprovalRequest, Confidentiality
from services.intake.use_cases import circle
from services.intake.use_cases.house import House


def encircling(desk: Blueprint, house: House) -> None:
    """Where the circle of a case is drawn."""

    @desk.get("/cases/<number>/circle")
    @staff("dispatcher", "leader", "supervisor", "custodian", "auditor")
    def show_circle(number: str) -> Response:
        """知情范围，以及尚未落实的环节 (the circle, and who must still apply it)"""
        return answer((200, circle.show(house, number, request_actor())))

    @desk.post("/cases/<number>/circle/accused")
    @desk.arguments(Accusation)
    @staff("operator", "dispatcher", "supervisor", "custodian")
    def accuse(body: dict[str, Any], number: str) -> Response:
        """补登被反映人或单位：收回工单、停止查看 (the accused are learned: recall, shut out)"""
        return answer((200, circle.accuse(house, number, body["matter"], body["named"], request_cause())))

    @desk.post("/cases/<number>/circle/recusals")
    @desk.arguments(Accused)
    @staff("operator", "dispatcher", "leader", "unit", "supervisor", "callback", "records", "custodian")
    def recuse(body: Named, number: str) -> Response:
        """申报回避；不写人员即为本人 (declare a conflict; one's own when nobody is named)"""
        return answer((200, circle.recuse(house, number, body, request_cause())))

    @desk.post("/cases/<number>/circle/confidentiality")
    @desk.arguments(Confidentiality)
    @staff("operator", "dispatcher", "supervisor", "callback", "custodian")
    def keep_secret(body: dict[str, Any], number: str) -> Response:
        """应诉求人要求保密 (the complainant asks for confidentiality)"""
        return answer((200, circle.keep_secret(house, number, body["matter"], request_cause())))

    @desk.post("/cases/<number>/circle/approval-requests")
    @desk.arguments(ApprovalRequest)
    @staff("dispatcher", "leader")
    def ask_approval(body: dict[str, Any], number: str) -> Response:
        """申请经组织批准向被反映单位移送一次 (ask for one transfer to the accused's own unit)"""
        done = circle.ask_approval(house, number, body["matter"], body["unit"], request_cause())
        return answer((201, done))

    @desk.post("/cases/<number>/circle/approvals")
    @desk.arguments(Approval)
    @staff("leader")
    def approve(body: dict[str, Any], number: str) -> Response:
        """组织批准所申请的移送，申请人不得批准 (consent to what somebody else requested)"""
        return answer((201, circle.approve(house, number, body["request"], body["text"], request_cause())))
