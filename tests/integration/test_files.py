"""Files of a case on a real store: sealed as they came, and out only as a copy that a person released."""

import io
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from huiyin.chassis.clocks import SystemMachineClock
from huiyin.chassis.sealed_files import PIECE_BYTES, FileDamaged, SealedFiles
from services.intake.domain.filing import held
from services.intake.use_cases import files
from tests.integration.test_intake import FORM, Stand, stand

__all__ = ["stand"]

WHERE = "39.9042N-116.4074E"
#: With what might be the beginning of a boundary, so that the reader holds some of it back.
VOICE = b"#!AMR\n" + b"\x3c\x08\r\n\x91\x17\r\n--" * 160_000 + b"\x17" * 3


def photo(remark: str = WHERE, kind: str = "JPEG") -> bytes:
    picture, target = Image.new("RGB", (640, 480), (180, 40, 40)), io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = remark
    exif[0x0112] = 6
    picture.save(target, kind, exif=exif, comment=remark.encode())
    return target.getvalue()


def case_of(stand: Stand) -> str:
    number: str = stand.register(FORM).json["number"]  # type: ignore[index]
    return number


def send(
    stand: Stand, path: str, content: bytes, name: str = "柏守拙家.jpg", key: str = "", **who: Any
) -> TestResponse:
    boundary, body = encode_multipart({"file": FileStorage(io.BytesIO(content), name)})
    mimetype = f"multipart/form-data; boundary={boundary}"
    return stand.post(path, key=key or uuid.uuid4().hex, data=body, content_type=mimetype, **who)


def fetch(stand: Stand, path: str, role: str) -> TestResponse:
    return stand.get(path, role)


def everything(stand: Stand) -> bytes:
    names = stand.database.list_collection_names()
    return b"".join(repr(row).encode() for name in names for row in stand.database[name].find_raw_batches())


def holds(stand: Stand) -> Callable[[str, str], bool]:
    return lambda number, stored: stored in held(stand.house.cases.get(number).state)


def test_a_file_is_kept_sealed_and_opens_as_it_came_for_intakes_people_alone(stand: Stand) -> None:
    number = case_of(stand)
    sent = photo()
    added = send(stand, f"/cases/{number}/files", sent)
    assert added.status_code == 201, added.json
    told = added.json
    assert told is not None
    assert (told["id"], told["kind"], told["media"], told["size"]) == (
        "f1",
        "picture",
        "image/jpeg",
        len(sent),
    )
    raw = everything(stand)
    assert WHERE.encode() not in raw
    assert sent[300:340] not in raw
    assert repr(sent[300:340])[2:-1].encode() not in raw
    assert "柏守拙".encode() not in raw
    opened = fetch(stand, f"/cases/{number}/files/f1", "supervisor")
    assert (opened.status_code, opened.data, opened.mimetype) == (200, sent, "image/jpeg")
    assert stand.database["audit"].count_documents({"what": "file.opened", "case": number}) == 1
    assert fetch(stand, f"/cases/{number}/files/f1", "unit").status_code == 403
    assert stand.get(f"/cases/{number}").json["files"] == [told]  # type: ignore[index]


def test_a_unit_with_an_order_gets_the_released_copy_which_lost_what_the_camera_wrote(stand: Stand) -> None:
    number = case_of(stand)
    send(stand, f"/cases/{number}/files", photo())
    address = f"/cases/{number}/files/f1/copy"
    assert fetch(stand, address, "records").json["code"] == "no-such-file"  # type: ignore[index]
    released = stand.post(f"/cases/{number}/files/f1/stripped-release", "records", json={})
    assert (released.status_code, released.json["released"]) == (200, True)  # type: ignore[index]
    assert fetch(stand, address, "unit").json["code"] == "not-found"  # type: ignore[index]
    order = {"id": "m1-1", "unit": "gas_company", "matter": "m1", "head": "", "ended": False}
    stand.database["cases"].update_one({"number": number}, {"$set": {"state.orders": [order]}})
    copy = fetch(stand, address, "unit")
    assert copy.status_code == 200
    assert WHERE.encode() not in copy.data
    picture = Image.open(io.BytesIO(copy.data))
    assert (picture.size, len(picture.getexif())) == ((480, 640), 0), "turned upright, as the camera was held"
    (seen,) = stand.get(f"/cases/{number}", "unit").json["files"]  # type: ignore[index]
    assert (sorted(seen), seen["copy"]["size"]) == (["copy", "id", "kind"], len(copy.data))
    assert stand.database["audit"].count_documents({"what": "file.copy.opened", "case": number}) == 1


@pytest.mark.parametrize("way", ["stripped-release", "release"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_no_copy_keeps_what_the_camera_wrote(stand: Stand, kind: str, way: str) -> None:
    number, sent = case_of(stand), photo(kind=kind)
    assert WHERE.encode() in sent
    send(stand, f"/cases/{number}/files", sent)
    address = f"/cases/{number}/files/f1/{way}"
    if way == "release":
        released = send(stand, address, sent, role="records")
    else:
        released = stand.post(address, "records", json={})
    assert released.status_code == 200, released.json
    copy = fetch(stand, f"/cases/{number}/files/f1/copy", "callback").data
    picture = Image.open(io.BytesIO(copy))
    assert (picture.size, len(picture.getexif())) == ((480, 640), 0)
    assert WHERE.encode() not in copy


def test_voice_goes_out_only_as_the_copy_that_a_person_made_and_a_better_one_takes_its_place(
    stand: Stand,
) -> None:
    number = case_of(stand)
    send(stand, f"/cases/{number}/files", VOICE, "录音.amr")
    refused = stand.post(f"/cases/{number}/files/f1/stripped-release", "records", json={})
    assert (refused.status_code, refused.json["code"]) == (422, "file-not-taken")  # type: ignore[index]
    address = f"/cases/{number}/files/f1/release"
    assert send(stand, address, photo()).json["code"] == "file-not-taken", "no picture for a voice"  # type: ignore[index]
    first = send(stand, address, VOICE[:900_006], role="records")
    assert first.json["copy"]["size"] == 900_006  # type: ignore[index]
    send(stand, address, "他说：楼下油烟直排。".encode(), "笔录.txt", role="records")
    assert fetch(stand, f"/cases/{number}/files/f1/copy", "callback").data.decode() == "他说：楼下油烟直排。"


def test_the_same_key_adds_one_file_and_another_content_under_it_is_refused(stand: Stand) -> None:
    number = case_of(stand)
    address = f"/cases/{number}/files"
    first, again = (send(stand, address, VOICE, key="one-voice-one-file") for _ in range(2))
    assert first.json == again.json
    other = send(stand, address, photo(), key="one-voice-one-file")
    of_matter = send(stand, f"{address}?matter=m1", VOICE, key="one-voice-one-file")
    for refused in (other, of_matter):
        assert (refused.status_code, refused.json["code"]) == (422, "idempotency-key-reused")  # type: ignore[index]
    assert stand.database["files.files"].count_documents({}) == 1


def test_a_file_is_about_one_matter_that_there_is_or_about_the_case_as_a_whole(stand: Stand) -> None:
    address = f"/cases/{case_of(stand)}/files"
    told = [send(stand, f"{address}{of}", VOICE).json for of in ("", "?matter=m1")]
    assert [file["matter"] for file in told] == [None, "m1"]  # type: ignore[index]
    refused = send(stand, f"{address}?matter=m9", VOICE)
    assert (refused.status_code, refused.json["code"]) == (404, "no-such-matter")  # type: ignore[index]


FOREIGN = {
    "b.jpg": (b"MZ\x90\x00" + b"\x00" * 500, "not_taken"),
    "c.pdf": (b"PK\x03\x04" + b"\x14\x00" * 300, "not_taken"),
    "d.png": (b"GIF89a" + b"\x01" * 300, "not_taken"),
    "e.txt": ("正文".encode() * 5000 + b"\x00\x01", "unreadable"),
    "e.exe": (b"\xff\xd8\xff\xe0", "unreadable"),
}


PART = b"--b\r\nContent-Disposition: form-data; "
MALFORMED = (
    (b"--b\r\nnonsense", "multipart/form-data; boundary=b", 400),
    (PART + b'name="file"; filename="a"\r\n\r\nbroken off', "multipart/form-data; boundary=b", 400),
    (PART + b'name="other"\r\n\r\nx\r\n--b--', "multipart/form-data; boundary=b", 422),
    (b"{}", "application/json", 415),
)


def test_what_a_file_is_its_content_says_and_not_its_name(stand: Stand) -> None:
    number = case_of(stand)
    address = f"/cases/{number}/files"
    empty = send(stand, address, b"", "a.jpg")
    assert (empty.status_code, empty.json["code"]) == (422, "file-not-taken")  # type: ignore[index]
    assert not stand.database["files.files"].count_documents({})
    for name, (content, doubt) in FOREIGN.items():
        sent = send(stand, address, content, name)
        assert (name, sent.status_code) == (name, 201), "kept, and shut (E-49)"
        assert sent.json["quarantine"]["doubts"] == [doubt]  # type: ignore[index]
    copy = stand.post(f"{address}/f1/stripped-release", "records", json={})
    assert (copy.status_code, copy.json["code"]) == (409, "quarantined")  # type: ignore[index]
    assert send(stand, f"{address}/f1/release", photo(), role="records").status_code == 409
    for body, content_type, status in MALFORMED:
        assert stand.post(address, data=body, content_type=content_type).status_code == status, body
    assert send(stand, "/cases/SZ-D-20240927-999999-00/files", VOICE).status_code == 404
    assert send(stand, address, VOICE, office="community-centre").status_code == 404


def test_what_no_case_came_to_hold_is_swept_and_a_restricted_view_opens_no_original(stand: Stand) -> None:
    number = case_of(stand)
    send(stand, f"/cases/{number}/files", VOICE)
    stand.house.files.put("mayors-line", "2024-09", number, iter([b"left by a crash"]))
    files.sweep(stand.house)
    assert stand.database["files.files"].count_documents({}) == 2, "somebody may still be saving it"
    later = SystemMachineClock().now() + timedelta(hours=2)
    base = stand.house.base
    assert SealedFiles(base.database, base.sealer, lambda: later).sweep(holds(stand)) == 1
    assert stand.database["files.files"].count_documents({}) == 1
    assert fetch(stand, f"/cases/{number}/files/f1", "operator").data == VOICE
    stand.post(f"/cases/{number}/restriction", "custodian", json={"why": "诉求人书面要求"})
    closed = fetch(stand, f"/cases/{number}/files/f1", "operator")
    assert (closed.status_code, closed.json["code"]) == (403, "view-restricted")  # type: ignore[index]


def test_pieces_that_were_altered_swapped_or_cut_off_do_not_open(stand: Stand) -> None:
    content = bytes(range(256)) * (PIECE_BYTES * 2 // 256) + b"end"
    chunks, rows = stand.database["files.chunks"], stand.database["files.files"]
    for change in ("none", "altered", "swapped", "cut"):
        kept = stand.house.files.put("mayors-line", "2024-09", "n", iter([content]))
        first, second, last = chunks.find({"files_id": ObjectId(kept.id)}).sort("n")
        if change == "none":
            assert b"".join(stand.house.files.open(kept)) == content
            continue
        if change == "altered":
            chunks.update_one({"_id": first["_id"]}, {"$set": {"data": first["data"][:-1] + b"!"}})
        elif change == "swapped":
            chunks.update_one({"_id": first["_id"]}, {"$set": {"data": second["data"]}})
            chunks.update_one({"_id": second["_id"]}, {"$set": {"data": first["data"]}})
        else:
            chunks.delete_one({"_id": last["_id"]})
            rows.update_one({"_id": ObjectId(kept.id)}, {"$set": {"length": 2 * len(first["data"])}})
        with pytest.raises(FileDamaged):
            b"".join(stand.house.files.open(kept))
