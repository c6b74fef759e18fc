"""Which fields of all addresses take words, and in which of them somebody was planted.

What takes words is read from the services' own OpenAPI, so that a field that comes new is asked for
here: somebody must be planted in it, in a request that is taken, or `NOBODY` says why nobody is.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from deploy.local.leaks.answers import Answered
from deploy.local.leaks.needles import Needles
from huiyin.client.line import Json
from huiyin.contracts.services import SERVICES, Service

_TAKEN: Final = range(200, 300)
#: Beginnings of patterns of ids, months and codes: of the platform's, a catalogue's or a directory's own.
_IDS: Final = (
    "[A-Za-z0-9_./-]",
    "[A-Za-z0-9]",
    "[a-z0-9]",
    "l[0-9]",
    "p[0-9]",
    "C[0-9a-f]",
    "19|20",
    r"\d{6}",
)
_MOMENTS: Final = frozenset({"date", "date-time"})

#: Fields that would take any words and in which nobody is planted, and why.
_CATALOGUED: Final = (
    "由目录核对的名称，其他一概不收 (a name that the directory or the rulebook knows; no other is taken)"
)
_FOREIGN: Final = "外部系统的编号 (another system's number of a call, a letter, a message)"
_RELEASED: Final = (
    "由人去除身份信息后放行的副本 (a copy from which a person took the identity, and answers for it)"
)
_OF_KEYS: Final = "系统管理用语：关于密钥，不关于诉求 (of keys: whoever writes it sees no complaint)"
_OF_MESSAGES: Final = "系统管理用语：关于消息，不关于诉求 (of a message: whoever writes it sees no identity)"
_PUBLISHED: Final = "对外公布的政策内容 (published for everybody, by whoever answers for it)"
_SAME: Final = (
    "与登记同一表单、同一处理，在登记中植入 (the form of a registration, where somebody is planted)"
)
_ALIKE: Final = "与不满意复核同一表单、同一处理 (the form of a review of a dissatisfaction, likewise)"
_RUNNING: Final = "与登记同一表单，接管时不收 (of the same form, and refused of a case that runs)"
_EVERYWHERE: Final[Mapping[str, str]] = {
    "/history/resend case": _CATALOGUED,
    "/history/resend office": _CATALOGUED,
    "/vault/destructions why": _OF_KEYS,
    "/vault/masters name": _OF_KEYS,
    "/vault/masters why": _OF_KEYS,
    "/vault/rewraps why": _OF_KEYS,
    "/waiting/{message}/drop why": _OF_MESSAGES,
    "/waiting/{message}/park why": _OF_MESSAGES,
}
NOBODY: Final[Mapping[str, str]] = {
    **{f"{service} {field}": why for service in SERVICES for field, why in _EVERYWHERE.items()},
    "dispatch /handlings/{number}/orders matter": _CATALOGUED,
    "dispatch /handlings/{number}/orders unit": _CATALOGUED,
    "feedback /echoes/{number}/evaluations matter": _CATALOGUED,
    "intake /call-centre/events call": _FOREIGN,
    "intake /call-centre/events event": _FOREIGN,
    "intake /call-centre/events line": _CATALOGUED,
    "intake /call-centre/events recording": _FOREIGN,
    "intake /call-centre/events reference": _FOREIGN,
    "intake /calls/{call}/hand-overs line": _CATALOGUED,
    "intake /cases arrival.reference": _FOREIGN,
    "intake /cases enclosed.lines[].currency": _CATALOGUED,
    "intake /cases matters[].special.unit": _CATALOGUED,
    "intake /cases matters[].special.which": _CATALOGUED,
    "intake /cases repeat_of.number": _CATALOGUED,
    "intake /cases/{number}/classification special.unit": _CATALOGUED,
    "intake /cases/{number}/classification special.which": _CATALOGUED,
    "intake /cases/{number}/emergency line": _CATALOGUED,
    "intake /cases/{number}/enclosures lines[].currency": _CATALOGUED,
    "intake /cases/{number}/enclosures/{enclosure}/confirmation lines[].currency": _CATALOGUED,
    "intake /cases/{number}/enclosures/{enclosure}/incidents police.line": _CATALOGUED,
    "intake /cases/{number}/enclosures/{enclosure}/recount lines[].currency": _CATALOGUED,
    "intake /cases/{number}/enclosures/{enclosure}/returned-mail mail": _FOREIGN,
    "intake /cases/{number}/enclosures/{enclosure}/returns mail": _FOREIGN,
    "intake /cases/{number}/files/{file}/release file": _RELEASED,
    "intake /cases/{number}/links other": _CATALOGUED,
    "intake /knowledge wording.document": _PUBLISHED,
    "intake /knowledge wording.law": _PUBLISHED,
    "intake /knowledge wording.text": _PUBLISHED,
    "intake /knowledge wording.title": _PUBLISHED,
    "intake /knowledge/{entry}/versions wording.document": _PUBLISHED,
    "intake /knowledge/{entry}/versions wording.law": _PUBLISHED,
    "intake /knowledge/{entry}/versions wording.text": _PUBLISHED,
    "intake /knowledge/{entry}/versions wording.title": _PUBLISHED,
    "intake /progress number": "查不到就不答，另有植入 (never answered; planted in what is refused)",
    **{
        f"intake /takeovers {field}": _SAME
        for field in (
            "arrival.account",
            "arrival.calling_number",
            "arrival.forwarded_by",
            "enclosed.lines[].certificate",
            "enclosed.lines[].description",
            "matters[].classes.*",
            "parties[].contact_person",
            "parties[].helper_name",
            "parties[].helper_phone",
            "parties[].registered_address",
            "repeat_of.why",
        )
    },
    "intake /takeovers answer": _RUNNING,
    "intake /takeovers arrival.reference": _FOREIGN,
    "intake /takeovers enclosed.lines[].currency": _CATALOGUED,
    "intake /takeovers matters[].special.said.*": _RUNNING,
    "intake /takeovers matters[].special.unit": _RUNNING,
    "intake /takeovers matters[].special.which": _RUNNING,
    "intake /takeovers repeat_of.number": _CATALOGUED,
    "intake /takeovers taken_over.number": _FOREIGN,
    "intake /takeovers taken_over.unit": _CATALOGUED,
    "notify /feeds unit": _CATALOGUED,
    "notify /receipts/sms reason": _FOREIGN,
    "notify /receipts/sms receipt": _FOREIGN,
    "notify /receipts/sms reference": _FOREIGN,
    "notify /tasks/{number}/{message}/done mail_number": _FOREIGN,
    "supervision /supervisions/{number}/orders/{order}/rereview explanation": _ALIKE,
    "supervision /supervisions/{number}/orders/{order}/reviews results[].criterion": _CATALOGUED,
}


def taking_words(specs: Mapping[Service, Json]) -> set[str]:
    """Every field of every POST that takes words, by the services' OpenAPI: `service /path field`."""
    return {
        f"{service} {path} {field}"
        for service, spec in specs.items()
        for path, methods in spec["paths"].items()
        for field in _of_body(methods.get("post", {}), spec)
    }


def planted(answered: Iterable[Answered], needles: Needles, fields: Iterable[str]) -> set[str]:
    """Those of the fields in which somebody stood in a request that was taken."""
    routes, fields = _Routes(fields), set(fields)
    stood = {
        f"{routes.of(one)} {field}"
        for one in answered
        if one.method == "POST" and one.status in _TAKEN
        for field, words in _said(one.body)
        if needles.look(words)
    }
    return {field for field in fields if field in stood or _is_within(field, stood)}


def _is_within(field: str, stood: Iterable[str]) -> bool:
    """Of an object without fields of its own, any will do."""
    free = field.removesuffix("*")
    return free.endswith(".") and any(one.startswith(free) for one in stood)


class _Routes:
    """Finds the pattern of an address."""

    def __init__(self, fields: Iterable[str]) -> None:
        held = {" ".join(field.split(" ")[:2]) for field in fields}
        self._held = {route: re.compile(re.sub(r"\{\w+\}", "[^/ ]+", route)) for route in held}

    def of(self, one: Answered) -> str:
        """`service /path` as OpenAPI has it, or nothing."""
        asked = f"{one.service} {urlsplit(one.path).path}"
        return next((route for route, pattern in self._held.items() if pattern.fullmatch(asked)), "")


def _said(body: object, at: str = "") -> Iterator[tuple[str, bytes]]:
    """Each value of a body by its field; of lists and free objects all are one."""
    if isinstance(body, Mapping):
        for name, inner in body.items():
            yield from _said(inner, f"{at}.{name}" if at else str(name))
    elif isinstance(body, list | tuple):
        for inner in body:
            yield from _said(inner, f"{at}[]")
    elif isinstance(body, str | bytes):
        yield at, body.encode() if isinstance(body, str) else body


def _of_body(operation: Json, spec: Json) -> Iterator[str]:
    content = operation.get("requestBody", {}).get("content", {})
    for body in content.values():
        yield from _worded(body["schema"], spec)


def _worded(schema: Json, spec: Json, at: str = "") -> Iterator[str]:
    """The fields of a shape that take words."""
    if "$ref" in schema:
        schema = spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for inner in (one for way in ("allOf", "anyOf", "oneOf") for one in schema.get(way, ())):
        yield from _worded(inner, spec, at)
    for name, inner in schema.get("properties", {}).items():
        yield from _worded(inner, spec, f"{at}.{name}" if at else name)
    if "items" in schema:
        yield from _worded(schema["items"], spec, f"{at}[]")
    if isinstance(inner := schema.get("additionalProperties"), dict):
        yield from _worded(inner, spec, f"{at}.*") if inner else (f"{at}.*",)
    if schema.get("type") == "string" and _takes_words(schema):
        yield at


def _takes_words(schema: Mapping[str, Any]) -> bool:
    pattern = schema.get("pattern", "").removeprefix("^").removeprefix("(")
    is_id = pattern.startswith(_IDS)
    return not (is_id or "enum" in schema or schema.get("format") in _MOMENTS)
