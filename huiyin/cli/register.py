"""`huiyin register`: take a complaint down, from options or from a JSON file."""

import json
from typing import Annotated, Any

import typer

from huiyin.cli.ends import WRONG_USE, fail
from huiyin.cli.moments import given
from huiyin.cli.options import (
    FIRST_OFFICE,
    HERE,
    OFFICES,
    AsJson,
    LocalFolder,
    OfficeName,
    OfficesFolder,
    single,
)
from huiyin.cli.reaching import platform
from huiyin.cli.saying import pairs, say

app = single()

File = Annotated[
    typer.FileText,
    typer.Option(help="The whole form as JSON; - is stdin. Needed for several matters or parties."),
]


@app.command()
def register(
    file: File = None,  # type: ignore[assignment]  # typer opens it
    channel: Annotated[str, typer.Option(help="Such as call, letter, web, visit.")] = "",
    kind: Annotated[str, typer.Option(help="Such as complaint, help, consultation.")] = "",
    category: Annotated[str, typer.Option(help="Such as municipal/road.")] = "",
    area: Annotated[str, typer.Option(help="An area code.")] = "",
    place: Annotated[str, typer.Option(help="A public place.")] = "",
    text: Annotated[str, typer.Option(help="What the complainant says.")] = "",
    wish: Annotated[str, typer.Option(help="What the complainant wants.")] = "",
    role: Annotated[str, typer.Option(help="complainant, representative or interested.")] = "",
    name: Annotated[str, typer.Option(help="The complainant's name.")] = "",
    phone: Annotated[str, typer.Option(help="For calls and SMS.")] = "",
    email: Annotated[str, typer.Option(help="For mail.")] = "",
    address: Annotated[str, typer.Option(help="For letters.")] = "",
    work_unit: Annotated[str, typer.Option(help="Where the complainant works.")] = "",
    occupation: Annotated[str, typer.Option(help="What the complainant does.")] = "",
    anonymous: Annotated[bool, typer.Option("--anonymous", help="The complainant gives no name.")] = False,
    language: Annotated[str, typer.Option(help="zh or en.")] = "",
    difficulty: Annotated[str, typer.Option(help="Such as ordinary, complex, legacy.")] = "",
    legal_class: Annotated[str, typer.Option(help="Such as consumer.")] = "",
    priority: Annotated[str, typer.Option(help="Such as normal, high, urgent.")] = "",
    priority_why: Annotated[str, typer.Option(help="Why it is another than the content gives.")] = "",
    flag: Annotated[list[str] | None, typer.Option(help="May be given several times.")] = None,
    received_at: Annotated[
        str, typer.Option(help="For what is typed in later, such as 2024-09-30T16:00.")
    ] = "",
    answer: Annotated[str, typer.Option(help="The answer given on the spot.")] = "",
    idempotency_key: Annotated[
        str, typer.Option(help="The same key registers once, however often it is sent.")
    ] = "",
    office: OfficeName = FIRST_OFFICE,
    as_json: AsJson = False,
    local: LocalFolder = HERE,
    offices: OfficesFolder = OFFICES,
) -> None:
    """Take a complaint down; prints its number and its query code.

    With --file the options beside it change the form: those of the case itself, and of its first
    matter and party.
    """
    matter = {"kind": kind, "category": category, "area": area, "place": place, "text": text, "wish": wish}
    party = {
        "role": role,
        "name": name,
        "phone": phone,
        "email": email,
        "address": address,
        "work_unit": work_unit,
        "occupation": occupation,
        "anonymous": anonymous,
    }
    case = {
        "channel": channel,
        "language": language,
        "difficulty": difficulty,
        "legal_class": legal_class,
        "priority": priority,
        "priority_why": priority_why,
        "flags": flag or [],
        "received_at": given(received_at).isoformat() if received_at else "",
        "answer": answer,
    }
    form = _merged(_read(file) if file else {}, case, matter, party)
    with platform(local) as reached:
        person = reached.person("operator", office, offices=offices)
        receipt = person.post("intake", "/cases", form, idempotency_key or None)
    told = {"编号 number": receipt["number"], "查询码 query code": receipt["query_code"]}
    say(receipt, as_json, pairs(told))


def _merged(form: dict[str, Any], case: Any, matter: Any, party: Any) -> dict[str, Any]:
    """The form with what the options say; they speak of the first matter and the first party."""
    first_matter, *matters = form.get("matters") or [{}]
    first_party, *parties = form.get("parties") or [{}]
    return {
        **form,
        **_given(case),
        "matters": [{**first_matter, **_given(matter)}, *matters],
        "parties": [{**first_party, **_given(party)}, *parties],
    }


def _given(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value}


def _read(file: typer.FileText) -> dict[str, Any]:
    try:
        form = json.load(file)
    except ValueError as wrong:
        fail(f"{file.name} 不是 JSON (not JSON): {wrong}", WRONG_USE)
    lists = [form.get("matters", []), form.get("parties", [])] if isinstance(form, dict) else [None]
    if not all(isinstance(one, list) for one in lists):
        fail(f"{file.name} 不是一份登记表：请见 docs/cli.md (not a form; see docs/cli.md)", WRONG_USE)
    return dict(form)
