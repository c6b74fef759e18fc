"""The audit of the running platform: searched by auditors, sealed, anchored, and proved by `huiyin`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pymongo import MongoClient
from typer.testing import Result

from deploy.local.servers import Servers
from huiyin.client.line import Refused
from huiyin.contracts.roles import Role
from huiyin.contracts.services import Service
from tests.scenarios.culprit import Doc, Stores
from tests.scenarios.driver import Driver
from tests.scenarios.test_the_command import Run, huiyin, told

__all__ = ["huiyin", "told"]


@pytest.fixture(scope="module")
def stores(servers: Servers) -> Iterator[Stores]:
    with MongoClient[Doc](servers.addresses.mongo_url, tz_aware=True) as client:
        yield Stores(client)


def _looked_at(driver: Driver) -> str:
    """A case of which a reply was read, and about whose complainant a unit asked in vain (E-81)."""
    number, order = driver.replied()
    reply = f"/handlings/{number}/orders/{order['id']}/replies/1"
    driver.role("supervisor").get("dispatch", reply)
    with pytest.raises(Refused, match="403"):
        driver.unit(order["unit"]).post("intake", f"/cases/{number}/identity", {"reason": "想知道是谁"})
    return number


@pytest.mark.clause("E-81")
def test_an_auditor_finds_who_read_and_who_was_refused_in_the_own_office(
    told: Run, mayors_line: Driver
) -> None:
    number = _looked_at(mayors_line)
    rows = told("audit", "search", "--case", number)["rows"]
    found = {(row["service"], row["what"], row["who"]["role"]) for row in rows}
    assert found >= {("dispatch", "reply.read", "supervisor"), ("intake", "refused", "unit")}
    (read,) = told("audit", "search", "--case", number, "--what", "reply")["rows"]
    assert read["detail"] == {"order": read["detail"]["order"], "n": 1}
    (refused,) = told("audit", "search", "--case", number, "--what", "refused", "--service", "intake")["rows"]
    assert refused["detail"] == {"method": "POST", "route": "/cases/<number>/identity", "status": 403}
    assert told("audit", "search", "--case", number, "--office", "community-centre")["rows"] == []


#: A reading of each kind: where, by whom, under which address; each names its row in docs/audit.md.
READINGS: dict[str, tuple[Service, Role, str]] = {
    "demands.read": ("supervision", "supervisor", "/supervisions/{number}/orders/{order}/demands"),
    "extensions.read": ("supervision", "leader", "/extensions"),
    "reason.read": ("dispatch", "dispatcher", "/handlings/{returned}/orders/{its}/reason"),
    "steps.read": ("feedback", "auditor", "/steps/{number}"),
    "volume.exported": ("intake", "records", "/cases/{number}/volume"),
    "volumes.searched": ("intake", "leader", "/volumes"),
}


def test_an_auditor_finds_each_kind_of_reading_by_who_read_and_of_which_case(
    told: Run, mayors_line: Driver
) -> None:
    number, order = mayors_line.replied()
    mayors_line.review(number, order["id"], 1, failed=["facts"], demands="请到现场核实并附照片。")
    returned, its = mayors_line.dispatched()
    mayors_line.give_back(returned, its)
    named = {"number": number, "order": order["id"], "returned": returned, "its": its["id"]}
    expected, found = {}, {}
    for what, (service, role, path) in READINGS.items():
        who, since = mayors_line.role(role), mayors_line.now().isoformat()
        who.get(service, path.format(**named))
        case = next((named[name] for name in ("number", "returned") if f"{{{name}}}" in path), "")
        by_case = ("--case", case) if case else ()
        search = ("--who", who.subject, "--what", what, "--since", since, *by_case)
        rows = told("audit", "search", *search)["rows"]
        expected[what] = [(service, who.subject, case)]
        found[what] = [(row["service"], row["who"]["subject"], row["case"]) for row in rows[:1]]
    assert found == expected


def test_an_auditor_finds_who_restricted_a_view(told: Run, mayors_line: Driver) -> None:
    number, custodian = mayors_line.registered(), mayors_line.role("custodian")
    custodian.post("intake", f"/cases/{number}/restriction", {"why": "本人申请"})
    (row,) = told("audit", "search", "--case", number, "--what", "view.restricted")["rows"]
    assert (row["who"]["subject"], row["detail"]) == (custodian.subject, {"why": "本人申请"})


def test_pages_of_a_search_neither_repeat_nor_leave_out(told: Run, mayors_line: Driver) -> None:
    number = _looked_at(mayors_line)
    missing = [f"SZ-D-20200101-99999{n}-42" for n in range(3)]
    for one in missing:
        told("audit", "search", "--case", one)
    wanted = ("audit", "search", "--who", "ml-auditor-1", "--what", "audit.searched", "--service", "notify")
    first = told(*wanted, "--limit", 2)["rows"]
    older = told(*wanted, "--limit", 2, "--before", first[-1]["id"])["rows"]
    cases = [row["detail"].get("case") for row in (*first, *older)]
    assert cases[:3] == missing[::-1]
    assert number not in str(first)


def test_of_a_search_no_word_is_kept_that_might_name_a_person(told: Run) -> None:
    told("audit", "search", "--who", "柏守拙", "--case", "19900000001", "--service", "notify")
    told("audit", "search", "--what", "audit.searched", "--service", "notify")
    newest, before = told("audit", "search", "--what", "audit.searched", "--service", "notify")["rows"][:2]
    assert newest["detail"] == {"what": "audit.searched"}
    assert before["detail"] == {"by": ["case", "who"]}


def test_the_audit_holds_and_the_next_service_keeps_every_head(told: Run, mayors_line: Driver) -> None:
    _looked_at(mayors_line)
    for service in ("intake", "dispatch", "supervision", "feedback", "notify"):
        mayors_line.role("auditor").get(service, "/audit")  # so that each has a row at least
    report = mayors_line.until(lambda: _all_anchored(told("audit", "verify")))
    assert report["holds"]
    kept_by = {one["service"]: one["keeper"] for one in report["services"]}
    assert sorted(kept_by) == sorted(kept_by.values())


def _all_anchored(report: Any) -> Any:
    services = report["services"]
    return report if all(0 < one["batches"] == one["anchored"] for one in services) else None


@pytest.mark.clause("E-124")
def test_an_altered_row_and_an_end_that_was_cut_off_are_named_by_service(
    huiyin: Callable[..., Result], told: Run, stores: Stores, mayors_line: Driver
) -> None:
    _looked_at(mayors_line)
    mayors_line.role("auditor").get("notify", "/audit")
    mayors_line.until(lambda: _all_anchored(told("audit", "verify")))
    row = stores.of("dispatch", "audit").find_one({"what": "reply.read", "batch": {"$exists": True}})
    newest = stores.of("notify", "audit_batches").find_one(sort=[("_id", -1)])["_id"]
    with _altered(stores, row), _cut_off(stores, newest):
        wrong = huiyin("audit", "verify")
    assert wrong.exit_code == 1
    assert (
        f"dispatch  记录被改动 (a row was altered)  第 {row['batch']} 批  记录 {row['_id']}" in wrong.stdout
    )
    # Whatever notify's worker seals meanwhile takes the number that is free again.
    ends = ("链尾被截断：别的服务存有更新的链头 (the end was cut off)", "链头与别的服务所存不符")
    (told_of_notify,) = [one for one in wrong.stdout.splitlines() if one.startswith("✗  notify")]
    assert any(end in told_of_notify for end in ends)
    assert f"第 {newest} 批" in told_of_notify
    assert wrong.stdout.count("✗") == 2
    assert told("audit", "verify")["holds"]


@contextmanager
def _altered(stores: Stores, row: Doc) -> Iterator[None]:
    stores.of("dispatch", "audit").update_one({"_id": row["_id"]}, {"$set": {"who.subject": "nobody"}})
    yield
    stores.of("dispatch", "audit").replace_one({"_id": row["_id"]}, row)


@contextmanager
def _cut_off(stores: Stores, n: int) -> Iterator[None]:
    """The batches from `n` on and their rows are gone; meanwhile others may have taken their numbers."""
    rows, batches = (stores.of("notify", name) for name in ("audit", "audit_batches"))
    places = [(batches, {"_id": {"$gte": n}}), (rows, {"batch": {"$gte": n}})]
    before = [list(place.find(query)) for place, query in places]
    for place, query in places:
        place.delete_many(query)
    yield
    batches.delete_many({"_id": {"$gte": n}})
    rows.update_many({"batch": {"$gte": n}}, {"$unset": {"batch": ""}})
    for (place, _), documents in zip(places, before, strict=True):
        place.insert_many(documents)
