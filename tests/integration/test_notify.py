"""Notify with the four other services stopped: what it sends, lists, takes back and closes."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from huiyin.contracts.questions import RESTRICTED
from services.notify.domain import delivery
from services.notify.use_cases import writing
from tests.integration.notify_stand import (
    CONCLUDED,
    NOON,
    NUMBER,
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


def opened(stand: Stand, *media: Any, channel: str = "web", number: str = NUMBER) -> None:
    stand.hear(registered(stand.house.base, media or ("sms", "call"), channel), number=number)


# -- sending -----------------------------------------------------------------------------


def test_an_sms_goes_out_once_and_is_delivered_by_its_receipt(stand: Stand) -> None:
    opened(stand)
    stand.hear(requested())
    stand.send_all()
    (sms,) = stand.gateway.messages.values()
    assert sms.to == WANG["phone"]
    assert sms.text.startswith("【回音市市长热线】王秀英：")
    assert NUMBER in sms.text
    assert stand.message().state == "sent"
    assert stand.receipt(sms.reference, "delivered").json == {"state": "delivered"}
    assert stand.said() == ["message.delivered"]


def test_a_result_is_fetched_when_it_is_written_and_never_kept(
    stand: Stand, database: Database[dict[str, Any]], capfd: pytest.CaptureFixture[str]
) -> None:
    opened(stand)
    stand.hear(requested(**RESULT), source="feedback")
    stand.send_all()
    (sms,) = stand.gateway.messages.values()
    assert f"{REPLY}\n{REPLY}" in sms.text
    contact, *texts = stand.answers.asked
    assert contact == {
        "number": NUMBER,
        "party": "p1",
        "purpose": "deliver:result_ready",
        "request": sms.reference,
        "asker": "notify",
    }
    assert texts == [
        {"number": NUMBER, "order": "m1-1", "reply": 1},
        {"number": NUMBER, "order": "m1-2", "reply": 3},
    ]
    kept = str(list(database.correspondences.find())) + capfd.readouterr().out
    assert not any(secret in kept for secret in (*WANG.values(), REPLY))


def test_a_progress_link_goes_by_sms_alone_and_is_never_kept(
    stand: Stand, database: Database[dict[str, Any]], capfd: pytest.CaptureFixture[str]
) -> None:
    """Newer words of the case neither overtake it nor are kept back by it."""
    stand.answers.identity["link"] = "/progress/a-link"
    opened(stand, "sms", "mail", "letter")
    stand.hear(requested("later"), at=NOON + timedelta(hours=1))
    stand.send_all()
    stand.hear(requested("link", template="progress_link"))
    stand.send_all()
    texts = [sms.text for sms in stand.gateway.messages.values()]
    assert len([text for text in texts if "https://huiyin.example/progress/a-link" in text]) == 1
    assert stand.message("link").state == "sent"
    assert stand.answers.asked[-1]["purpose"] == "deliver:progress_link"
    assert "a-link" not in str(list(database.correspondences.find())) + capfd.readouterr().out
    without = "SZ20260605W00009"
    opened(stand, "mail", "letter", number=without)
    stand.hear(requested("link", template="progress_link"), number=without)
    stand.send_all()
    found = stand.house.correspondences.get(without).state
    assert [(m.state, m.reason) for m in found.messages] == [("failed", "no-medium")]


def test_a_mail_to_a_unit_needs_no_other_service(stand: Stand) -> None:
    stand.answers.away = {"intake", "dispatch"}
    opened(stand)
    stand.hear(
        requested(template="order_given", addressee_kind="unit", addressee="urban_management"),
        source="dispatch",
    )
    stand.send_all()
    (mail,) = stand.mailbox.mails
    assert (mail["To"], mail["Subject"]) == ("cgj@huiyin.example", f"交办单：编号 {NUMBER}")
    assert mail.get_content().startswith("市城市管理局：")
    attempt = stand.message(source="dispatch").attempts[0]
    assert mail["Message-ID"] == f"<{attempt.reference}@huiyin.example>"
    assert stand.said() == ["message.delivered"]


def test_staff_are_written_to_at_their_unit(stand: Stand) -> None:
    opened(stand)
    stand.hear(requested(template="instruction_needed", addressee_kind="role", addressee="leader"))
    stand.send_all()
    assert stand.mailbox.counts() == {"zfb@huiyin.example": 1}
    assert stand.mailbox.mails[0].get_content().startswith("严正清：")


def test_the_same_message_asked_by_another_event_goes_out_once(stand: Stand) -> None:
    """E-119."""
    opened(stand)
    stand.hear(requested(), requested())
    stand.hear(requested())
    stand.send_all()
    assert stand.gateway.posts == 1


def test_a_message_before_its_case_waits(stand: Stand) -> None:
    stand.hear(requested())
    assert stand.house.base.waiting.counts()["waiting"] == 1
    opened(stand)
    stand.machine.ahead += timedelta(minutes=1)
    stand.house.ear.digest.retry()
    stand.send_all()
    assert len(stand.gateway.messages) == 1


def test_while_nobody_gives_the_contact_the_message_waits_and_others_go(stand: Stand) -> None:
    stand.answers.away = {"intake"}
    opened(stand)
    stand.hear(requested())
    stand.hear(requested("b", template="order_given", addressee_kind="unit", addressee="ecology"))
    stand.send_all()
    assert (stand.message().state, stand.message("b").state) == ("pending", "delivered")
    for _ in range(20):
        stand.pass_time(200)
    assert stand.message().state == "pending"
    stand.answers.away = set()
    stand.pass_time(200)
    assert stand.message().state == "sent"


def test_a_party_without_that_contact_is_reached_by_the_next_medium(stand: Stand) -> None:
    stand.answers.identity["phone"] = ""
    opened(stand, "sms", "mail")
    stand.hear(requested())
    stand.send_all()
    assert [(a.medium, a.end) for a in stand.message().attempts] == [("sms", "no-contact"), ("mail", "")]
    assert stand.mailbox.counts() == {WANG["email"]: 1}


def test_at_night_nothing_rings_and_in_the_morning_it_does(stand: Stand) -> None:
    """E-112."""
    stand.office.set(NOON + timedelta(hours=10))
    opened(stand)
    stand.hear(requested())
    stand.pass_time(3600)
    assert stand.gateway.posts == 0
    stand.office.advance(timedelta(hours=9, minutes=59))
    stand.send_all()
    assert stand.gateway.posts == 0
    stand.office.advance(timedelta(minutes=1))
    stand.send_all()
    assert stand.gateway.posts == 1


def test_a_message_that_cannot_be_written_fails_visibly(stand: Stand) -> None:
    opened(stand)
    stand.hear(requested(template="result_ready"))  # without its category
    stand.send_all()
    assert stand.message().reason == "not-writable"
    assert stand.said() == ["message.failed"]


def test_who_asked_that_nobody_open_the_contact_is_written_no_more(stand: Stand) -> None:
    """E-35: at once and by no other medium; any other refusal is tried again."""
    opened(stand, "sms", "mail")
    stand.hear(requested())
    stand.answers.refusing["intake"] = "NoSuchParty"
    stand.send_all()
    assert stand.said() == []
    stand.answers.refusing["intake"] = RESTRICTED
    stand.pass_time(200)
    assert stand.message().reason == "restricted"
    assert stand.said() == ["message.failed"]
    assert not stand.gateway.messages
    assert not stand.mailbox.mails


def test_a_case_that_fails_does_not_stop_the_others(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(stand)
    opened(stand, number="SZ20260605W00002")
    stand.hear(requested())
    stand.hear(requested(), number="SZ20260605W00002")
    written = writing.outgoing

    def broken(house: Any, correspondence: Any, message: Any) -> Any:
        if correspondence.number == NUMBER:
            raise RuntimeError("a bug")
        return written(house, correspondence, message)

    monkeypatch.setattr(writing, "outgoing", broken)
    stand.send_all()
    assert stand.message(number="SZ20260605W00002").state == "sent"
    assert stand.message().state == "pending"


def test_a_message_whose_step_fails_is_left_alone_for_a_lease_and_the_case_s_others_go_on(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(stand)
    stand.hear(requested())
    stand.hear(requested("b", template="order_given", addressee_kind="unit", addressee="ecology"))
    claim = delivery.claim

    def broken(correspondence: Any, key: str, rules: Any) -> Any:
        if key == stand.message().id:
            raise RuntimeError("a bug")
        return claim(correspondence, key, rules)

    monkeypatch.setattr(delivery, "claim", broken)
    stand.send_all()  # which finds an end, since the message is due no more
    assert (stand.message().state, stand.message("b").state) == ("pending", "delivered")
    monkeypatch.undo()
    stand.pass_time(600)
    assert stand.message().state == "sent"


# -- failing -----------------------------------------------------------------------------


def test_a_gateway_in_trouble_is_tried_again_under_the_same_reference(stand: Stand) -> None:
    stand.gateway.mode = "broken"
    opened(stand)
    stand.hear(requested())
    stand.send_all()
    stand.gateway.mode = "taking"
    stand.pass_time(10)
    (sms,) = stand.gateway.messages.values()
    assert (stand.gateway.posts, sms.posts, stand.message().state) == (2, 1, "sent")


def test_a_gateway_that_stays_in_trouble_gives_way_to_the_next_medium(stand: Stand) -> None:
    """E-112."""
    stand.gateway.mode = "broken"
    opened(stand, "sms", "mail")
    stand.hear(requested())
    for _ in range(10):
        stand.pass_time(1000)
    assert stand.gateway.posts == 8
    assert [(a.medium, a.end) for a in stand.message().attempts] == [("sms", "tries-exhausted"), ("mail", "")]
    assert stand.said() == ["message.delivered"]


def test_what_the_gateway_refuses_is_not_tried_again(stand: Stand) -> None:
    stand.gateway.mode = "refusing"
    opened(stand, "sms")
    stand.hear(requested())
    stand.send_all()
    assert (stand.gateway.posts, stand.message().reason) == (1, "gateway-422")
    assert stand.said() == ["message.failed"]


def test_a_gateway_that_is_not_there_is_tried_again(stand: Stand) -> None:
    stand.gateway.stop()
    opened(stand)
    stand.hear(requested())
    stand.send_all()
    assert (stand.message().state, stand.message().current().tries) == ("pending", 1)


def test_a_connection_dropped_after_taking_is_cleared_up_by_asking(stand: Stand) -> None:
    stand.gateway.mode = "dropping"
    opened(stand)
    stand.hear(requested())
    stand.send_all()
    assert stand.message().state == "sending"
    stand.pass_time(10)
    assert (stand.gateway.posts, stand.message().state) == (1, "sent")


def test_an_answer_too_late_is_cleared_up_by_asking(stand: Stand) -> None:
    stand.gateway.mode, stand.gateway.slow_s = "slow", 1.2
    opened(stand)
    stand.hear(requested())
    stand.send_all()
    assert stand.message().state == "sending"
    stand.gateway.mode = "taking"
    stand.pass_time(10)
    (sms,) = stand.gateway.messages.values()
    assert stand.message().state == "sent"
    assert sms.text  # sent once, whichever of the two came first


def test_a_dropped_connection_to_a_gateway_that_cannot_say_is_left_to_a_person(stand: Stand) -> None:
    stand.gateway.mode, stand.gateway.knows = "dropping", False
    opened(stand)
    stand.hear(requested())
    stand.send_all()
    stand.pass_time(10)
    assert stand.message().state == "uncertain"
    assert stand.said() == ["message.uncertain"]
    assert stand.gateway.posts == 1


def test_a_mail_refused_for_good_goes_to_paper(stand: Stand) -> None:
    stand.answers.identity["email"] = "nobody@huiyin.example"
    opened(stand, "mail", "letter", channel="mailbox")
    stand.hear(requested())
    stand.send_all()
    assert [(a.medium, a.end) for a in stand.message().attempts] == [("mail", "smtp-550"), ("letter", "")]
    assert stand.message().state == "listed"


def test_a_mail_server_that_puts_us_off_is_tried_again(stand: Stand) -> None:
    stand.mailbox.busy = True
    opened(stand, "mail")
    stand.hear(requested())
    stand.send_all()
    assert stand.message().state == "pending"
    stand.mailbox.busy = False
    stand.pass_time(10)
    assert stand.message().state == "delivered"


def test_a_mail_address_that_is_none_fails_at_once(stand: Stand) -> None:
    stand.answers.identity["email"] = "a@b.example\r\nBcc: c@d.example"
    opened(stand, "mail")
    stand.hear(requested())
    stand.send_all()
    assert (stand.message().reason, stand.mailbox.mails) == ("mail-address", [])


# -- the part ----------------------------------------------------------------------------


def test_the_part_closes_once_with_the_count_of_all_that_was_said(stand: Stand) -> None:
    opened(stand)
    stand.hear(requested(), CONCLUDED)
    stand.send_all()
    assert stand.said() == []
    (sms,) = stand.gateway.messages.values()
    stand.receipt(sms.reference, "delivered")
    assert stand.said() == ["message.delivered", "part.closed"]
    events = [v for step in stand.house.correspondences.history(NUMBER) for v in step["events"]]
    assert (events[-1]["data"], events[-1]["sequence"]) == ({"count": 2, "round": 1}, 2)
