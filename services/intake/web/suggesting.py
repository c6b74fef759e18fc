"""What intake proposes while somebody types."""

from typing import Any

from flask import Response

from huiyin.chassis.web import Blueprint, answer, request_actor, staff
from services.intake.schemas.suggesting import TypedWords
from services.intake.use_cases import learning
from services.intake.use_cases.house import House


def suggesting(desk: Blueprint, house: House) -> None:
    """Proposals; nothing is kept of what was typed."""

    @desk.post("/suggestions/category")
    @desk.arguments(TypedWords)
    @staff("operator", "dispatcher", "records", walls=False)
    def suggest_category(body: dict[str, Any]) -> Response:
        """按文字建议事项类别，最多五项，附理由 (categories for a text, with the reasons; a person decides)"""
        return answer((200, {"suggestions": learning.suggest(house, body["text"], request_actor())}))
