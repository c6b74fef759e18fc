"""How often the public may ask: every `@public` view counts its callers by address.

Staff are known by their tokens and every act of theirs is recorded; they are not limited here.
"""

import ipaddress
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, TypeVar

from flask import current_app, request

from huiyin.chassis.rates import Rate, Rates
from huiyin.chassis.web.access import handler_of, is_public

F = TypeVar("F", bound=Callable[..., Any])

_UNCOUNTED: Final = "huiyin_uncounted"
_IPV6_NETWORK: Final = 64  # a subscriber holds all addresses of such a network


def uncounted(view: F) -> F:
    """A public view that may be called at any rate: probes, and what a machine signs."""
    setattr(view, _UNCOUNTED, True)
    return view


def check_rate(rates: Rates, per_minute: int) -> Callable[[], None]:
    """What counts a public view's caller, before the body is read."""
    rate = Rate(per_minute, timedelta(minutes=1))

    def check() -> None:
        if request.url_rule is None or request.endpoint is None:
            return
        view = handler_of(current_app.view_functions[request.endpoint], request.method)
        if is_public(view) and not hasattr(view, _UNCOUNTED):
            rates.take(rate, "address", client_address())

    return check


def client_address() -> str:
    """Where the request came from; of IPv6 the network.

    Behind proxies the setting `trusted_hops` says whose word about it is taken.
    """
    given = request.remote_addr or ""
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return given
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, _IPV6_NETWORK), strict=False))
