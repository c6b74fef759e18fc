"""A service in small that drives the web base: by Flask's client and in a real gunicorn."""

import os
import time
from typing import Any

from flask import Flask, Response, g, request
from flask.views import MethodView
from marshmallow import fields, validate
from pymongo.errors import AutoReconnect, EncryptionError, OperationFailure, WTimeoutError

from huiyin.chassis import server, serving
from huiyin.chassis.clocks import SystemMachineClock
from huiyin.chassis.errors import Conflict, Forbidden, Invalid, KeyReused, NotFound
from huiyin.chassis.observe import Metrics
from huiyin.chassis.server import Server
from huiyin.chassis.settings import BaseSettings, read_settings
from huiyin.chassis.steps import Actor
from huiyin.chassis.tokens import Tokens
from huiyin.chassis.web import (
    Blueprint,
    QuerySchema,
    Record,
    Schema,
    accepts,
    answer,
    audited,
    create_app,
    public,
    request_cause,
    staff,
)


class Party(Schema):
    kind = fields.String(required=True, validate=validate.OneOf(["person", "unit"]))
    name = fields.String(required=True, validate=validate.Length(min=1, max=5))


class NewCase(Schema):
    text = fields.String(required=True)
    urgent = fields.Boolean(load_default=False)
    count = fields.Integer()
    weight = fields.Float()
    tags = fields.List(fields.Integer())
    parties = fields.List(fields.Nested(Party))


class Paging(QuerySchema):
    page = fields.Integer(load_default=1)


class Walking(QuerySchema):
    skip = fields.Integer(load_default=0)
    stage = fields.String()


FAILURES: dict[str, type[Exception] | Exception] = {
    "conflict": Conflict("someone was faster"),
    "reused": KeyReused("that key was used"),
    "fields": Invalid("does not fit", {"phone": "no digits"}),
    "none": NotFound("no such case"),
    "forbidden": Forbidden("another unit's case"),
    "bug": ValueError("张三 13812345678"),
    "away": AutoReconnect("store:27017 closed"),
    "slow": WTimeoutError("waiting for replication timed out"),
    "sealing-away": EncryptionError(AutoReconnect("vault:27017 closed")),
    "sealing-bug": EncryptionError(ValueError("not a key")),
    "refused-write": OperationFailure("not a value", 2),
}


def _piece() -> bytes:
    time.sleep(0.5)
    return b"x" * 4_000


def blueprint() -> Blueprint:
    demo = Blueprint("demo", __name__, description="示例")

    @demo.post("/cases")
    @demo.arguments(NewCase)
    @demo.response(201)
    @staff("operator", "leader")
    def register(body: dict[str, Any]) -> Any:
        """登记"""
        cause = request_cause()
        said = {"id": cause.id, "body": cause.body, "correlation": cause.correlation}
        return answer((201, {**said, "who": cause.who.subject, "got": body}))

    @demo.get("/cases/<number>")
    @staff("operator")
    def read(number: str) -> Any:
        return answer((200, {"number": number, "unit": g.actor.unit}))

    @demo.get("/lists")
    @demo.arguments(Walking, location="query")
    @staff("operator")
    def listed(query: dict[str, Any]) -> Any:
        return answer((200, query))

    @demo.get("/cases/<number>/replies/<int:n>")
    @staff("operator")
    @audited("reply.read")
    def reply(number: str, n: int) -> Any:
        return answer((200, {"text": "secret"}))

    @demo.get("/news")
    @demo.arguments(Walking, location="query")
    @public
    def news(query: dict[str, Any]) -> Any:
        return answer((200, query))

    @demo.get("/progress")
    @demo.arguments(Paging, location="query")
    @public
    def progress(query: dict[str, Any]) -> Any:
        return answer((200, query))

    @demo.post("/hooks/<sender>")
    @public
    def hook(sender: str) -> Any:
        who = Actor(subject=f"sender:{sender}", role="service", office="12345")
        return answer((200, {"id": request_cause(who, key="message-1").id, "got": g.get("body")}))

    @demo.post("/files")
    @accepts("image/png", max_bytes=50_000)
    @staff("operator")
    def file() -> Any:
        return answer((201, {"bytes": len(request.get_data())}))

    @demo.get("/slowly")
    @public
    def slowly() -> Response:
        """48 kB in six seconds."""
        return Response(_piece() for _ in range(12))

    @demo.get("/plenty")
    @public
    def plenty() -> Response:
        """More than lies on the way between a server and a client that takes nothing."""
        return Response(b"x" * 100_000 for _ in range(500))

    @demo.get("/at-work")
    @public
    def at_work() -> Any:
        """What takes a little longer than production waits."""
        time.sleep(serving._REST_S + 2)
        return answer((200, {}))

    @demo.get("/cases/<number>/fail/<how>")
    @staff("operator")
    def fail(number: str, how: str) -> Any:
        raise FAILURES[how]

    @demo.route("/both")
    class Both(MethodView):
        @public
        def get(self) -> Any:
            return answer((200, {}))

        @staff("admin")
        def post(self) -> Any:
            return answer((200, {}))

    return demo


def build(settings: BaseSettings, tokens: Tokens, metrics: Metrics, record: Record) -> Flask:
    return create_app(
        "demo",
        [blueprint()],
        tokens=tokens,
        metrics=metrics,
        checks={"store": lambda: None},
        settings=settings,
        record=record,
    )


def settings() -> BaseSettings:
    """The demo's settings; its key set lies where the test says."""
    return read_settings(BaseSettings, {**_FIXED, **os.environ})


_FIXED = {
    "HUIYIN_MONGO_URL": "mongodb://none",
    "HUIYIN_MONGO_DATABASE": "demo",
    "HUIYIN_AMQP_URL": "amqp://none",
    "HUIYIN_ENVIRONMENT": "local",
    "HUIYIN_MAX_BODY_BYTES": "100000",
}


def wsgi() -> Flask:
    """The app for gunicorn."""
    found = settings()
    tokens = Tokens(found.token_jwks, "huiyin", "huiyin", SystemMachineClock())
    return build(found, tokens, Metrics("demo"), lambda actor, method, route, case: None)


if __name__ == "__main__":
    if "DEMO_HASTE" in os.environ:  # so that a test need not wait as long as production does
        serving._HEAD_S, serving._REST_S, serving._FAIR_BYTES_S = 2.0, 4.0, 4_000  # type: ignore[misc]
        server._KNOBS["keepalive"] = 3
    Server(wsgi, settings()).run()
