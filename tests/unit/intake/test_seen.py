"""Of a case that is partly walled off only the open matters are there, with the files about them (E-72)."""

from dataclasses import replace

import pytest
from bson import Binary

from services.intake.domain.case import Case
from services.intake.domain.files import Bytes, CaseFile
from services.intake.domain.seen import narrow
from tests.unit.intake.cases import AT, case

KEPT = Bytes(id="1", media="audio/amr", size=1, sha256="", key=Binary(b"sealed"))


def about(name: str, matter: str) -> CaseFile:
    return CaseFile(
        id=name,
        kind="voice",
        matter=matter,
        name=Binary(b"sealed"),
        original=KEPT,
        added_by="ml-operator-1",
        added_at=AT,
    )


def mixed() -> Case:
    one = case()
    two = replace(one.matters[0], id="m2")
    files = (about("f1", "m1"), about("f2", "m2"), about("f3", ""))
    return replace(one, matters=(*one.matters, two), files=files)


@pytest.mark.clause("E-72")
@pytest.mark.parametrize(
    ("matters", "files"), [(["m1"], ["f1"]), (["m2"], ["f2"]), (["m1", "m2"], ["f1", "f2", "f3"])]
)
def test_a_file_follows_its_matter_and_one_about_the_whole_case_needs_every_matter(
    matters: list[str], files: list[str]
) -> None:
    seen = narrow(mixed(), matters)
    assert [matter.id for matter in seen.matters] == matters
    assert [file.id for file in seen.files] == files
