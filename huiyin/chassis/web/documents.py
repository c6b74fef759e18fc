"""`/openapi.json` and `/docs`: what a service's web offers, told without any foreign server."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import flask_smorest
from flask import Blueprint, Flask, Response, render_template_string
from marshmallow import Schema, fields

from huiyin.chassis.web.access import ViewAccess, access_list, public
from huiyin.chassis.web.causes import KEY_HEADER
from huiyin.chassis.web.problems import answer

Describe = Callable[[dict[str, Any]], None]

#: Part of every page's policy: in no frame, with no other base, sending no form anywhere.
NO_FRAMES: Final = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_UNSAFE: Final = {"POST", "PUT", "PATCH", "DELETE"}


class ProblemSchema(Schema):
    """A refusal as problem+json, for the documents."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    instance = fields.String()
    code = fields.String()
    correlation = fields.String()
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


class Api(flask_smorest.Api):
    """flask-smorest's Api that leaves errors to our own problems."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        """Errors are answered by Problems alone."""


def configure(app: Flask, service: str) -> None:
    """What flask-smorest needs to know."""
    app.config["API_TITLE"] = f"Huiyin {service}"
    app.config["API_VERSION"] = "1"
    app.config["OPENAPI_VERSION"] = "3.0.3"


def serve_documents(app: Flask, api: Api, describe: Describe | None) -> None:
    """Add the two addresses; the description is made once, when all blueprints are there."""
    spec = _described(api, access_list(app))
    if describe is not None:
        describe(spec)
    page = Blueprint("documents", __name__)
    page.add_url_rule("/openapi.json", "openapi", public(lambda: answer((200, spec))))
    page.add_url_rule("/docs", "docs", public(lambda: _page(spec)))
    app.register_blueprint(page)


def _described(api: Api, views: list[ViewAccess]) -> dict[str, Any]:
    spec: dict[str, Any] = api.spec.to_dict()
    components = spec.setdefault("components", {})
    components.setdefault("securitySchemes", {})["staff"] = {"type": "http", "scheme": "bearer"}
    for response in components.get("responses", {}).values():
        content = response.get("content", {})
        if "application/json" in content:
            content["application/problem+json"] = content.pop("application/json")
    for view in views:
        operation = spec.get("paths", {}).get(view.path, {}).get(view.method.lower())
        if operation is not None:
            _tell_access(operation, view)
    return spec


def _tell_access(operation: dict[str, Any], view: ViewAccess) -> None:
    if not view.roles:
        operation["security"] = []
        return
    operation["security"] = [{"staff": []}]
    operation["x-roles"] = list(view.roles)
    if view.method in _UNSAFE:
        schema = {"type": "string", "minLength": 8, "maxLength": 128}
        key = {"in": "header", "name": KEY_HEADER, "required": True, "schema": schema}
        operation.setdefault("parameters", []).append(key)


def _page(spec: Mapping[str, Any]) -> Response:
    html = render_template_string(_TEMPLATE, spec=spec, operations=list(_operations(spec)))
    response = Response(html, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'unsafe-inline'; {NO_FRAMES}"
    )
    return response


def _operations(spec: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for path, methods in spec.get("paths", {}).items():
        for method, operation in methods.items():
            if isinstance(operation, dict):
                yield {"path": path, "method": method.upper(), **_told(spec, operation)}


def _told(spec: Mapping[str, Any], operation: Mapping[str, Any]) -> dict[str, Any]:
    contents = operation.get("requestBody", {}).get("content", {})
    bodies = [_resolved(spec, content.get("schema", {})) for content in contents.values()]
    return {
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "roles": operation.get("x-roles", []),
        "parameters": [_resolved(spec, p) for p in operation.get("parameters", [])],
        "bodies": [body for body in bodies if isinstance(body, dict)],
        "responses": {s: _resolved(spec, r) for s, r in operation.get("responses", {}).items()},
    }


def _resolved(spec: Mapping[str, Any], value: Any) -> Any:
    found = value
    for name in value.get("$ref", "").removeprefix("#/").split("/") if "$ref" in value else ():
        found = (spec if found is value else found)[name]
    return found


_TEMPLATE: Final = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{{ spec.info.title }} 接口说明</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body{font:16px/1.6 "WenQuanYi Micro Hei","Noto Sans CJK SC","Microsoft YaHei",sans-serif;max-width:60rem;
margin:2rem auto;padding:0 1rem;color:#1b1b1b}
section{border-top:1px solid #ccc;padding:.5rem 0}code{font-family:monospace}
table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.2rem .6rem;text-align:left}
</style></head><body>
<h1>{{ spec.info.title }} 接口说明 <small lang="en">API reference</small></h1>
<p>机器可读的说明：<a href="openapi.json">openapi.json</a>。
错误一律以 <code>application/problem+json</code> 回答。</p>
{% for o in operations %}<section>
<h2><code>{{ o.method }} {{ o.path }}</code> {{ o.summary }}</h2>
{% if o.description %}<p>{{ o.description }}</p>{% endif %}
<p>可调用者：{% if o.roles %}{{ o.roles | join("、") }}{% else %}公开{% endif %}</p>
{% if o.parameters %}<table><caption>参数</caption><tr><th>名称</th><th>位置</th><th>必填</th></tr>
{% for p in o.parameters %}<tr><td><code>{{ p.name }}</code></td><td>{{ p.in }}</td>
<td>{{ "是" if p.required else "否" }}</td></tr>{% endfor %}</table>{% endif %}
{% for b in o.bodies %}<table><caption>请求内容</caption><tr><th>字段</th><th>类型</th><th>必填</th></tr>
{% for name, f in (b.properties or {}).items() %}<tr><td><code>{{ name }}</code></td>
<td>{{ f.type or "object" }}{% if f.maxLength %}（至多 {{ f.maxLength }} 字）{% endif %}</td>
<td>{{ "是" if name in (b.required or []) else "否" }}</td></tr>{% endfor %}</table>{% endfor %}
<p>回答：{% for status, r in o.responses.items() %}<code>{{ status }}</code> {{ r.description }}
{% if not loop.last %}；{% endif %}{% endfor %}</p>
</section>{% endfor %}
</body></html>
"""
