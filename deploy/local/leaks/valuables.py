"""Money and certificates in letters: counted, lost, found again, copied, sent back, come back, kept."""

from typing import Final

from deploy.local.leaks.desk import Desk
from huiyin.client.line import Json, Person, Refused, until

_CASH: Final = {"kind": "money", "currency": "CNY", "amount": 12_350}
_COUNTED: Final[list[Json]] = [
    {"line": "l1", "currency": "CNY", "amount": 12_350},
    {"line": "l2", "present": True},
]
_MAILS: Final = ("XA12345678901", "XA12345678902")


def enclose(desk: Desk) -> None:
    """What lay in a letter, or came later, is counted by two; of one thing an incident is told."""
    number = desk.taken_down("enclosed", desk.plain("letter", enclosed=_found(desk)))
    at = f"/cases/{number}/enclosures"
    first, second = desk.desks.role("operator"), desk.second("operator")
    first.post("intake", at, _found(desk))
    lines = {"lines": _lines(desk)}
    first.post("intake", f"{at}/n1/recount", lines)
    for one in ("n1", "n2"):
        second.post("intake", f"{at}/{one}/confirmation", {"lines": _COUNTED})
    _incidents(desk, first, f"{at}/n1")


def ask_for_copies(desk: Desk) -> None:
    """The unit that has the order asks for a certified copy."""
    number = desk.numbers["enclosed"]
    orders = until(lambda: desk.desks.handling(number)["orders"])
    reason = {"reason": desk.named("需核对证件。", "why a copy")}
    path = f"/cases/{number}/enclosures/n2/lines/l2/copy-requests"
    desk.desks.holds(orders[0]).post("intake", path, reason)


def give_back(desk: Desk) -> None:
    """All goes back as the office's rules have it, so that the case can end."""
    at = f"/cases/{desk.numbers['enclosed']}/enclosures"
    for one, mail in zip(("n1", "n2"), _MAILS, strict=True):
        _given_back(desk.desks.role("operator"), f"{at}/{one}/returns", mail)


def _given_back(who: Person, path: str, mail: str) -> None:
    for way in ("registered_mail", "mail", "in_person"):
        try:
            who.post("intake", path, {"way": way, "mail": mail} if way != "in_person" else {"way": way})
        except Refused as refused:
            last = refused
        else:
            return
    raise last


def _found(desk: Desk) -> Json:
    return {"origin": "letter", "lines": _lines(desk)}


def _lines(desk: Desk) -> list[Json]:
    who = desk.crowd.next("certificate")
    certificate = {"kind": "certificate", "certificate": f"联系人{who.name}的身份证"}
    return [
        {**_CASH, "description": desk.named("百元钞一叠。", "money enclosed")},
        {**certificate, "description": desk.named("身份证原件。", "certificate enclosed")},
    ]


def _incidents(desk: Desk, who: Person, at: str) -> None:
    """One of danger, of which the police are told first; the director decides."""
    line = desk.desks.folder.rulebook.emergency.lines[0]
    reference = desk.named("接警：", "reference of the police")
    police = {
        "line": line,
        "contacted_at": desk.now().isoformat(),
        "reference": reference,
        "took_it": False,
    }
    account = desk.named("信封内有粉末。", "custody incident")
    who.post("intake", f"{at}/incidents", {"kind": "dangerous", "account": account, "police": police})
    note = desk.named("已排除。", "outcome of an incident")
    decided = {"outcome": "recovered", "note": note}
    desk.desks.role("leader").post("intake", f"{at}/incidents/i1/outcome", decided)
