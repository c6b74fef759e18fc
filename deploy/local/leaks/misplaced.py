"""People in places of a request where nobody belongs: wrong fields, addresses, queries, headers."""

import json
from collections.abc import Callable
from typing import Any, Final

from deploy.local.desks import Desks
from deploy.local.leaks.people import Identity
from deploy.local.leaks.planting import Crowd, introduced
from huiyin.client.line import Json
from huiyin.contracts.roles import Role
from huiyin.contracts.services import SERVICES, Service


class Misplacing:
    """Sends requests that are refused, each with somebody new in it; `form` is one that would be taken."""

    def __init__(self, desks: Desks, form: Json, crowd: Crowd) -> None:
        self._desks, self._form, self._crowd = desks, form, crowd

    def all(self) -> None:
        """Every way once."""
        for way in _WAYS:
            way(self, self._crowd.next(way.__name__.strip("_")))

    def register(self, form: Any, **headers: str) -> None:
        """Send a registration."""
        own = self._desks.role("operator").headers()
        held = {**own, "Idempotency-Key": "leaks-refused", **headers}
        self.send("POST", "intake", "/cases", json=form, headers=held)

    def look(self, path: str, role: Role = "records", **request: Any) -> None:
        """Look at an address of every service."""
        headers = {**request.pop("headers", {}), **self._desks.role(role).headers()}
        for service in SERVICES:
            self.send("GET", service, path, headers=headers, **request)

    def send(self, method: str, service: Service, path: str, **request: Any) -> None:
        """Send anything; whatever the answer is, it is kept."""
        self._desks.line.send(method, service, path, **request)

    def changed(self, **changes: Any) -> Json:
        """The form with some of it changed."""
        return {**self._form, **changes}

    def in_party(self, **changes: Any) -> Json:
        """The form with its party changed."""
        return self.changed(parties=[{**self._form["parties"][0], **changes}])

    def in_matter(self, **changes: Any) -> Json:
        """The form with its matter changed."""
        return self.changed(matters=[{**self._form["matters"][0], **changes}])

    def raw(self, content: bytes, kind: str) -> None:
        """Send bytes as a registration."""
        own = self._desks.role("operator").headers()
        headers = {**own, "Idempotency-Key": "leaks-raw", "Content-Type": kind}
        self.send("POST", "intake", "/cases", content=content, headers=headers)


Way = Callable[[Misplacing, Identity], None]


def _unknown_field(to: Misplacing, who: Identity) -> None:
    to.register(to.changed(**{who.name: who.mobile}))


def _channel(to: Misplacing, who: Identity) -> None:
    to.register(to.changed(channel=who.wechat))


def _phone(to: Misplacing, who: Identity) -> None:
    to.register(to.in_party(phone=introduced(who)))


def _email(to: Misplacing, who: Identity) -> None:
    to.register(to.in_party(email=f"{who.name}{who.mobile}"))


def _role(to: Misplacing, who: Identity) -> None:
    to.register(to.in_party(role=who.name))


def _wrong_type(to: Misplacing, who: Identity) -> None:
    to.register(to.in_party(name={who.name: [who.id_card]}))


def _category(to: Misplacing, who: Identity) -> None:
    to.register(to.in_matter(category=who.landline, area=who.wechat))


def _long_text(to: Misplacing, who: Identity) -> None:
    to.register(to.in_matter(text=introduced(who) * 2_000))


def _received_at(to: Misplacing, who: Identity) -> None:
    to.register(to.changed(received_at=who.mobile))


def _flags(to: Misplacing, who: Identity) -> None:
    to.register(to.changed(flags=[who.wechat]))


def _broken_json(to: Misplacing, who: Identity) -> None:
    to.raw(json.dumps(to.in_party(name=who.name)).encode()[:-3], "application/json")


def _no_json(to: Misplacing, who: Identity) -> None:
    to.raw(introduced(who).encode(), "text/plain")


def _other_charset(to: Misplacing, who: Identity) -> None:
    to.raw(introduced(who).encode("gbk"), "application/json; charset=gbk")


def _address(to: Misplacing, who: Identity) -> None:
    to.look(f"/cases/{who.name}")
    to.look(f"/cases/{who.mobile}")
    to.look(f"/cases/{who.landline}/journal")
    to.look(f"/{who.wechat}")


def _query(to: Misplacing, who: Identity) -> None:
    to.look("/cases", params={"number": who.mobile})
    to.look("/cases", params={"number": who.name})
    to.look("/cases", params={who.wechat: who.email})


def _search(to: Misplacing, who: Identity) -> None:
    """Words that are looked for, in cases, policies, the duty book and volumes."""
    for word in (who.name, who.mobile, who.wechat):
        to.look("/cases", params={"q": word})
        to.look("/knowledge", params={"q": word})
        to.look("/volumes", params={"number": word})
        to.look("/duty-book", params={"day": "2024-09-23", "duty": word})


def _headers(to: Misplacing, who: Identity) -> None:
    names = ("User-Agent", "Referer", "X-Forwarded-For", "Cookie", "Accept-Language")
    to.look("/stages", headers=dict.fromkeys(names, f"{who.mobile} {who.email} {who.wechat}"))


def _correlation(to: Misplacing, who: Identity) -> None:
    for given in (who.wechat, who.landline, who.mobile):
        to.look("/stages", headers={"X-Correlation-Id": given})
        to.register(to.changed(channel="none"), **{"X-Correlation-Id": given})


def _token(to: Misplacing, who: Identity) -> None:
    for service in SERVICES:
        headers = {"Authorization": f"Bearer {who.wechat}.{who.mobile}"}
        to.send("GET", service, "/stages", headers=headers)


def _progress(to: Misplacing, who: Identity) -> None:
    for body in ({"number": who.mobile, "code": "123456"}, {"number": who.name, "code": who.id_card}):
        to.send("POST", "intake", "/progress", json=body)
    for number in (who.name, who.id_card):
        to.send("POST", "intake", "/progress/links", json={"number": number, "phone": who.mobile})


def _method(to: Misplacing, who: Identity) -> None:
    for service in SERVICES:
        to.send(f"X{who.mobile}", service, "/stages")


def _audit_search(to: Misplacing, who: Identity) -> None:
    for given in (who.name, who.mobile, who.wechat, who.email):
        for word in ("who", "what", "case"):
            to.look("/audit", "auditor", params={word: given})


def _accused(to: Misplacing, who: Identity) -> None:
    to.register(to.in_matter(accused={"people": [who.name, who.wechat], "units": [who.mobile]}))
    to.register(to.in_matter(confidential=who.name))


_WAYS: Final[tuple[Way, ...]] = (
    _unknown_field,
    _channel,
    _phone,
    _email,
    _role,
    _wrong_type,
    _category,
    _long_text,
    _received_at,
    _flags,
    _broken_json,
    _no_json,
    _other_charset,
    _address,
    _query,
    _search,
    _headers,
    _correlation,
    _token,
    _progress,
    _method,
    _audit_search,
    _accused,
)
