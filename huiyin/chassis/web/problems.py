"""Answers, and every refusal and failure as problem+json (RFC 9457)."""

import json
import logging
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

from flask import Flask, Response, request
from marshmallow import ValidationError
from pymongo.errors import ConnectionFailure, EncryptionError, PyMongoError
from werkzeug.exceptions import HTTPException

from huiyin.chassis.errors import Invalid, Refusal, TooMany, Unauthenticated, Unavailable
from huiyin.chassis.observe import Metrics
from huiyin.chassis.web.causes import correlation
from huiyin.chassis.web.records import Record, record_refusal

_LOG: Final = logging.getLogger("huiyin.web")
_RETRY_SECONDS: Final = "5"

CODES: Final[Mapping[int, str]] = {
    400: "malformed",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    411: "length-required",
    413: "too-large",
    415: "unsupported-media-type",
    422: "invalid",
    429: "too-many",
    503: "unavailable",
}
TITLES: Final[Mapping[str, str]] = {
    "malformed": "请求无法读取",
    "unauthenticated": "请先登录",
    "forbidden": "无权办理",
    "session-revoked": "登录已被收回",
    "not-found": "查无此项",
    "method-not-allowed": "不支持此操作",
    "conflict": "内容已变化或当前状态不允许",
    "length-required": "须注明内容长度",
    "key-destroyed": "内容已按规定销毁",
    "retention-runs": "保管期未满",
    "too-large": "内容过大",
    "unsupported-media-type": "内容类型不支持",
    "invalid": "填写有误",
    "idempotency-key-reused": "同一请求编号用于不同内容",
    "refused": "不能办理",
    "too-many": "请求过于频繁，请稍后再试",
    "unavailable": "暂时不可用，请稍后再试",
    "internal": "系统出错",
}
_DETAILS: Final[Mapping[int, str]] = {
    400: "the request cannot be read",
    404: "there is nothing at this address",
    405: "this address does not know that method; see the header Allow",
    413: "the body is over the limit",
}


def answer(result: tuple[int, Any]) -> Response:
    """Render a use case's (status, body) as JSON."""
    status, body = result
    text = json.dumps(body, ensure_ascii=False).encode()
    return Response(text, status, content_type="application/json; charset=utf-8")


class Problems:
    """Turns whatever a view raised into problem+json; refusals of right are recorded first."""

    def __init__(self, metrics: Metrics, record: Record) -> None:
        self._metrics, self._record = metrics, record

    def register(self, app: Flask) -> None:
        """Answer for every exception of the app."""
        app.register_error_handler(Exception, self.handle)

    def handle(self, error: Exception) -> Response:
        """The problem that answers an exception; a refusal that cannot be recorded is none."""
        try:
            return self._respond(error)
        except Exception as failed:  # noqa: BLE001  the answer to a failed refusal is an answer, too
            return self._respond_to_failure(failed)

    def _respond(self, error: Exception) -> Response:
        if isinstance(error, Refusal):
            return self._refuse(error)
        if isinstance(error, ValidationError):
            return self._refuse_fields(dict(_flat(error.messages)))
        if isinstance(error, HTTPException):
            return self._respond_to_http(error)
        return self._respond_to_failure(error)

    def _refuse(self, refusal: Refusal) -> Response:
        record_refusal(self._record, refusal)
        fields = {name: [words] for name, words in refusal.fields.items()}
        response = self._problem(refusal.status, refusal.code, refusal.detail, fields)
        if isinstance(refusal, TooMany):
            response.headers["Retry-After"] = str(refusal.wait_s)
        return response

    def _refuse_fields(self, fields: Mapping[str, list[str]]) -> Response:
        return self._problem(
            Invalid.status, Invalid.code, "填写有误，请按 errors 中各项的提示修改后重新提交。", fields
        )

    def _respond_to_http(self, error: HTTPException) -> Response:
        status = error.code or 500
        if status < HTTPStatus.BAD_REQUEST:
            return Response(status=status, headers=error.get_headers(request.environ))
        messages = (getattr(error, "data", None) or {}).get("messages")
        if status == Invalid.status and isinstance(messages, Mapping):
            return self._refuse_fields(dict(_flat_by_location(messages)))
        detail = _DETAILS.get(status) or error.description or ""
        response = self._problem(status, CODES.get(status, f"http-{status}"), detail)
        return _with_allow(response, error)

    def _respond_to_failure(self, error: Exception) -> Response:
        original = getattr(error, "original_exception", None) or error
        if store_is_away(original):
            _LOG.warning("the store does not answer", exc_info=original)
            return self._problem(Unavailable.status, Unavailable.code, "the store does not answer; try again")
        _LOG.error("a request failed", exc_info=original)
        return self._problem(500, "internal", "an error on our side; tell the operator the correlation")

    def _problem(
        self, status: int, code: str, detail: str, errors: Mapping[str, list[str]] | None = None
    ) -> Response:
        self._metrics.refusals.labels(code).inc()
        body = {
            "type": f"urn:huiyin:problem:{code}",
            "title": TITLES.get(code) or TITLES.get(CODES.get(status, "")) or HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
            "instance": f"urn:huiyin:request:{correlation()}",
            "code": code,
            "correlation": correlation(),
            "errors": dict(errors or {}),
        }
        text = json.dumps(body, ensure_ascii=False).encode("utf-8", errors="replace")
        return Response(text, status, _headers(status), content_type="application/problem+json")


def store_is_away(error: BaseException) -> bool:
    """Whether the database did not answer, or not in time, rather than refuse."""
    if isinstance(error, EncryptionError):
        return store_is_away(error.cause)
    return isinstance(error, ConnectionFailure) or (isinstance(error, PyMongoError) and error.timeout)


def _headers(status: int) -> dict[str, str]:
    if status == Unavailable.status:
        return {"Retry-After": _RETRY_SECONDS}
    if status == Unauthenticated.status:
        return {"WWW-Authenticate": "Bearer"}
    return {}


def _with_allow(response: Response, error: HTTPException) -> Response:
    methods = getattr(error, "valid_methods", None)
    if methods:
        response.headers["Allow"] = ", ".join(sorted(methods))
    return response


def _flat_by_location(messages: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    # webargs puts each location (json, query) on top; a caller knows what it sent where.
    for below in messages.values():
        yield from _flat(below)


def _flat(messages: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    if isinstance(messages, Mapping):
        for key, below in messages.items():
            here = path if key == "_schema" else f"{path}.{key}".lstrip(".")
            yield from _flat(below, here)
    elif isinstance(messages, list):
        yield path or "_schema", [str(words) for words in messages]
    else:
        yield path or "_schema", [str(messages)]
