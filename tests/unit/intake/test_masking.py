"""A value that a party gives later is cut from the words that are at hand (house plan: late masking)."""

from dataclasses import replace

from services.intake.domain.masking import mask
from tests.unit.intake.cases import case


def test_a_value_told_later_is_cut_from_place_text_and_wish_and_the_rest_stays() -> None:
    before = case()
    matter = replace(
        before.matters[0], place="晨钟印刷厂旁", text="【姓名】说晨钟印刷厂排烟", wish="请晨钟印刷厂整改"
    )
    masked = mask(replace(before, matters=(matter,)), ["晨钟印刷厂"])
    (after,) = masked.matters
    assert (after.place, after.text, after.wish) == (
        "【已隐去】旁",
        "【姓名】说【已隐去】排烟",
        "请【已隐去】整改",
    )
    assert masked == replace(before, matters=(after,))
    assert mask(masked, ["晨钟印刷厂"]) == masked
