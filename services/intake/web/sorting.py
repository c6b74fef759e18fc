"""How complaints are sorted: what may be chosen, and sorting anew."""

from typing import Any

from flask import Response

from huiyin.chassis.web import Blueprint, answer, request_actor, request_cause, staff
from services.intake.schemas.sorting import Reclassification
from services.intake.use_cases import reclassifying
from services.intake.use_cases.house import House


def sorting(desk: Blueprint, house: House) -> None:
    """Where complaints are sorted."""

    @desk.get("/classification")
    @staff("operator", "dispatcher", "leader", "supervisor", "callback", "records", walls=False)
    def show_choices() -> Response:
        """分类目录、特殊类别及统一用语 (what the office sorts by, and what it says then)"""
        return answer((200, reclassifying.choices(house, request_actor())))

    @desk.post("/cases/<number>/classification")
    @desk.arguments(Reclassification)
    @staff("operator", "dispatcher", "leader", "supervisor")
    def reclassify(body: dict[str, Any], number: str) -> Response:
        """重新分类并写明理由，原分类保留 (sort anew, with the reason; what it was is kept)"""
        return answer((200, reclassifying.reclassify(house, number, body, request_cause())))
