"""Leave to open what is written of a guarded matter, and what the complainant said: intake alone gives it.

Acting goes on by the circle that a service holds; opening asks for the true one, and fails closed.
"""

from huiyin.chassis.asking import Asker, Refused
from huiyin.chassis.errors import Unavailable, ViewRestricted, no_such
from huiyin.chassis.steps import Actor
from huiyin.contracts.circle import Circle
from huiyin.contracts.questions import MAY_OPEN, MAY_READ, RESTRICTED, Question


def require_leave(asker: Asker, who: Actor, number: str, circle: Circle, matter: str) -> None:
    """Pass for an ordinary matter; else intake must say yes. Unavailable (503) when it does not answer."""
    if circle.of(matter).guarded:
        _ask(asker, MAY_OPEN, who, number, matter)


def require_leave_to_read(asker: Asker, who: Actor, number: str, matter: str) -> None:
    """For the complainant's own words, whatever the matter: he may have had them shut (S0-05, E-35).

    ViewRestricted (403) then; Unavailable (503) when intake does not answer.
    """
    _ask(asker, MAY_READ, who, number, matter)


def _ask(asker: Asker, question: Question, who: Actor, number: str, matter: str) -> None:
    asked = {"subject": who.subject, "role": who.role, "unit": who.unit}
    try:
        allowed = asker.ask(question, number=number, matter=matter, **asked)
    except Refused as refused:
        if refused.why == RESTRICTED:
            raise ViewRestricted from refused
        # It has not got the case: then nobody knows who may open it.
        raise Unavailable("受理环节暂时不能答复，请稍后再试。") from refused
    if not allowed:
        raise no_such(number)
