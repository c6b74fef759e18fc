"""Every field that takes words is one in which somebody is planted, or is named with a reason."""

from deploy.local.leaks.answers import Answered
from deploy.local.leaks.fields import NOBODY, planted, taking_words
from deploy.local.leaks.needles import Needles
from deploy.local.leaks.people import people
from deploy.local.permissions import specs
from huiyin.chassis.web.uploads import ONE_FILE


def test_what_is_named_as_nobodys_is_a_field_that_takes_words() -> None:
    assert set(NOBODY) - taking_words(specs()) == set()
    assert all(NOBODY.values())


def test_a_field_that_comes_new_is_found_in_the_openapi() -> None:
    words = {"type": "object", "properties": {"why": {"type": "string"}, "on": {"type": "string"}}}
    words["properties"]["on"]["format"] = "date"  # type: ignore[index]
    content = {"application/json": {"schema": words}}
    spec = {"paths": {"/new/{one}": {"post": {"requestBody": {"content": content}}}}}
    assert taking_words({"intake": spec}) == {"intake /new/{one} why"}


def test_a_file_is_a_field() -> None:
    (who,) = people(1, 4)
    spec = {"paths": {"/new/{one}/files": {"post": {"requestBody": ONE_FILE}}}}
    fields = taking_words({"intake": spec})
    sent = Answered("POST", "intake", "/new/1/files", b"", b"", 201, {"file": who.name.encode()})
    assert fields == {"intake /new/{one}/files file"} == planted([sent], Needles([who]), fields)


def test_only_who_stood_in_a_request_that_was_taken_was_planted() -> None:
    (who,) = people(1, 4)
    fields = {"intake /new/{one} why", "intake /new/{one} note"}
    body = {"why": f"我叫{who.name}", "note": "没有人"}
    for status, found in ((201, {"intake /new/{one} why"}), (422, set())):
        asked = Answered("POST", "intake", "/new/1", b"", b"", status, body)
        assert planted([asked], Needles([who]), fields) == found
