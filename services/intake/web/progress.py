"""The complainant's own question: how does my case stand?"""

from typing import Any

from flask import Response

from huiyin.chassis.web import Blueprint, answer, client_address, public
from services.intake.schemas.looking import LinkAsked, Progress
from services.intake.use_cases import progress as standing
from services.intake.use_cases import progress_links
from services.intake.use_cases.house import House


def progress(desk: Blueprint, house: House) -> None:
    """What the public may ask."""

    @desk.post("/progress")
    @desk.arguments(Progress)
    @public
    def ask_progress(body: dict[str, Any]) -> Response:
        """查询进度（凭编号和查询码） (how a case stands, by number and query code)"""
        return answer((200, standing.ask(house, body["number"], body["code"], client_address())))

    @desk.post("/progress/links")
    @desk.arguments(LinkAsked)
    @public
    def ask_link(body: dict[str, Any]) -> Response:
        """补发进度链接到登记的电话 (have the link sent to the registered telephone)"""
        progress_links.ask(house, body["number"], body["phone"])
        return answer((202, {"told": "编号与登记的电话相符的，链接将以短信发到该电话。"}))

    @desk.get("/progress/<token>")
    @public
    def follow_link(token: str) -> Response:
        """查询进度（凭回执上的链接） (how a case stands, by the link of its receipt)"""
        return answer((200, standing.follow(house, token)))
