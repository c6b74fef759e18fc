"""What scenarios of taking down share: a form refused, an identity opened, messages and corrections."""

from typing import Any

import pytest

from huiyin.client.line import Json, Refused
from tests.scenarios.driver import Driver


def wrong_fields(driver: Driver, form: Json) -> Json:
    """The fields a form is refused for, each with its words; nothing was registered."""
    with pytest.raises(Refused) as refused:
        driver.register(form)
    assert refused.value.status == 422
    return refused.value.errors


def opened(driver: Driver, number: str) -> Json:
    """What is sealed of a case: its parties' identities, and who rang or wrote from where."""
    path = f"/cases/{number}/identity"
    return driver.role("custodian").post("intake", path, {"reason": "核对登记内容"})


def identity(driver: Driver, number: str, party: int = 0) -> Json:
    """What one party gave."""
    given: Json = opened(driver, number)["parties"][party]["identity"]
    return given


def of_case(driver: Driver, number: str, path: str, body: Json | None = None, role: Any = "operator") -> Json:
    """One act on a case."""
    return driver.role(role).post("intake", f"/cases/{number}/{path}", body or {})


def looked(driver: Driver, path: str, role: Any = "operator", **query: Any) -> Json:
    """One look."""
    return driver.role(role).get("intake", path, **query)


def asked_for(driver: Driver, number: str, template: str) -> list[str]:
    """To whom a message was asked for."""
    rows = (row["data"] for row in driver.said(number, "message.requested"))
    return [row["addressee"] for row in rows if row["template"] == template]


def code_of(act: Any) -> tuple[int, str]:
    """How an act is refused."""
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.status, refused.value.code
