"""What only a custodian does: restricting a view, opening who complained."""

from typing import Any

from flask import Response

from huiyin.chassis.web import Blueprint, answer, request_actor, request_cause, staff
from services.intake.schemas.custody import Opening, Restriction, Retention
from services.intake.use_cases import custody, identity, retention
from services.intake.use_cases.house import House


def keeping(desk: Blueprint, house: House) -> None:
    """What a custodian does."""

    @desk.post("/cases/<number>/restriction")
    @desk.arguments(Restriction)
    @staff("custodian")
    def restrict(body: dict[str, Any], number: str) -> Response:
        """应诉求人要求限制查看 (a person's request for erasure restricts the view)"""
        return answer((200, custody.restrict(house, number, body["why"], request_cause())))

    @desk.get("/retention")
    @desk.arguments(Retention, location="query")
    @staff("custodian", "auditor", walls=False)
    def show_retention(query: dict[str, Any]) -> Response:
        """各月的保管期限 (whether the retention of these months is over)"""
        office = request_actor().office
        return answer((200, {"months": [retention.of_month(house, office, m) for m in query["months"]]}))

    @desk.post("/cases/<number>/identity")
    @desk.arguments(Opening)
    @staff("custodian")
    def open_identity(body: dict[str, Any], number: str) -> Response:
        """调阅诉求人身份，须写明理由，留痕 (who complained; recorded before the answer)"""
        return answer((200, identity.open_identity(house, number, body["reason"], request_cause().who)))
