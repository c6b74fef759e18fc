"""Voice, writing, pictures, videos are taken and kept with the text; what is doubtful is shut (S3)."""

import hashlib
import io

import pytest
from PIL import Image

from tests.scenarios.desk_of_enclosures import refusal, upload
from tests.scenarios.driver import Driver

WHY = {"reason": "核对来件"}


def picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (64, 48), (10, 90, 40)).save(target, "JPEG")
    return target.getvalue()


FILES = {
    "a.amr": (b"#!AMR\n" + b"\x3c\x91\x17" * 40, "voice"),
    "b.txt": ("垃圾桶一周没有清运".encode(), "text"),
    "c.jpg": (picture(), "picture"),
    "d.mp4": (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 64, "video"),
}


@pytest.mark.clause("S3-25", "S3-35")
def test_voice_text_picture_and_video_are_kept_beside_the_words_with_their_hash(city_hotline: Driver) -> None:
    operator, number = city_hotline.role("operator"), city_hotline.registered()
    for name, (content, _) in FILES.items():
        upload(operator, number, name, content, matter="m1")
    case = city_hotline.case(number)
    assert case["matters"][0]["text"], "the words are there, too"
    hashes = [hashlib.sha256(content).hexdigest() for content, _ in FILES.values()]
    assert [(file["kind"], file["matter"]) for file in case["files"]] == [
        (kind, "m1") for _, kind in FILES.values()
    ]
    assert [file["sha256"] for file in case["files"]] == hashes
    for file, (content, _) in zip(case["files"], FILES.values(), strict=True):
        path = f"/cases/{number}/files/{file['id']}"
        assert operator.line.send("GET", "intake", path, headers=operator.headers()).content == content


@pytest.mark.clause("E-49")
def test_an_attachment_that_cannot_be_read_or_is_illegal_is_shut_and_the_case_stands(
    city_hotline: Driver,
) -> None:
    operator, records = city_hotline.role("operator"), city_hotline.role("records")
    number = city_hotline.registered()
    files = f"/cases/{number}/files"
    program = upload(operator, number, "a.jpg", b"MZ\x90\x00" + b"\x00" * 600)
    broken = upload(operator, number, "b.jpg", picture()[:300])
    fine = upload(operator, number, "c.jpg", picture())
    doubts = [file["quarantine"] and file["quarantine"]["doubts"] for file in (program, broken, fine)]
    assert doubts == [["not_taken"], ["unreadable"], None]
    assert fine["scan"] == "unscanned", "nothing is called clean that was not scanned"
    operator.post("intake", f"{files}/f3/quarantine", WHY)
    listed = records.all("intake", "/quarantine", "files")
    mine = {file["file"]: file["quarantine"]["doubts"] for file in listed if file["number"] == number}
    assert mine == {"f1": ["not_taken"], "f2": ["unreadable"], "f3": ["illegal"]}
    for file in mine:
        path = f"{files}/{file}"
        assert refusal(lambda path=path: operator.get("intake", path)) == "quarantined"
        forbidden = refusal(lambda path=path: operator.post("intake", f"{path}/quarantine/opening", WHY))
        assert forbidden == "forbidden"
    headers = {**records.headers(), "Idempotency-Key": f"opening-{number}"}
    opened = records.line.send("POST", "intake", f"{files}/f2/quarantine/opening", json=WHY, headers=headers)
    assert opened.content == picture()[:300]
    records.post("intake", f"{files}/f1/quarantine/verdict", {"decision": "rejected", **WHY})
    records.post("intake", f"{files}/f3/quarantine/verdict", {"decision": "released", **WHY})
    assert refusal(lambda: operator.get("intake", f"{files}/f1")) == "quarantined"
    let_out = operator.line.send("GET", "intake", f"{files}/f3", headers=operator.headers())
    assert let_out.content == picture()
    assert city_hotline.until_said(number, "case.registered")
