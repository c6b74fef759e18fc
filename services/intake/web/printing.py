"""Pages to be printed: a slip, a list. Everything that is written in is escaped."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from flask import Response
from markupsafe import Markup

_PAGE: Final = Markup(
    "<!doctype html><html lang=zh><meta charset=utf-8><title>{title}</title>"
    "<style>body{{font-family:serif;margin:2em}}table{{border-collapse:collapse;width:100%}}"
    "th,td{{border:1px solid #000;padding:.3em;text-align:left}}</style>"
    "<h1>{title}</h1><p>{facts}</p><table><thead>{heads}</thead><tbody>{rows}</tbody></table></html>"
)
_HEAD: Final = Markup("<th>{}</th>")
_CELL: Final = Markup("<td>{}</td>")


def table_page(
    title: str, facts: Iterable[str], heads: Sequence[str], rows: Iterable[Sequence[object]]
) -> Response:
    """A page with one table, to be printed from a browser."""
    body = _PAGE.format(
        title=title,
        facts=Markup("<br>").join(facts),
        heads=_row(_HEAD, heads),
        rows=Markup("").join(_row(_CELL, row) for row in rows),
    )
    return Response(body, content_type="text/html; charset=utf-8")


def slip(receipt: Mapping[str, Any]) -> Response:
    """The voucher's slip for a writer or visitor (E-91)."""
    facts = [
        receipt["office"],
        f"诉求编号：{receipt['number']}",
        f"凭证编号：{receipt['voucher']}",
        f"登记时间：{receipt['registered_at']}",
        f"清点人：{receipt['counted_by']}　复核人：{receipt['confirmed_by'] or '（待复核）'}",
    ]
    rows = [(n, _what(line), _sum(line), line["description"]) for n, line in enumerate(receipt["lines"], 1)]
    return table_page("附物收据", facts, ("序号", "名称", "金额", "说明"), rows)


def _what(line: Mapping[str, Any]) -> str:
    return {"money": "现金", "object": "其他物品"}.get(line["kind"]) or str(line["certificate"])


def _sum(line: Mapping[str, Any]) -> str:
    if line["kind"] != "money":
        return ""
    if line["currency"] == "CNY":
        return f"人民币 {line['amount'] // 100}.{line['amount'] % 100:02d} 元"
    return f"{line['currency']} {line['amount']}（最小货币单位）"


def _row(cell: Markup, cells: Sequence[object]) -> Markup:
    inner = Markup("").join(cell.format(one) for one in cells)
    return Markup("<tr>{}</tr>").format(inner)
