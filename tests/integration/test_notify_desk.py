"""Notify's addresses: receipts, work lists, uncertain messages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from huiyin.chassis.errors import no_such
from huiyin.contracts import events as e
from huiyin.contracts.circle import Circle, MatterCircle
from huiyin.contracts.questions import HIDDEN
from services.notify.use_cases import sending
from tests.integration.notify_stand import (
    NOON,
    NUMBER,
    OFFICE,
    REPLY,
    RESULT,
    WANG,
    Stand,
    registered,
    requested,
    standing,
)


@pytest.fixture
def stand(tmp_path: Path, database: Database[dict[str, Any]], mongo_url: str) -> Iterator[Stand]:
    with standing(tmp_path, (mongo_url, database.name)) as stand:
        yield stand


def asked(stand: Stand, *media: Any, **request: Any) -> None:
    stand.hear(registered(stand.house.base, media or ("sms", "call"), "letter"))
    stand.hear(requested(**request))
    stand.send_all()


def uncertain(stand: Stand) -> None:
    stand.gateway.mode, stand.gateway.knows = "dropping", False
    asked(stand)
    stand.pass_time(10)
    stand.gateway.mode, stand.gateway.knows = "taking", True


LETTER = "/tasks/" + NUMBER + "/intake:a"


# -- receipts ----------------------------------------------------------------------------


def test_a_receipt_without_the_right_signature_is_refused(stand: Stand) -> None:
    asked(stand)
    reference = stand.message().current().reference
    assert stand.receipt(reference, "delivered", secret="another").status_code == 401
    unsigned = stand.client.post(
        "/receipts/sms", json={"receipt": "r-000001", "reference": reference, "state": "delivered"}
    )
    assert unsigned.status_code == 401
    assert stand.message().state == "sent"


def test_the_same_receipt_again_takes_effect_once(stand: Stand) -> None:
    asked(stand)
    reference = stand.message().current().reference
    first, second = (stand.receipt(reference, "delivered", receipt="receipt-1") for _ in range(2))
    assert first.json == second.json == {"state": "delivered"}
    assert stand.said() == ["message.delivered"]
    assert stand.receipt(reference, "failed", receipt="receipt-1").status_code == 422


def test_a_receipt_of_an_unknown_reference_is_not_found(stand: Stand) -> None:
    assert stand.receipt("0" * 32, "delivered").status_code == 404


def test_a_bad_receipt_leads_to_the_next_medium(stand: Stand) -> None:
    """E-112."""
    asked(stand)
    assert stand.receipt(stand.message().current().reference, "failed").json == {"state": "pending"}
    stand.send_all()
    assert (stand.message().state, stand.message().current().medium) == ("listed", "call")


def test_a_receipt_is_taken_while_all_other_services_are_stopped(stand: Stand) -> None:
    asked(stand)
    stand.answers.away = {"intake", "dispatch", "supervision", "feedback"}
    assert stand.receipt(stand.message().current().reference, "delivered").status_code == 200


def test_the_gateways_own_receipt_is_understood(stand: Stand) -> None:
    """The bundled gateway and the platform speak alike: its words go through the web's test client."""
    asked(stand)
    reference = stand.message().current().reference
    body = b'{"receipt": "from-the-gateway", "reference": "%s", "state": "delivered"}' % reference.encode()
    headers = {"X-Huiyin-Signature": stand.gateway.signed(body), "Content-Type": "application/json"}
    assert stand.client.post("/receipts/sms", data=body, headers=headers).status_code == 200


# -- work lists --------------------------------------------------------------------------


def test_a_letter_is_listed_without_identity(stand: Stand) -> None:
    asked(stand, "letter")
    (task,) = stand.get("/tasks?medium=letter").json["tasks"]  # type: ignore[index]
    assert (task["number"], task["id"], task["state"]) == (NUMBER, "intake:a", "listed")
    assert not any(value in str(task) for value in WANG.values())
    assert stand.get("/tasks?medium=call").json == {"tasks": []}
    assert stand.get("/tasks?medium=letter", office="community-centre").json == {"tasks": []}


def test_lists_are_paged_by_task(stand: Stand) -> None:
    stand.hear(registered(stand.house.base, ("letter",)))
    units = ("chenzhong_street", "p1")
    stand.hear(requested("a", addressee_kind="unit", addressee=units[0], template="order_given"))
    stand.hear(requested("b"))
    stand.send_all()
    pages = [stand.get(f"/tasks?medium=letter&skip={n}&limit=1").json["tasks"] for n in range(3)]  # type: ignore[index]
    assert [[task["message"] for task in page] for page in pages] == [["a"], ["b"], []]


def test_a_tasks_content_is_written_when_it_is_opened_and_recorded(
    stand: Stand, database: Database[dict[str, Any]]
) -> None:
    asked(stand, "letter", **RESULT)
    opened = stand.get(f"{LETTER}/content", role="records")
    assert opened.status_code == 200
    assert (opened.json["to"], opened.json["name"]) == (WANG["address"], WANG["name"])  # type: ignore[index]
    assert REPLY in opened.json["body"]  # type: ignore[index]
    row = database.audit.find_one({"what": "content.opened"})
    assert row is not None
    assert (row["who"]["subject"], row["case"]) == ("records-1", NUMBER)
    kept = str(list(database.audit.find())) + str(list(database.correspondences.find()))
    assert not any(secret in kept for secret in (*WANG.values(), REPLY))


def test_without_intake_no_content_is_shown(stand: Stand, database: Database[dict[str, Any]]) -> None:
    asked(stand, "letter")
    stand.answers.away = {"intake"}
    assert stand.get(f"{LETTER}/content").status_code == 503
    assert database.audit.find_one({"what": "content.opened"}) is None


@pytest.mark.clause("S0-35", "S2-58")
def test_whom_intake_shuts_out_finds_no_such_task(stand: Stand, database: Database[dict[str, Any]]) -> None:
    asked(stand, "letter")
    stand.answers.refusing = {"intake": HIDDEN}
    refused = stand.get(f"{LETTER}/content")
    assert (refused.status_code, refused.json["detail"]) == (404, str(no_such(NUMBER)))  # type: ignore[index]
    assert database.audit.find_one({"what": "content.opened"}) is None
    stand.answers.refusing = {}
    assert stand.get(f"{LETTER}/content", role="records").status_code == 200
    who = stand.answers.asked[-1]["who"]
    assert (who["subject"], who["role"], who["office"]) == ("records-1", "records", OFFICE)


@pytest.mark.clause("S2-26", "E-71")
def test_a_letter_of_an_accusing_matter_is_opened_with_intakes_leave_alone(stand: Stand) -> None:
    stand.hear(registered(stand.house.base, ("letter",)))
    changed = Circle(version=2, matters=(MatterCircle(matter="m1", accusing=True),))
    stand.hear(e.CircleChanged(circle=changed, matters=("m1",), cause="accused", changed_at=NOON))
    outside = {"addressee_kind": "outside", "addressee": "discipline_inspection", "matter": "m1"}
    stand.hear(requested("a", template="accusation_letter", **outside))
    paper = {"addressee_kind": "unit", "addressee": "chenzhong_street"}  # of the case as a whole
    stand.hear(requested("b", template="order_given", **paper))
    stand.send_all()
    for word in ("a", "b"):
        path = f"/tasks/{NUMBER}/intake:{word}/content"
        stand.answers.away = {"intake"}
        assert stand.get(path).status_code == 503
        stand.answers.away = set()
        assert stand.get(path).status_code == 200
        assert stand.answers.asked[-1] == {
            "number": NUMBER,
            "matter": "m1",
            "subject": "operator-1",
            "role": "operator",
            "unit": "",
        }


def test_a_paper_order_for_a_unit_without_account_needs_no_intake(stand: Stand) -> None:
    """E-66."""
    stand.answers.away = {"intake"}
    asked(stand, template="order_given", addressee_kind="unit", addressee="chenzhong_street")
    opened = stand.get(f"{LETTER}/content").json
    assert opened["name"] == "晨钟街道办事处"  # type: ignore[index]


def test_a_posted_letter_is_done_once_with_its_mail_number(stand: Stand) -> None:
    asked(stand, "letter")
    body = {"outcome": "delivered", "mail_number": "XA123456789CN"}
    first, second = (stand.post(f"{LETTER}/done", body, key="same-key-1") for _ in range(2))
    assert first.status_code == 200
    assert first.json == second.json
    assert stand.said() == ["message.delivered"]
    assert stand.post(f"{LETTER}/done", body).status_code == 409
    assert stand.get(f"{LETTER}/content").status_code == 409


@pytest.mark.parametrize("role", ["unit", "leader", "dispatcher", "auditor"])
def test_work_lists_are_for_those_who_work_them_off(stand: Stand, role: str) -> None:
    asked(stand, "letter")
    assert stand.get("/tasks?medium=letter", role=role).status_code == 403
    assert stand.get(f"{LETTER}/content", role=role).status_code == 403
    assert stand.post(f"{LETTER}/done", {"outcome": "delivered"}, role=role).status_code == 403


def test_another_offices_task_is_as_if_there_were_none(stand: Stand) -> None:
    """E-84."""
    asked(stand, "letter")
    assert stand.get(f"{LETTER}/content", office="community-centre").status_code == 404
    assert stand.get(f"/messages/{NUMBER}", office="community-centre").status_code == 404


# -- messages and what is uncertain --------------------------------------------------------


def test_all_messages_of_a_case_are_shown_with_their_states(stand: Stand) -> None:
    asked(stand)
    (shown,) = stand.get(f"/messages/{NUMBER}").json["messages"]  # type: ignore[index]
    assert (shown["state"], shown["attempts"][0]["medium"]) == ("sent", "sms")
    assert not any(value in str(shown) for value in WANG.values())


def test_what_is_uncertain_is_listed_until_it_is_settled(stand: Stand) -> None:
    uncertain(stand)
    (shown,) = stand.get("/uncertain").json["messages"]  # type: ignore[index]
    assert (shown["number"], shown["id"]) == (NUMBER, "intake:a")
    settled = stand.post(f"/messages/{NUMBER}/intake:a/settlement", {"decision": "delivered"})
    assert (settled.status_code, settled.json["state"]) == (200, "delivered")  # type: ignore[index]
    assert stand.get("/uncertain").json == {"messages": []}
    assert stand.said() == ["message.uncertain", "message.delivered"]


def test_what_is_uncertain_is_counted(stand: Stand) -> None:
    uncertain(stand)
    sending.count_uncertain(stand.house)
    assert b"huiyin_uncertain_cases 1.0" in stand.house.base.metrics.page()


def test_sent_again_by_a_person_it_bears_a_new_reference(stand: Stand) -> None:
    uncertain(stand)
    stand.post(f"/messages/{NUMBER}/intake:a/settlement", {"decision": "resend"})
    stand.send_all()
    assert (len(stand.gateway.messages), stand.message().state) == (2, "sent")


def test_only_an_operator_settles(stand: Stand) -> None:
    uncertain(stand)
    path = f"/messages/{NUMBER}/intake:a/settlement"
    assert stand.post(path, {"decision": "delivered"}, role="admin").status_code == 403
    assert stand.post(path, {"decision": "perhaps"}).status_code == 422
    assert stand.get("/uncertain", role="callback").status_code == 403
