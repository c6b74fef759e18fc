"""The redactor frees a text of what tells who complained, and leaves the matter whole (E-79)."""

from time import process_time

import pytest

from services.intake.domain.redaction import redact


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("请打19900000001联系", "请打【电话】联系"),
        ("请打199 0000 0001联系", "请打【电话】联系"),
        ("请打１９９０００００００１联系", "请打【电话】联系"),
        ("请打幺九九〇〇〇〇〇〇〇一一直有人", "请打【电话】一直有人"),
        ("请打①⑨⑨⓪⓪⓪⓪⓪⓪⓪①", "请打【电话】"),
        ("请打199O0000OO1。", "请打【电话】。"),
        ("请打（+86）199-0000-0001。", "请打【电话】。"),
        ("请打199\u200b0000\u200b0001。", "请打【电话】。"),
        ("1、9、9、0、0、0、0、0、0、0、1", "【电话】"),
        ("电话是83450012，晚上在", "电话是【电话】，晚上在"),
        ("电话83450012、83450013。", "电话【电话】、【电话】。"),
        ("办公电话000-83450012", "办公电话【电话】"),
        ("座机（010）8345-0012转801。", "座机【电话】。"),
        ("身份证110101199003070011有误", "身份证【证件号】有误"),
        ("身份证11010119900307001X有误", "身份证【证件号】有误"),
        ("身份证编号110101199003070012有误", "身份证编号【证件号】有误"),
        ("订单号110101199003070011", "订单号【证件号】"),
        ("老证990101900307001", "老证990101900307001"),
        ("身份证：990101900307001", "身份证：【证件号】"),
        ("护照E12345678，", "护照【证件号】，"),
        ("卡号6222020200112233445被扣款", "卡号【卡号】被扣款"),
        ("存到4111 1111 1111 1111里", "存到【卡号】里"),
        ("发到bo.shouzhuo@example.com", "发到【邮箱】"),
        ("发到bo at example.com，", "发到【邮箱】，"),
        ("发到bo［at］example．com，", "发到【邮箱】，"),
        ("微信号bosz_1990", "微信号【账号】"),
        ("微信同号19900000001", "微信同号【电话】"),
        ("QQ：一二三四五六七", "QQ：【账号】"),
        ("车牌京A·12345和沪AD12345", "车牌【车牌】和【车牌】"),
        ("我住在石桥弄1号3栋二单元五零一室。", "我住在石桥弄【地址】。"),
        ("玉兰苑3-2-501漏水", "玉兰苑【地址】漏水"),
        ("我叫柏守拙，住在附近", "我叫【姓名】，住在附近"),
        ("联系人：云小满", "联系人：【姓名】"),
        ("联系人锺骞筠，座机", "联系人【姓名】，座机"),
        ("联系人：阿卜杜拉·买买提。", "联系人：【姓名】。"),
        ("本人柏守拙反映，柏守拙家楼下", "本人【姓名】反映，【姓名】家楼下"),
        ("姓 名：柏 拙", "姓 名：【姓名】"),
        ("此致敬礼！\n柏守拙\n9月27日", "此致敬礼！\n【姓名】\n9月27日"),
    ],
)  # fmt: skip
def test_what_looks_like_identity_is_cut_and_marked(text: str, cut: str) -> None:
    assert redact(text) == cut


@pytest.mark.parametrize(
    ("text", "value", "cut"),
    [
        ("柏守拙反映，柏守拙家楼下", "柏守拙", "【已隐去】反映，【已隐去】家楼下"),
        ("柏 守 拙和柏·守拙", "柏守拙", "【已隐去】和【已隐去】"),
        ("柏先生说", "柏守拙", "【已隐去】说"),
        ("石桥弄１号", "石桥弄1号", "【已隐去】"),
        ("就在三栋二单元五零一", "石桥弄1号3栋2单元501室", "就在【已隐去】"),
        ("打8345 0012", "010-83450012", "打【已隐去】"),
        ("打一九九零零零零零零零一一直忙", "+86 199 0000 0001", "打【已隐去】一直忙"),
        ("写给BO@Example.com", "bo@example.com", "写给【已隐去】"),
    ],
)
def test_the_partys_own_values_are_cut_however_they_are_spelled(text: str, value: str, cut: str) -> None:
    assert redact(text, [value]) == cut


def test_a_registered_value_does_not_reach_across_the_end_of_a_sentence() -> None:
    assert redact("他姓李。明天再说", ["李明"]) == "他姓李。明天再说"


@pytest.mark.parametrize(
    "text",
    [
        "2024年9月27日20:30，3号楼2单元停水",
        "工单SZ-D-20240927-000012-35已过15个工作日",
        "订单号100001202409271234没有发货",
        "路灯编号20240927不亮，K12路公交车",
        "本人，对此事不满",
        "本人是居民，我叫了三次，我是业主，家长应当知情",
        "本人曾多次反映，本人于2023年购房，本人和家人，业主方便时",
        "家长和老师，业主和租户，这款软件叫做随手拍，老人方言重，",
        "学府路128号的饭店油烟直排，40户居民，三室一厅",
        "居民联系方式未知，群众权益受损，我是高新区居民",
        "面积１２０㎡，第①条，“引号”与全角ＡＢＣ",
    ],
)
def test_dates_numbers_of_cases_and_places_stay(text: str) -> None:
    assert redact(text) == text


def test_all_that_is_not_cut_stays_as_it_was_written() -> None:
    text = "①楼下ＫＴＶ　扰民\u200b，①⑨⑨⓪⓪⓪⓪⓪⓪⓪①，面积１２０㎡"
    assert redact(text) == "①楼下ＫＴＶ　扰民\u200b，【电话】，面积１２０㎡"


def test_redacting_twice_changes_nothing_more() -> None:
    once = redact("我叫柏守拙，电话19900000001，住玉兰苑3栋2单元501室，微信bosz_1990", ["云小满"])
    assert redact(once, ["云小满", "姓名"]) == once


NUMBERS = ["1", "1 ", "12 345 ", "一二三", "1-", "京A1"]
LETTERS = ["a", "a.", "@", " a at ", "("]
WORDS = ["微信号", "我叫张", "我叫阿·阿", "3栋2单元", "柏守拙"]


@pytest.mark.parametrize("piece", NUMBERS + LETTERS + WORDS)
def test_no_text_however_it_is_made_takes_long(piece: str) -> None:
    began = process_time()
    redact((piece * 20_000)[:20_000], ["柏守拙", "19900000001", "石桥弄1号3栋2单元501室"])
    assert process_time() - began < 5, "time grows with the length alone: about 1 s at the worst"
