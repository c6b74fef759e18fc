"""The seven records of letters and visits (S2-86)."""

from typing import Any, Final

from flask import Response

from huiyin.chassis.errors import NotFound
from huiyin.chassis.web import Blueprint, answer, request_actor, staff
from services.intake.schemas.records import RecordPeriod
from services.intake.use_cases import records
from services.intake.use_cases.house import House
from services.intake.use_cases.records import KINDS, Wanted
from services.intake.web.printing import table_page

_TITLES: Final = {
    "registration": "登记簿",
    "statistics": "统计表",
    "transfer": "转办记录",
    "investigation": "查办记录",
    "urging": "催办记录",
    "closing": "结案记录",
    "archiving": "归档记录",
}


def recording(desk: Blueprint, house: House) -> None:
    """Where each department's records are read and printed."""

    @desk.get("/records/<record>")
    @desk.arguments(RecordPeriod, location="query")
    @staff("operator", "leader", "supervisor", "records", "auditor", "unit")
    def read_record(query: dict[str, Any], record: str) -> Response:
        """信访七项记录：登记、统计、转办、查办、催办、结案、归档 (one of the seven records)"""
        if record not in KINDS:
            raise NotFound(f"没有这项记录；可用：{'、'.join(KINDS)}。")
        skip, limit, form = query.pop("skip"), query.pop("limit"), query.pop("form")
        found = records.record(house, Wanted(kind=record, **query), request_actor(), skip, limit)
        return _printed(found, query) if form == "page" else answer((200, found))


def _printed(found: Any, query: dict[str, Any]) -> Response:
    heads = list(dict.fromkeys(name for row in found["rows"] for name in row))
    facts = [
        f"单位：{found['unit'] or '本机构'}",
        f"时间：{query['since']:%Y-%m-%d} 至 {query['until']:%Y-%m-%d}（不含）",
        f"共 {found['total']} 条，本页 {len(found['rows'])} 条",
    ]
    rows = [[_cell(row.get(name)) for name in heads] for row in found["rows"]]
    return table_page(_TITLES[found["record"]], facts, heads, rows)


def _cell(value: object) -> object:
    if isinstance(value, list):
        return "、".join(str(part) for part in value)
    return "" if value is None else value
