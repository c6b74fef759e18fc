"""The redactor frees a text of what tells who complained, and leaves the matter whole (E-79)."""

import pytest

from services.intake.domain.redaction import redact


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("请打19900000001联系", "请打【电话】联系"),
        ("请打199 0000 0001联系", "请打【电话】联系"),
        ("请打１９９０００００００１联系", "请打【电话】联系"),
        ("电话是83450012，晚上在", "电话是【电话】，晚上在"),
        ("办公电话000-83450012", "办公电话【电话】"),
        ("身份证110101199003070011有误", "身份证【证件号】有误"),
        ("身份证11010119900307001X有误", "身份证【证件号】有误"),
        ("卡号6222020200112233445被扣款", "卡号【卡号】被扣款"),
        ("发到bo.shouzhuo@example.com", "发到【邮箱】"),
        ("微信号bosz_1990", "微信号【账号】"),
        ("我叫柏守拙，住在附近", "我叫【姓名】，住在附近"),
        ("联系人：云小满", "联系人：【姓名】"),
    ],
)
def test_what_looks_like_identity_is_cut_and_marked(text: str, cut: str) -> None:
    assert redact(text) == cut


def test_the_partys_own_values_are_cut_wherever_they_stand() -> None:
    assert redact("柏守拙反映，柏守拙家楼下", ["柏守拙"]) == "【已隐去】反映，【已隐去】家楼下"


@pytest.mark.parametrize(
    "text",
    [
        "2024年9月27日20:30，3号楼2单元停水",
        "工单SZ-D-20240927-000012-35已过15个工作日",
        "路灯编号20240927不亮，K12路公交车",
        "本人，对此事不满",
    ],
)
def test_dates_numbers_of_cases_and_places_stay(text: str) -> None:
    assert redact(text) == text


def test_redacting_twice_changes_nothing_more() -> None:
    once = redact("我叫柏守拙，电话19900000001")
    assert redact(once) == once
