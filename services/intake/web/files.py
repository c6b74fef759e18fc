"""Files of a case: sending them in, opening them, releasing copies."""

from typing import Any
from urllib.parse import quote

from flask import Response

from huiyin.chassis.steps import Cause
from huiyin.chassis.web import Blueprint, Schema, answer, request_actor, request_cause, staff
from huiyin.chassis.web.uploads import uploaded
from services.intake.domain.files import LARGEST_BYTES
from services.intake.schemas.looking import OfMatter
from services.intake.schemas.quarantine import Shutting, Verdict
from services.intake.schemas.values import Page
from services.intake.use_cases import files, quarantine
from services.intake.use_cases.house import House

#: The file and what a multipart body has around it.
_BODY_BYTES = LARGEST_BYTES + 64 * 1024


def filing(desk: Blueprint, house: House) -> None:
    """Where files are taken in and given out."""

    @desk.post("/cases/<number>/files")
    @desk.arguments(OfMatter, location="query")
    @desk.one_file(max_bytes=_BODY_BYTES)
    @staff("operator", "records")
    def add_file(query: dict[str, Any], number: str) -> Response:
        """上传图片、文字、录音或视频，加密保存 (a file, kept sealed; multipart, one part `file`)"""
        sent = uploaded()
        return answer(
            (201, files.add(house, number, files.About(**query), sent.name, sent.pieces, _cause_of))
        )

    @desk.get("/cases/<number>/files/<file>")
    @staff("operator", "supervisor", "records")
    def open_file(number: str, file: str) -> Response:
        """调阅原件，留痕 (a file as it came; recorded before the answer)"""
        return _sent(files.open_original(house, number, file, request_actor()))

    @desk.post("/cases/<number>/files/<file>/release")
    @desk.one_file(max_bytes=_BODY_BYTES)
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


def quarantining(desk: Blueprint, house: House) -> None:
    """What is kept shut (E-49)."""

    @desk.get("/quarantine")
    @desk.arguments(Page, location="query")
    @staff("supervisor", "records", "custodian", "auditor")
    def list_quarantine(query: dict[str, Any]) -> Response:
        """隔离中、待处理的文件 (files in quarantine on which a person must decide)"""
        return answer((200, quarantine.listed(house, request_actor(), query["skip"], query["limit"])))

    @desk.post("/cases/<number>/files/<file>/quarantine")
    @desk.arguments(Shutting)
    @staff("operator", "supervisor", "records", "custodian")
    def shut(body: dict[str, Any], number: str, file: str) -> Response:
        """内容违法或不宜查看：隔离 (shut away what is illegal)"""
        return answer((200, quarantine.put(house, number, file, body["reason"], request_cause())))

    @desk.post("/cases/<number>/files/<file>/quarantine/opening")
    @desk.arguments(Shutting)
    @staff("records", "custodian")
    def open_shut(body: dict[str, Any], number: str, file: str) -> Response:
        """打开隔离中的文件，须写明理由，留痕 (the bytes of a shut file; recorded with the reason)"""
        who = request_cause().who
        return _sent(quarantine.open_shut(house, number, file, body["reason"], who))

    @desk.post("/cases/<number>/files/<file>/quarantine/verdict")
    @desk.arguments(Verdict)
    @staff("records", "custodian")
    def decide(body: dict[str, Any], number: str, file: str) -> Response:
        """解除隔离或不予采用 (let a file out of quarantine, or reject it)"""
        done = quarantine.decide(house, number, file, body["decision"], body["reason"], request_cause())
        return answer((200, done))


def _cause_of(sent: bytes) -> Cause:
    return request_cause(body=sent)


def _sent(opened: files.Opened | quarantine.Shut) -> Response:
    response = Response(opened.pieces, content_type=opened.media)
    response.content_length = opened.size
    # A header is Latin-1: what else is in the name goes by RFC 5987, or the answer breaks off unsent.
    name = {"filename*": f"UTF-8''{quote(opened.name, safe='')}"}
    response.headers.set("Content-Disposition", "attachment", **name)
    return response
