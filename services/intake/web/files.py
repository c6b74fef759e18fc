"""Files of a case: sending them in, opening them, releasing copies."""

from typing import Any

from flask import Response

from huiyin.chassis.steps import Cause
from huiyin.chassis.web import Blueprint, Schema, accepts, answer, request_actor, request_cause, staff
from huiyin.chassis.web.uploads import MULTIPART, uploaded
from services.intake.domain.files import LARGEST_BYTES
from services.intake.schemas.looking import OfMatter
from services.intake.use_cases import files
from services.intake.use_cases.house import House

#: The file and what a multipart body has around it.
_BODY_BYTES = LARGEST_BYTES + 64 * 1024


def filing(desk: Blueprint, house: House) -> None:
    """Where files are taken in and given out."""

    @desk.post("/cases/<number>/files")
    @desk.arguments(OfMatter, location="query")
    @accepts(MULTIPART, max_bytes=_BODY_BYTES)
    @staff("operator", "records")
    def add_file(query: dict[str, Any], number: str) -> Response:
        """上传图片、文字、录音或视频，加密保存 (a file, kept sealed; multipart, one part `file`)"""
        sent = uploaded()
        return answer((201, files.add(house, number, query["matter"], sent.name, sent.pieces, _cause_of)))

    @desk.get("/cases/<number>/files/<file>")
    @staff("operator", "supervisor", "records")
    def open_file(number: str, file: str) -> Response:
        """调阅原件，留痕 (a file as it came; recorded before the answer)"""
        return _sent(files.open_original(house, number, file, request_actor()))

    @desk.post("/cases/<number>/files/<file>/release")
    @accepts(MULTIPART, max_bytes=_BODY_BYTES)
    @staff("operator", "records")
    def release_file(number: str, file: str) -> Response:
        """上传处理过的副本并放行 (release a copy that a person freed of identity; multipart, `file`)"""
        return answer((200, files.release(house, number, file, uploaded().pieces, _cause_of)))

    @desk.post("/cases/<number>/files/<file>/stripped-release")
    @desk.arguments(Schema)
    @staff("operator", "records")
    def release_stripped(_body: dict[str, Any], number: str, file: str) -> Response:
        """图片去除拍摄信息后放行 (release a picture without what its camera wrote into it)"""
        return answer((200, files.release_stripped(house, number, file, request_cause())))

    @desk.get("/cases/<number>/files/<file>/copy")
    @staff("operator", "dispatcher", "leader", "supervisor", "callback", "records", "unit")
    def open_copy(number: str, file: str) -> Response:
        """查看已放行的副本，留痕 (a released copy; a unit: only with an order of the case)"""
        return _sent(files.open_copy(house, number, file, request_actor()))


def _cause_of(sent: bytes) -> Cause:
    return request_cause(body=sent)


def _sent(opened: files.Opened) -> Response:
    response = Response(opened.pieces, content_type=opened.media)
    response.content_length = opened.size
    response.headers.set("Content-Disposition", "attachment", filename=opened.name)
    return response
