"""How an SMS is worded and kept short, and what notices never show (E-78)."""

from typing import Any

import pytest

from huiyin.chassis.rulebook import Template
from services.notify.domain.wording import addressed, sms, withheld
from tests.unit.notify.given import folders

RESULT = Template("结果", "$addressee：\n\n您反映的问题（编号 $number）：\n\n$text\n\n$office\n")
GIVEN = {"addressee": "王秀英", "number": "SZ1", "office": "值班室"}


def written(text: str, longest: int, language: str = "zh") -> str:
    params = {**GIVEN, "text": text}
    return sms(RESULT, params, language=language, signature="【市长热线】", max_characters=longest)


def test_an_sms_bears_the_signature_first_and_no_empty_lines() -> None:
    assert written("已修好。", 500) == "【市长热线】王秀英：\n您反映的问题（编号 SZ1）：\n已修好。\n值班室"


def test_an_sms_of_just_the_allowed_length_is_whole() -> None:
    whole = written("修" * 20, 500)
    assert written("修" * 20, len(whole)) == whole


def test_a_text_too_long_is_left_to_the_query() -> None:
    short = written("修" * 1000, 100)
    assert "详情请凭编号查询" in short
    assert "修" not in short
    assert len(short) <= 100


def test_a_text_too_long_in_english_too() -> None:
    assert "look it up" in written("x" * 1000, 150, "en")


def test_only_what_is_still_too_long_is_cut() -> None:
    cut = written("修" * 1000, 20)
    assert len(cut) == 20
    assert cut.endswith("…")


def test_an_sms_without_text_is_cut_when_too_long() -> None:
    plain = Template("s", "很长" * 100)
    assert len(sms(plain, {}, language="zh", signature="【】", max_characters=30)) == 30


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_offices_sms_brings_a_progress_link_whole(language: str) -> None:
    link = f"/progress/{'x' * 200}"
    for office in folders().values():
        book, template = office.rulebook, office.template("progress_link", language)
        params = {"number": "SZ-D-20241008-000012-35", "link": link}
        limits: dict[str, Any] = {
            "signature": book.notify.sms.signature,
            "max_characters": book.notify.sms.max_characters,
        }
        assert f"{link}\n" in sms(template, params, language=language, **limits), book.office.id


def test_who_gave_no_name_is_addressed_all_the_same() -> None:
    assert addressed("", "zh") == "诉求人"
    assert addressed("", "en") == "Sir or Madam"
    assert addressed("王秀英", "zh") == "王秀英"


@pytest.mark.clause("E-78")
@pytest.mark.parametrize("office", folders())
@pytest.mark.parametrize("name", ["case_registered", "transfer_notice", "case_concluded"])
def test_a_notice_shows_no_content_whoever_reads_it(office: str, name: str) -> None:
    """A shared phone tells only that there is a case and its number."""
    for language in ("zh", "en"):
        assert folders()[office].template(name, language).params <= {"addressee", "office", "number"}


@pytest.mark.clause("E-78")
@pytest.mark.parametrize("office", folders())
def test_no_envelope_and_no_subject_of_a_mail_shows_content(office: str) -> None:
    for template in folders()[office].templates.values():
        assert Template(template.subject, "").params.isdisjoint({"category", "text", "words", "addressee"})


@pytest.mark.clause("E-78")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_guarded_is_neither_named_nor_told_in_an_sms(language: str) -> None:
    told = sms(
        folders()["mayors-line"].template("result_ready", language),
        {**GIVEN, "category": "公交线路", **withheld(language)},
        language=language,
        signature="【市长热线】",
        max_characters=300,
    )
    assert "公交线路" not in told
    assert "SZ1" in told
    assert "…" not in told
