"""`/healthz`, `/readyz` and `/metrics` of the web process."""

from collections.abc import Callable

from flask import Blueprint, Response

from huiyin.chassis.observe import Probes


def probe_blueprint(probes: Probes) -> Blueprint:
    """The three probes for the web process."""
    blueprint = Blueprint("probes", __name__)
    for name in ("healthz", "readyz", "metrics"):
        blueprint.add_url_rule(f"/{name}", name, _view(probes, f"/{name}"))
    return blueprint


def _view(probes: Probes, path: str) -> Callable[[], Response]:
    def view() -> Response:
        status, content_type, body = probes.at(path)
        return Response(body, status, content_type=content_type)

    return view
