"""The turn in which units are urged (S0-16)."""

from datetime import date

from services.supervision.domain.urging import turn
from tests.unit.supervision.given import book_of

SOON, LATE = date(2024, 9, 27), date(2024, 10, 8)
ORDERS = [("normal", SOON), ("gone", SOON), ("urgent", LATE), ("urgent", SOON), ("high", LATE)]


def test_the_higher_priority_is_first_then_what_falls_due_and_no_order_is_left_out() -> None:
    book = book_of("petition-office")
    told = sorted(ORDERS, key=lambda order: turn(order[0], order[1], book))
    assert told == [("urgent", SOON), ("urgent", LATE), ("high", LATE), ("normal", SOON), ("gone", SOON)]


def test_an_office_that_does_not_go_by_priority_goes_by_the_date() -> None:
    book = book_of("mayors-line")
    assert sorted(ORDERS, key=lambda order: turn(order[0], order[1], book)) == sorted(
        ORDERS, key=lambda order: order[1]
    )
