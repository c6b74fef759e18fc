"""A complainant who lost the receipt has the progress link sent to the registered telephone (S3-26, E-33).

Whoever asks learns nothing: the door counts and keeps every request alike, whether or not there is such a
case or telephone, and the worker looks at it later.
"""

import logging
from datetime import timedelta
from typing import Final

from huiyin.chassis.mongo import STORE_AWAY
from huiyin.chassis.rates import Rate
from huiyin.chassis.steps import Cause, machine
from services.intake.domain import progress_links
from services.intake.domain.numbers import is_number
from services.intake.use_cases.house import House

_log = logging.getLogger(__name__)

#: Enough for who mistypes; little enough that nobody's telephone is flooded.
_PER_TELEPHONE: Final = Rate(3, timedelta(hours=1))


def ask(house: House, number: str, phone: str) -> None:
    """Keep the request, or TooMany; what was typed may be anything, so only a number of ours is kept."""
    mark = house.lookup.of(phone)
    house.rates.take(_PER_TELEPHONE, "telephone", mark)
    house.link_requests.add(number if is_number(number) else "", mark, house.base.machine_clock.now())


def send_asked(house: House) -> None:
    """Answer what was asked: where telephone and case belong together, notify is to send the link.

    One that fails is looked at again until it is out of date, and does not stop the others.
    """
    for request, number, phone in house.link_requests.waiting(house.base.machine_clock.now()):
        try:
            _answer(house, request, number, phone)
        except STORE_AWAY:
            raise
        except Exception:  # noqa: BLE001 - the others must be answered all the same
            _log.exception("a progress link could not be sent", extra={"case": number})
        else:
            house.link_requests.done(request)


def _answer(house: House, request: str, number: str, phone: str) -> None:
    found = house.cases.look(number)
    if found is None or not progress_links.said(found.state, phone, request):
        return
    who = machine("intake", found.state.office)
    cause = Cause(id=f"progress-link:{request}", kind="clock", who=who, correlation=request)
    house.cases.take(
        number,
        cause,
        "send-progress-link",
        lambda case: (case, progress_links.said(case, phone, request)),
    )
