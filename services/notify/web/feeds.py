"""The departments' feeds by HTTP, for `huiyin department`; the streams themselves are the broker's."""

from typing import Any

from flask import Response

from huiyin.chassis.web import Blueprint, answer, request_actor, request_cause, staff
from services.notify import schemas
from services.notify.use_cases import feeds
from services.notify.use_cases.house import House


def desk(to: Blueprint, house: House) -> None:
    """The addresses under /feeds."""

    @to.get("/feeds")
    @staff("admin", walls=False)
    def list_feeds() -> Response:
        """本机构的科室订阅 (the office's feeds, and in how many cases something waits for each)"""
        return answer((200, {"feeds": feeds.all_of(house, request_actor().office)}))

    @to.post("/feeds")
    @to.arguments(schemas.Feed)
    @staff("admin", walls=False)
    def add_feed(body: dict[str, Any]) -> Response:
        """登记科室订阅 (note from now on what happens to the unit's orders)"""
        return answer((200, feeds.add(house, body["unit"], request_cause().who)))

    @to.post("/feeds/<unit>/opening")
    @staff("admin", walls=False)
    def open_feed(unit: str) -> Response:
        """消息流已建好，开始写入 (the stream is there: say what waits)"""
        return answer((200, feeds.set_open(house, unit, request_cause().who)))

    @to.post("/feeds/<unit>/rotation")
    @staff("admin", walls=False)
    def rotate_feed(unit: str) -> Response:
        """更换订阅用户的口令之前留痕 (recorded before the user's password is changed at the broker)"""
        return answer((200, feeds.rotate(house, unit, request_cause().who)))

    @to.post("/feeds/<unit>/removal")
    @staff("admin", walls=False)
    def remove_feed(unit: str) -> Response:
        """取消科室订阅 (note and say nothing more for the unit)"""
        return answer((200, feeds.remove(house, unit, request_cause().who)))
