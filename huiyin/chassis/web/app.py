"""Puts a service's web together: blueprints, access, bodies, problems, logs, probes, documents."""

import logging
from collections.abc import Callable, Iterable, Mapping
from time import perf_counter
from typing import Any, Final

from flask import Flask, Response, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from huiyin.chassis.observe import Check, Metrics, Probes, bind, bound
from huiyin.chassis.rates import Rates
from huiyin.chassis.settings import BaseSettings
from huiyin.chassis.web.access import SignIn, check_access, public, require_marks
from huiyin.chassis.web.bodies import check_body
from huiyin.chassis.web.causes import (
    CORRELATION_ENVIRON,
    CORRELATION_HEADER,
    correlation,
    sane_correlation,
)
from huiyin.chassis.web.documents import NO_FRAMES, Api, Describe, configure, serve_documents
from huiyin.chassis.web.probes import probe_blueprint
from huiyin.chassis.web.problems import Problems
from huiyin.chassis.web.rates import check_rate, uncounted
from huiyin.chassis.web.records import Record, case_number, keep_records, route
from huiyin.chassis.web.schemas import Blueprint

_ACCESS: Final = logging.getLogger("huiyin.access")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECURITY: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"default-src 'none'; {NO_FRAMES}",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_TLS_ONLY: Final = "max-age=31536000"
# So much of an overlong body is still read: a client that is cut off while it sends
# sees a reset connection instead of the 413.
_DRAINED_BYTES: Final = 4_000_000


def create_app(
    service: str,
    blueprints: Iterable[Blueprint],
    *,
    tokens: SignIn,
    metrics: Metrics,
    checks: Mapping[str, Check],
    settings: BaseSettings,
    record: Record,
    describe: Describe | None = None,
    rates: Rates | None = None,
) -> Flask:
    """A service's web; TypeError when a view does not say who may call it.

    `record` keeps a row of the audit. `describe` may add to the OpenAPI description before it is served.
    Without `rates` the public's calls are not counted.
    """
    app = _flask(service, settings)
    problems = Problems(metrics, record)
    problems.register(app)
    _observe_requests(app, metrics)
    keep_records(app, record, problems.handle)
    app.before_request(lambda: check_access(tokens))
    if rates is not None:
        app.before_request(check_rate(rates, settings.public_per_minute))
    app.before_request(check_body)
    _register(app, service, blueprints, describe)
    _serve_probes(app, Probes(checks, metrics))
    require_marks(app)
    return app


def _flask(service: str, settings: BaseSettings) -> Flask:
    app = Flask(service, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.strict_slashes = False
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # Flask's default provider has it
    hops = settings.trusted_hops
    inner = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0) if hops else app.wsgi_app
    app.wsgi_app = _Correlated(inner)  # type: ignore[method-assign]
    return app


def _register(app: Flask, service: str, blueprints: Iterable[Blueprint], describe: Describe | None) -> None:
    configure(app, service)
    api = Api(app)
    for blueprint in blueprints:
        api.register_blueprint(blueprint)
    serve_documents(app, api, describe)


def _serve_probes(app: Flask, probes: Probes) -> None:
    app.register_blueprint(probe_blueprint(probes))
    for name, view in app.view_functions.items():
        if name.startswith("probes."):
            public(uncounted(view))


class _Correlated:
    """Gives each request its correlation id, in its environ and in all its log lines."""

    def __init__(self, inner: Callable[..., Iterable[bytes]]) -> None:
        self._inner = inner

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ[CORRELATION_ENVIRON] = sane_correlation(environ)
        with bound(correlation=environ[CORRELATION_ENVIRON]):
            return self._inner(environ, start_response)


def _observe_requests(app: Flask, metrics: Metrics) -> None:
    def begin() -> None:
        g.began = perf_counter()
        if case_number():
            bind(case=case_number())

    def finish(response: Response) -> Response:
        _secure(response)
        _drain(response)
        _count(metrics, response, perf_counter() - g.get("began", perf_counter()))
        return response

    app.before_request(begin)
    app.after_request(finish)


def _secure(response: Response) -> None:
    response.headers[CORRELATION_HEADER] = correlation()
    for name, value in _SECURITY.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = _TLS_ONLY


def _drain(response: Response) -> None:
    if response.status_code != 413:  # noqa: PLR2004
        return
    response.headers["Connection"] = "close"
    left = _DRAINED_BYTES if "wsgi.input_terminated" in request.environ else 0
    while left > 0 and (chunk := request.environ["wsgi.input"].read(65536)):
        left -= len(chunk)


def _count(metrics: Metrics, response: Response, seconds: float) -> None:
    method = request.method if request.method in _METHODS else "OTHER"
    metrics.http_requests.labels(method, route(), str(response.status_code)).inc()
    metrics.http_seconds.labels(method, route()).observe(seconds)
    told = {"method": method, "route": route(), "status": response.status_code}
    _ACCESS.info("request", extra=told | {"duration_ms": round(seconds * 1000, 1)})
