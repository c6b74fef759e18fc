"""The table of entitled places lets through what it names, and for whom it names it."""

import pytest

from deploy.local.leaks.entitled import entitled
from deploy.local.leaks.needles import Hit
from deploy.local.leaks.places.place import Piece

REPLY = "GET dispatch /handlings/{number}/orders/{order}/replies/{n}"


def _piece(where: str, *about: int) -> Piece:
    return Piece(where, b"", frozenset(about))


@pytest.mark.parametrize(
    ("piece", "hit"),
    [
        (_piece("mail", 1), Hit(1, "name")),
        (_piece("SMS", 1), Hit(1, "mobile")),
        (_piece("POST feedback /echoes/*/contact", 1), Hit(1, "address")),
        (_piece("POST intake /cases/*/identity", 1), Hit(1, "occupation")),
        (_piece(f"{REPLY} [unit]"), Hit(5, "id_card")),
        (_piece("POST intake /cases", 1), Hit(1, "wechat")),
    ],
)
def test_the_entitled_may_have_it(piece: Piece, hit: Hit) -> None:
    assert entitled(piece, hit) is not None


@pytest.mark.parametrize(
    ("piece", "hit"),
    [
        (_piece("mail", 1), Hit(2, "name")),
        (_piece("mail", 1), Hit(1, "mobile")),
        (_piece("POST feedback /echoes/*/contact", 1), Hit(1, "occupation")),
        (_piece("POST intake /cases/*/identity", 1), Hit(2, "name")),
        (_piece(f"{REPLY} [records]"), Hit(5, "name")),
        (_piece("GET intake /cases/{number} [operator]", 1), Hit(1, "name")),
        (_piece("huiyin_intake.cases", 1), Hit(1, "name")),
        (_piece("intake-web.log", 1), Hit(1, "name")),
    ],
)
def test_anybody_else_may_not(piece: Piece, hit: Hit) -> None:
    assert entitled(piece, hit) is None
