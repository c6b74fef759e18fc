"""Leave to open what is written of an accusing or confidential matter: intake alone gives it.

Acting goes on by the circle that a service holds; opening asks for the true one, and fails closed.
"""

from huiyin.chassis.asking import Asker, Refused
from huiyin.chassis.errors import Unavailable, no_such
from huiyin.chassis.steps import Actor
from huiyin.contracts.circle import Circle
from huiyin.contracts.questions import MAY_OPEN


def require_leave(asker: Asker, who: Actor, number: str, circle: Circle, matter: str) -> None:
    """Pass for an ordinary matter; else intake must say yes. Unavailable (503) when it does not answer."""
    if not circle.of(matter).guarded:
        return
    asked = {"subject": who.subject, "role": who.role, "unit": who.unit}
    try:
        allowed = asker.ask(MAY_OPEN, number=number, matter=matter, **asked)
    except Refused as refused:  # it has not got the case: then nobody knows who may open it
        raise Unavailable("受理环节暂时不能答复，请稍后再试。") from refused
    if not allowed:
        raise no_such(number)
