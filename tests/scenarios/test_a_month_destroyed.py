"""A month's data keys are destroyed on the running platform: what they sealed is refused, the rest opens."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from typer.testing import Result

from deploy.local.platform import Site
from huiyin.chassis.anchor import read_anchor
from huiyin.client.line import Refused
from huiyin.contracts.services import SERVICES
from tests.scenarios.driver import Driver
from tests.scenarios.test_a_new_master_key import huiyin

__all__ = ["huiyin"]

Look = Callable[[], Any]


def _begin_a_month(driver: Driver) -> str:
    """Be on the first working day of the next month: nobody else's case is accepted in it."""
    first = (driver.now().date().replace(day=1) + timedelta(days=32)).replace(day=1)
    driver.advance_to(driver.calendar.working_day_on_or_after(first))
    return f"{driver.now():%Y-%m}"


def _with_file(driver: Driver) -> str:
    """A case with a file that came with it."""
    number, operator = driver.registered(), driver.role("operator")
    headers = {**operator.headers(), "Idempotency-Key": f"file-of-{number}"}
    sent = {"file": ("证明.txt", "身份证复印件".encode())}
    path = f"/cases/{number}/files"
    assert driver.line.send("POST", "intake", path, headers=headers, files=sent).status_code == 201
    return number


def _ended(driver: Driver) -> str:
    """A case in which every service but notify sealed something: text, reply, demands, the last word."""
    number, order = driver.replied(matter={"category": "transport/bus", "place": "石桥站"})
    driver.review(number, order["id"], 1, failed=["facts"], demands="请到现场核实并附照片。")
    driver.until_said(number, "reply.returned")
    driver.until(lambda: driver.order(number, order["id"])["state"] == "accepted")
    driver.reply(number, order, "已到现场核实。")
    driver.until(lambda: (number, 2) in [(row["number"], row["reply"]) for row in driver.reviews()])
    driver.review(number, order["id"], 2)
    driver.until_echo(number, "open", "told")
    driver.attempt(number, "call", reached=True)
    driver.tell(number, "call")
    driver.evaluate(number, "m1", solved=True, satisfied=True, words="办得很快。")
    return number


def _whole(driver: Driver, number: str) -> Mapping[str, Look]:
    """What of a fresh case is sealed."""
    operator = driver.role("operator")
    reason, address = {"reason": "法院调查"}, f"/cases/{number}"

    def file() -> None:
        answer = driver.line.send("GET", "intake", f"{address}/files/f1", headers=operator.headers())
        if answer.is_error:
            raise Refused(answer)

    return {
        "identity": lambda: driver.role("custodian").post("intake", f"{address}/identity", reason),
        "file": file,
    }


def _handled(driver: Driver, number: str) -> Mapping[str, Look]:
    """What others sealed of a case that is over."""
    supervisor, callback = driver.role("supervisor"), driver.role("callback")
    order = driver.handling(number)["orders"][0]["id"]
    return {
        "reply": lambda: supervisor.get("dispatch", f"/handlings/{number}/orders/{order}/replies/1"),
        "demands": lambda: supervisor.get("supervision", f"/supervisions/{number}/orders/{order}/demands"),
        "words": lambda: callback.get("feedback", f"/echoes/{number}/evaluations/m1/words"),
    }


def _refusals(looks: Mapping[str, Look]) -> dict[str, tuple[int, str]]:
    """How each look is refused, in which words; (200, "") of one that shows something."""
    found = {}
    for name, look in looks.items():
        try:
            look()
            found[name] = (200, "")
        except Refused as refused:
            found[name] = (refused.status, refused.detail)
    return found


@pytest.mark.clause("S0-05", "E-127")
def test_what_a_month_sealed_is_refused_in_every_service_and_other_months_open(
    huiyin: Callable[..., Result], site: Site, mayors_line: Driver
) -> None:
    month = _begin_a_month(mayors_line)
    begun, ended = _with_file(mayors_line), _ended(mayors_line)
    to_call, _ = mayors_line.approved()
    mayors_line.role("supervisor").post("intake", f"/cases/{begun}/identity-requests", {"reason": "核实身份"})
    gone = {
        **_whole(mayors_line, begun),
        **_handled(mayors_line, ended),
        "contact": lambda: mayors_line.open_contact(to_call),
    }
    assert set(_refusals(gone).values()) == {(200, "")}
    _begin_a_month(mayors_line)
    kept = _whole(mayors_line, _with_file(mayors_line))

    done = huiyin("destroy", "mayors-line", month, "--early", "--why", "法院裁定", "--yes", "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["destroyed"] == {s: s != "notify" for s in SERVICES}, "it seals nothing"
    told = [line.facts for line in read_anchor(site.folder / "anchor") if line.what == "key-destroyed"]
    assert [(one["office"], one["month"]) for one in told] == [("mayors-line", month)] * 4

    wanted = dict.fromkeys(gone, (410, "该内容的数据密钥已销毁，内容不能再打开。"))
    mayors_line.until(lambda: _refusals(gone) == wanted, within=90)  # processes forget it within a minute
    assert set(_refusals(kept).values()) == {(200, "")}
    requests = mayors_line.role("custodian").get("intake", "/identity-requests", limit=200)["requests"]
    assert [r["reason"] for r in requests if r["number"] == begun] == [None], "the list is shown all the same"
    assert mayors_line.case(begun)["number"] == begun, "what stands for work was not sealed"
    again = json.loads(huiyin("destroy", "mayors-line", month, "--why", "再次", "--yes", "--json").stdout)
    assert not any(again["destroyed"].values())
