"""The desk's own papers: half-typed forms, the duty record book, the handling form of a case."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Response, render_template_string

from huiyin.chassis.web import Blueprint, Schema, answer, audited, request_actor, request_cause, staff
from services.intake.schemas.desk import BookPage, Drafts, FormSoFar
from services.intake.use_cases import drafts, duty_book, progress
from services.intake.use_cases.house import House


def drafting(desk: Blueprint, house: House) -> None:
    """Where half-typed forms are kept."""

    @desk.post("/drafts")
    @desk.arguments(FormSoFar)
    @staff("operator")
    def begin_draft(body: dict[str, Any]) -> Response:
        """保存未填完的登记表，加密 (keep a half-typed form, sealed)"""
        return answer((201, drafts.begin(house, body["form"], request_cause())))

    @desk.get("/drafts")
    @desk.arguments(Drafts, location="query")
    @staff("operator", "supervisor")
    def list_drafts(query: dict[str, Any]) -> Response:
        """未完成的登记表，不含内容 (the drafts that wait to be finished; no words)"""
        return answer((200, drafts.listed(house, request_actor(), **query)))

    @desk.get("/drafts/<draft>")
    @staff("operator")
    @audited("draft.opened")
    def show_draft(draft: str) -> Response:
        """查看本人经办的登记表 (a draft with its words, for who holds it)"""
        return answer((200, drafts.show(house, draft, request_actor())))

    @desk.post("/drafts/<draft>/form")
    @desk.arguments(FormSoFar)
    @staff("operator")
    def save_draft(body: dict[str, Any], draft: str) -> Response:
        """继续填写并保存 (what was typed in since)"""
        return answer((200, drafts.save(house, draft, body["form"], request_cause())))

    @desk.post("/drafts/<draft>/takeover")
    @desk.arguments(Schema)
    @staff("operator")
    def take_over_draft(_body: dict[str, Any], draft: str) -> Response:
        """接手他人未填完或已过期的登记表 (go on with another's draft)"""
        return answer((200, drafts.take_over(house, draft, request_cause())))

    @desk.post("/drafts/<draft>/registration")
    @desk.arguments(Schema)
    @staff("operator")
    def finish_draft(_body: dict[str, Any], draft: str) -> Response:
        """填完后登记为一件诉求 (finish it: it becomes a case, once)"""
        return answer((201, progress.receipt(house, drafts.finish(house, draft, request_cause()))))


def keeping_book(desk: Blueprint, house: House) -> None:
    """Where the duty record book is read."""

    @desk.get("/duty-book")
    @desk.arguments(BookPage, location="query")
    @staff("operator", "leader", "supervisor", "records")
    def show_duty_book(query: dict[str, Any]) -> Response:
        """值班记录：按日期和班次的一页 (a page of the duty book)"""
        found = duty_book.page(house, query["day"], query["duty"], query["page"], request_actor())
        return answer((200, found))

    @desk.get("/duty-book/print")
    @desk.arguments(BookPage, location="query")
    @staff("operator", "leader", "supervisor", "records")
    def print_duty_book(query: dict[str, Any]) -> Response:
        """打印值班记录的一页 (the same page, to be printed)"""
        found = duty_book.page(house, query["day"], query["duty"], query["page"], request_actor())
        return _paper(_BOOK, found)

    @desk.get("/cases/<number>/sheet")
    @staff("operator", "dispatcher", "leader", "supervisor", "records")
    def print_sheet(number: str) -> Response:
        """打印投诉处理单（不含身份） (the complaint handling form of a case, without identity)"""
        return _paper(_SHEET, duty_book.sheet(house, number, request_actor()))


def _paper(template: str, found: Mapping[str, Any]) -> Response:
    page = render_template_string(_STYLE + template, **found)
    response = Response(page, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
    )
    return response


_STYLE: Final = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><style>
@page{size:A4 landscape;margin:12mm}body{font:12px/1.5 "Noto Sans CJK SC","Microsoft YaHei",sans-serif}
h1{font-size:18px;text-align:center;margin:0}p{margin:.2em 0}table{width:100%;border-collapse:collapse}
td,th{border:1px solid #333;padding:3px 5px;vertical-align:top;text-align:left}tr{page-break-inside:avoid}
</style>"""
_WORDS: Final = """{% for m in e.matters %}<p>{{ m.kind }} · {{ m.category }}
{% if m.place %}· {{ m.place }}{% endif %}{% if m.object %}<br>对象：{{ m.object }}{% endif %}
<br>{{ m.text }}{% if m.wish %}<br>要求：{{ m.wish }}{% endif %}</p>{% endfor %}"""
_WHO: Final = """{% for p in e.complainants %}<p>{{ p.role }}：{{ p.kind }}，{{ p.named }}
{% if p.not_given %}（未提供：{{ p.not_given | join("、") }}）{% endif %}</p>{% endfor %}"""
_BOOK: Final = (
    """<title>{{ book }} {{ day }}</title></head><body><h1>{{ office }}{{ book }}</h1>
<p>{{ day }}　{{ duty }}　共 {{ total }} 件　第 {{ page }} / {{ pages }} 页</p>
<table><tr><th>序号</th><th>时间</th><th>编号</th><th>渠道</th><th>登记人</th><th>诉求人</th>
<th>内容和要求</th><th>当场答复</th><th>承办单位</th><th>状态</th></tr>
{% for e in entries %}<tr><td>{{ e.n }}</td><td>{{ e.received_at }}</td><td>{{ e.number }}</td>
<td>{{ e.channel }}</td><td>{{ e.officer }}</td><td>"""
    + _WHO
    + "</td><td>"
    + _WORDS
    + """</td><td>{{ e.answer }}</td><td>{{ e.units | join("、") }}</td>
<td>{{ e.outcome or e.stage }}</td></tr>{% endfor %}</table></body></html>"""
)
_SHEET: Final = (
    """{% set e = {"matters": matters, "complainants": complainants} %}
<title>投诉处理单 {{ number }}</title></head><body><h1>{{ office }}投诉处理单</h1><table>
<tr><th>编号</th><td>{{ number }}</td><th>渠道</th><td>{{ channel }}</td></tr>
<tr><th>收到时间</th><td>{{ received_at }}</td><th>受理时间</th><td>{{ accepted_at }}</td></tr>
<tr><th>登记人</th><td>{{ officer }}</td><th>班次</th><td>{{ day }} {{ duty }}</td></tr>
<tr><th>诉求人</th><td colspan="3">"""
    + _WHO
    + """</td></tr><tr><th>问题和要求</th><td colspan="3">"""
    + _WORDS
    + """</td></tr>
<tr><th>当场答复</th><td colspan="3">{{ answer }}</td></tr>
<tr><th>承办单位</th><td colspan="3">{{ units | join("、") }}</td></tr>
<tr><th>领导批示</th><td colspan="3" style="height:4em"></td></tr>
<tr><th>办理结果</th><td colspan="3" style="height:4em"></td></tr></table></body></html>"""
)
