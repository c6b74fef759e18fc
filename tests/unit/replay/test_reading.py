"""Messages of a file: in the order in which they came; what cannot be replayed is counted by reason."""

from pathlib import Path

import pytest

from deploy.local.replay.errors import CannotReplay
from deploy.local.replay.reading import read
from tests.unit.replay.samples import at, history

GOOD = "7,2019-09-30 16:00,路灯,路灯不亮。,已修复。,2019-10-09 09:00,网站,否"


def test_messages_come_in_the_order_of_their_times(tmp_path: Path) -> None:
    later = "3,2019-10-01 08:00,井盖,井盖松动。,已加固。,2019-10-12 10:00,电话,是"
    found = read(*history(tmp_path, later, GOOD))
    assert [message.id for message in found.messages] == ["7", "3"]
    first, second = found.messages
    assert (first.received_at, first.replied_at) == (at("2019-09-30 16:00"), at("2019-10-09 09:00"))
    assert (first.channel, first.anonymous, first.reply) == ("web", False, "已修复。")
    assert (second.channel, second.anonymous) == ("call", True)


def test_a_day_without_time_is_known_as_such(tmp_path: Path) -> None:
    found = read(*history(tmp_path, GOOD, GOOD.replace("7,2019-09-30 16:00", "8,2019-09-30")))
    assert {message.id: message.dated for message in found.messages} == {"7": False, "8": True}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (GOOD.replace("网站", "QQ"), "values.channel"),
        (GOOD.replace("2019-10-09", "2019-09-01"), "答复早于来件"),
        (GOOD.replace("2019-09-30 16:00", ""), "不能为空"),
        (GOOD, "编号重复"),
    ],
)
def test_a_row_that_cannot_be_replayed_is_counted_by_its_reason(tmp_path: Path, row: str, why: str) -> None:
    found = read(*history(tmp_path, GOOD, row))
    assert [message.id for message in found.messages] == ["7"]
    ((reason, times),) = found.refused.items()
    assert why in reason
    assert times == 1


def test_only_the_first_rows_are_read_when_so_wished(tmp_path: Path) -> None:
    found = read(*history(tmp_path, GOOD, GOOD.replace("7,", "8,")), 1)
    assert [message.id for message in found.messages] == ["7"]


def test_a_file_without_a_usable_row_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotReplay, match="没有一行可用"):
        read(*history(tmp_path, GOOD.replace("网站", "QQ")))


def test_a_mapping_of_other_columns_is_refused(tmp_path: Path) -> None:
    file, by = history(tmp_path, GOOD)
    by.write_text(by.read_text().replace("来件时间", "时间"))
    with pytest.raises(CannotReplay, match="文件里没有这些列"):
        read(file, by)
