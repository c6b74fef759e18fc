"""What scenarios do with enclosures and files: by named people, over HTTP alone."""

from typing import Any, Final

from huiyin.client.line import Json, Person, Refused
from tests.scenarios.driver import Driver

CASH: Final[Json] = {"kind": "money", "currency": "CNY", "amount": 12_350, "description": "百元钞一张和零钱"}
CARD: Final[Json] = {"kind": "certificate", "certificate": "身份证", "description": "柏守拙的身份证原件"}
COUNTED: Final[list[Json]] = [
    {"line": "l1", "currency": "CNY", "amount": 12_350},
    {"line": "l2", "present": True},
]
MAIL: Final[Json] = {"way": "registered_mail", "mail": "XA12345678901"}


def people(office: Driver) -> tuple[Person, Person, Person]:
    """Two operators and somebody of records."""
    first, second, *_ = office.folder.holders("operator")
    one, other = (Person(office.line, who.subject, "operator", office.office) for who in (first, second))
    return one, other, office.role("records")


def enclosed(*lines: Json, **more: Any) -> Json:
    """What lay in a letter."""
    return {"origin": "letter", "lines": list(lines or (CASH, CARD)), **more}


def letter(office: Driver, *lines: Json, **changes: Any) -> tuple[str, str]:
    """A letter with what lay in it, counted by two: its number, and the address of its enclosure."""
    number = office.registered(**{"channel": "letter", "enclosed": enclosed(*lines), **changes})
    at = f"/cases/{number}/enclosures/n1"
    people(office)[1].post("intake", f"{at}/confirmation", {"lines": COUNTED[: len(lines) or 2]})
    return number, at


def refusal(act: Any) -> str:
    """The code of the refusal that an act gets."""
    try:
        act()
    except Refused as refused:
        return refused.code
    return ""


def upload(who: Person, number: str, name: str, content: bytes, **query: str) -> Json:
    """Send a file in; what intake says of it."""
    return who.line.ask(
        "POST",
        "intake",
        f"/cases/{number}/files",
        files={"file": (name, content)},
        params=query,
        headers={**who.headers(), "Idempotency-Key": f"{number}-{name}-{len(content)}"},
    )
