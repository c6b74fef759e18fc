"""Who complained, for who must know: asked with a reason, granted for a time, opened on the record."""

from typing import Any

from flask import Response

from huiyin.chassis.web import Blueprint, answer, audited, request_actor, request_cause, staff
from services.intake.schemas.custody import IdentityGrant, IdentityRefusal, IdentityRequest
from services.intake.schemas.values import Page
from services.intake.use_cases import disclosure
from services.intake.use_cases.house import House


def disclosing(desk: Blueprint, house: House) -> None:
    """Requests for an identity, and what becomes of them."""

    @desk.post("/cases/<number>/identity-requests")
    @desk.arguments(IdentityRequest)
    @staff("operator", "dispatcher", "leader", "supervisor", "callback", "records")
    def ask_identity(body: dict[str, Any], number: str) -> Response:
        """申请调阅诉求人身份，须写明理由 (ask for who complained; granted by a custodian)"""
        return answer((202, disclosure.ask(house, number, **body, cause=request_cause())))

    @desk.get("/identity-requests")
    @desk.arguments(Page, location="query")
    @staff("custodian")
    @audited("identity.requests.read")
    def list_identity_requests(query: dict[str, Any]) -> Response:
        """待审批的身份调阅申请 (the requests that wait for a custodian)"""
        found = disclosure.pending(house, request_actor(), query["skip"], query["limit"])
        return answer((200, {"requests": found}))

    @desk.post("/cases/<number>/identity-requests/<request>/grant")
    @desk.arguments(IdentityGrant)
    @staff("custodian")
    def grant_identity(body: dict[str, Any], number: str, request: str) -> Response:
        """准许申请人在限期内调阅 (grant it to that person for a time)"""
        return answer((200, disclosure.grant(house, number, request, **body, cause=request_cause())))

    @desk.post("/cases/<number>/identity-requests/<request>/refusal")
    @desk.arguments(IdentityRefusal)
    @staff("custodian")
    def refuse_identity(body: dict[str, Any], number: str, request: str) -> Response:
        """不准许 (refuse it)"""
        return answer((200, disclosure.refuse(house, number, request, body["note"], request_cause())))

    @desk.get("/cases/<number>/identity")
    @staff("operator", "dispatcher", "leader", "supervisor", "callback", "records", granted=True)
    def read_identity(number: str) -> Response:
        """在准许的限期内查看诉求人身份，留痕 (who complained, while it is granted to you; recorded)"""
        return answer((200, disclosure.read(house, number, request_actor())))
