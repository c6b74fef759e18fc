"""The office's rulebook, as staff look at it."""

from typing import Any

from flask import Response

from huiyin.chassis.web import Blueprint, answer, request_actor, staff
from services.intake.schemas.rules import RulesOf
from services.intake.use_cases import rules as use_cases
from services.intake.use_cases.house import House


def rules(desk: Blueprint, house: House) -> None:
    """Where the rules are shown."""

    @desk.get("/rulebook")
    @desk.arguments(RulesOf, location="query")
    @staff("operator", "dispatcher", "leader", "supervisor", "callback", "records", "rulebook", "auditor")
    def show_rules(query: dict[str, Any]) -> Response:
        """现行规则，或某件诉求受理时的规则 (the rules in force, or those a case was accepted under)"""
        return answer((200, use_cases.shown(house, request_actor(), query["case"])))
