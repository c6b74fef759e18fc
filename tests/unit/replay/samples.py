"""Small histories of our own."""

from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from deploy.local.platform import OFFICES
from deploy.local.replay.hours import Hours
from deploy.local.replay.reading import Message
from huiyin.chassis.calendar import WorkingCalendar, load_calendar

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
CALENDAR: Final[WorkingCalendar] = load_calendar(OFFICES / "calendars")
HOURS: Final = Hours(CALENDAR, SHANGHAI)

HEADER: Final = "编号,来件时间,标题,内容,答复,答复时间,渠道,匿名\n"
MAP: Final = """
columns: {id: 编号, received_at: 来件时间, subject: 标题, text: 内容, reply: 答复, replied_at: 答复时间,
  channel: 渠道, anonymous: 匿名}
values: {channel: {网站: web, 电话: call}}
defaults: {kind: complaint, category: estate, area: "990102002"}
"""


def at(written: str) -> datetime:
    """A moment in Shanghai."""
    return datetime.fromisoformat(written).replace(tzinfo=SHANGHAI)


def message(received: str, replied: str | None, **form: Any) -> Message:
    return Message(
        id="r-1",
        form={
            "channel": "web",
            "matters": [{"text": "路灯不亮。"}],
            "parties": [{"anonymous": False}],
            **form,
        },
        received_at=at(received),
        dated=False,
        reply="已修复。",
        replied_at=at(replied) if replied else None,
    )


def history(folder: Path, *rows: str) -> tuple[Path, Path]:
    """A file and its mapping."""
    file, by = folder / "rows.csv", folder / "map.yaml"
    file.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    by.write_text(MAP, encoding="utf-8")
    return file, by
