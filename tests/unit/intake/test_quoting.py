"""Words for staff only are found in an answer however they are dressed, and what is public may be said."""

import pytest

from services.intake.domain.quoting import CUT, RUN, cut, quoted

INNER = "表计误差的，由经办人员报经理批准后减免当期滞纳金。"


@pytest.mark.parametrize(
    "answer",
    [
        INNER,
        "您好：由经办人员报经理批准后减免。",
        "由 经办人员 报经理 批准后，减免当期",
        "由經辦人员报经理批准后减免当期滞纳金",
    ],
    ids=["whole", "a part", "spaced out", "one character changed"],
)
def test_a_run_of_internal_words_is_found(answer: str) -> None:
    assert quoted(answer, [INNER], [])


@pytest.mark.parametrize("answer", ["您的滞纳金可以减免。", "请联系经办人员。", INNER[: RUN - 1]])
def test_own_words_are_free(answer: str) -> None:
    assert quoted(answer, [INNER], []) == []


def test_what_a_public_paper_says_as_well_may_be_said() -> None:
    assert quoted(INNER, [INNER], [f"公告：{INNER}"]) == []


def test_what_is_cut_leaves_the_rest_as_it_was() -> None:
    assert cut(f"您好！{INNER}祝好。", [INNER], []) == f"您好！{CUT}。祝好。"
