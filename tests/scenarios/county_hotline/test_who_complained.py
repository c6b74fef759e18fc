"""Whoever handles a marked complaint never learns who made it: not by order, message, report or file (S1)."""

import io
import json
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from PIL import Image

from deploy.local.platform import Site
from huiyin.client.line import Json, Person
from tests.scenarios.desk_of_enclosures import refusal, upload
from tests.scenarios.driver import Driver

NAME, PHONE = "柏守拙", "19900000001"
WHO = (NAME, PHONE, "writer@mail.example", "石桥弄1号", "晨钟印刷厂")
TEXT = f"我叫{NAME}，电话{PHONE}，住白帆街道石桥弄1号，门前公路塌陷三个月无人修复。"
RECORDS = ("registration", "statistics", "transfer", "investigation", "urging", "closing", "archiving")
WHEN = {"since": "2024-01-01T00:00:00+08:00", "until": "2034-01-01T00:00:00+08:00"}


def told(*shown: object) -> str:
    """All that somebody was shown, as one text."""
    return json.dumps(shown, ensure_ascii=False)


def seen(unit: Person, number: str, order: str) -> list[Json]:
    """Everything that a unit is shown of a case of its own."""
    states = ("dispatched", "accepted", "replied", "approved")
    lists = [unit.all("dispatch", "/orders", "orders", state=state) for state in states]
    records = [unit.get("intake", f"/records/{record}", **WHEN) for record in RECORDS]
    return [
        unit.get("intake", f"/cases/{number}"),
        unit.get("supervision", f"/supervisions/{number}"),
        unit.get("supervision", f"/supervisions/{number}/orders/{order}/demands"),
        {"orders": lists, "records": records},
    ]


def mails(site: Site, number: str) -> list[str]:
    """Every mail about a case that the mail server took, whole."""
    taken = (
        message_from_bytes(f.read_bytes(), policy=default) for f in Path(site.folder, "mails").glob("*.eml")
    )
    texts = (f"{dict(mail)} {mail.get_content()}" for mail in taken)
    return [text for text in texts if number in text]


@pytest.mark.clause("S1-35")
def test_of_a_marked_complaint_the_unit_sees_what_is_wrong_and_never_who_says_so(
    county_hotline: Driver, site: Site
) -> None:
    office = county_hotline
    receipt = office.register(office.form(matter={"text": TEXT, "confidential": True}))
    number = receipt["number"]
    order = office.until(lambda: office.handling(number)["orders"][0])
    office.until(lambda: office.order(number, order["id"])["state"] == "dispatched")
    unit = office.holds(order)
    office.accept(number, order)
    office.reply(number, order, "已安排抢修。")
    office.until(lambda: number in {row["number"] for row in office.reviews()})
    office.review(number, order["id"], 1, failed=[office.folder.rulebook.review.criteria[0].id])
    office.until(lambda: unit.get("supervision", f"/supervisions/{number}/orders/{order['id']}/demands"))
    shown = seen(unit, number, order["id"])
    assert "公路塌陷三个月" in shown[0]["matters"][0]["text"]
    sent = office.until(lambda: mails(site, number))
    public = office.progress(number, receipt["query_code"])
    everything = told(shown, sent, office.said(number, "message.requested"), public)
    assert number in everything
    assert [who for who in WHO if who in everything] == []
    for path in ("identity", "files/f1"):
        assert refusal(lambda path=path: unit.get("intake", f"/cases/{number}/{path}")) == "forbidden"


def photo() -> bytes:
    """A picture into which the camera wrote whose it is."""
    target, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = PHONE
    Image.new("RGB", (64, 48), (10, 90, 40)).save(target, "JPEG", exif=exif, comment=NAME.encode())
    return target.getvalue()


@pytest.mark.clause("E-79")
def test_who_says_it_is_cut_from_words_voice_and_pictures_before_a_unit_has_them(
    county_hotline: Driver,
) -> None:
    office = county_hotline
    operator = office.role("operator")
    number, order = office.dispatched(matter={"text": TEXT})
    voice = b"#!AMR\n" + b"\x3c\x91\x17" * 40
    upload(operator, number, "a.amr", voice, matter="m1")
    upload(operator, number, "b.jpg", photo(), matter="m1")
    assert NAME.encode() in photo()
    assert PHONE.encode() in photo()
    unit = office.holds(order)
    case = office.until(lambda: unit.get("intake", f"/cases/{number}"))
    assert "公路塌陷三个月" in case["matters"][0]["text"]
    assert [who for who in WHO if who in told(case)] == []
    files = f"/cases/{number}/files"
    for file in ("f1", "f2"):
        assert refusal(lambda file=file: unit.get("intake", f"{files}/{file}")) == "forbidden"
        assert refusal(lambda file=file: unit.get("intake", f"{files}/{file}/copy")) == "no-such-file"
    operator.line.ask(
        "POST",
        "intake",
        f"{files}/f1/release",
        files={"file": ("f1.txt", "他说：门前公路塌陷。".encode())},
        headers={**operator.headers(), "Idempotency-Key": f"release-{number}"},
    )
    operator.post("intake", f"{files}/f2/stripped-release", {})
    spoken, picture = (
        unit.line.send("GET", "intake", f"{files}/{file}/copy", headers=unit.headers()).content
        for file in ("f1", "f2")
    )
    assert spoken.decode() == "他说：门前公路塌陷。"
    assert Image.open(io.BytesIO(picture)).size == (64, 48)
    assert NAME.encode() not in picture
    assert PHONE.encode() not in picture
