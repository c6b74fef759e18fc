"""Which cases are archived is decided one by one; what cannot be returned goes to finance (S0)."""

import pytest

from tests.scenarios.desk_of_enclosures import CASH, COUNTED, MAIL, enclosed, people, refusal
from tests.scenarios.driver import Driver

YES = {"kept": True, "reason": "涉及集体利益，具有查考价值"}


def over(office: Driver) -> str:
    """A letter that ended."""
    number = office.registered(channel="letter")
    office.withdraw(number, "问题已解决")
    return number


def filings(office: Driver) -> list[str]:
    return [row["number"] for row in office.role("records").all("intake", "/filings", "cases")]


def volumes(office: Driver, **by: object) -> list[dict[str, object]]:
    found: list[dict[str, object]] = office.role("records").get("intake", "/volumes", **by)["volumes"]
    return found


@pytest.mark.clause("S0-38", "X-31")
def test_a_person_decides_of_each_case_whether_it_is_archived_and_says_why(petition_office: Driver) -> None:
    records = petition_office.role("records")
    kept, not_kept, running = over(petition_office), over(petition_office), petition_office.registered()
    assert {kept, not_kept} <= set(filings(petition_office))
    early = refusal(lambda: records.post("intake", f"/cases/{running}/filing", YES))
    bare = refusal(lambda: records.post("intake", f"/cases/{kept}/filing", {"kept": True}))
    assert (early, bare) == ("not-concluded", "invalid")
    assert volumes(petition_office, number=kept) == [], "nothing is archived by itself here"
    yes = records.post("intake", f"/cases/{kept}/filing", YES)
    no = records.post("intake", f"/cases/{not_kept}/filing", {"kept": False, "reason": "简单咨询"})
    assert (yes["kept"], no["kept"]) == (True, False)
    assert str(yes["volume"]).startswith("SQ-JZ-")
    assert not {kept, not_kept} & set(filings(petition_office))
    assert [row["number"] for row in volumes(petition_office, number=kept)] == [kept]
    assert volumes(petition_office, number=not_kept) == []
    again = refusal(lambda: records.post("intake", f"/cases/{kept}/filing", {**YES, "kept": False}))
    assert again == "already-filed"


@pytest.mark.clause("E-127")
def test_what_is_archived_is_kept_as_long_as_the_office_says_and_never_destroyed_by_default(
    petition_office: Driver,
) -> None:
    number, records = over(petition_office), petition_office.role("records")
    records.post("intake", f"/cases/{number}/filing", YES)
    (row,) = volumes(petition_office, number=number)
    assert (row["keep_until"], row["destroyed_after"]) == (None, False)
    month = f"{petition_office.now():%Y-%m}"
    (kept,) = petition_office.role("custodian").get("intake", "/retention", months=month)["months"]
    assert (kept["over"], kept["ends_on"]) == (False, None)


@pytest.mark.clause("E-87")
def test_what_cannot_be_returned_is_kept_safe_and_then_goes_to_finance_on_the_record(
    petition_office: Driver,
) -> None:
    first, second, records = people(petition_office)
    nameless = petition_office.form(channel="letter", enclosed=enclosed(CASH))
    nameless["parties"] = [{"anonymous": True}]
    back = petition_office.form(channel="letter", enclosed=enclosed(CASH))
    numbers = [str(petition_office.register(form)["number"]) for form in (nameless, back)]
    anonymous, returned = (f"/cases/{number}/enclosures/n1" for number in numbers)
    for at in (anonymous, returned):
        second.post("intake", f"{at}/confirmation", {"lines": COUNTED[:1]})
    assert refusal(lambda: first.post("intake", f"{anonymous}/returns", MAIL)) == "no-address"
    receipt = {"receipt": "CW-2024-001"}
    assert refusal(lambda: first.post("intake", f"{returned}/finance", receipt)) == "still-returnable"
    first.post("intake", f"{returned}/returns", MAIL)
    petition_office.advance(days=3)  # in the post: custody begins anew for what came back
    wrong = {"mail": MAIL["mail"], "why": "wrong_address"}
    held = records.post("intake", f"{returned}/returned-mail", wrong)
    assert (held["outstanding"], held["holder"]) == (["l1"], records.subject)
    days = petition_office.folder.rulebook.enclosure.finance_after_days
    for wait, who, at in ((days - 4, first, anonymous), (2, records, returned)):
        petition_office.advance(days=wait)
        assert (
            refusal(lambda who=who, at=at: who.post("intake", f"{at}/finance", receipt)) == "not-yet-finance"
        )
        petition_office.advance(days=1)
        done = who.post("intake", f"{at}/finance", receipt)
        assert (done["outstanding"], done["finance"][0]["receipt"]) == ([], "CW-2024-001")
    settled = petition_office.until_said(numbers[0], "enclosure.settled")
    assert [row["data"]["how"] for row in settled] == ["finance"]
