"""`huiyin case show`: one case as all five services have it, freed of identity; or who complained."""

from typing import Annotated, Any, Final

import httpx
import typer

from huiyin.cli.case_view import people
from huiyin.cli.custody import restrict
from huiyin.cli.ends import NOT_HERE, REFUSED, WRONG_USE, fail
from huiyin.cli.failures import refusal, silence
from huiyin.cli.local import office_of
from huiyin.cli.options import HERE, OFFICES, AsJson, LocalFolder, OfficesFolder, group
from huiyin.cli.reaching import platform
from huiyin.cli.saying import say
from huiyin.client.line import BUSY, Json, Person, Refused
from huiyin.contracts.services import Service

app = group("One case, as all services have it.")
app.command()(restrict)

#: section → (service, path); each is a look that the role `records` may take.
_SECTIONS: Final[dict[str, tuple[Service, str]]] = {
    "case": ("intake", "/cases/{}"),
    "handling": ("dispatch", "/handlings/{}"),
    "supervision": ("supervision", "/supervisions/{}"),
    "echo": ("feedback", "/echoes/{}"),
    "messages": ("notify", "/messages/{}"),
}
_NONE_YET: Final = 404


@app.command()
def show(
    number: Annotated[str, typer.Argument(help="The case number.")],
    identity: Annotated[
        str | None, typer.Option(help="Open who complained, for this reason; recorded.", metavar="REASON")
    ] = None,
    as_json: AsJson = False,
    local: LocalFolder = HERE,
    offices: OfficesFolder = OFFICES,
) -> None:
    """Stage, orders, dates, slips, extensions, replies, echo and messages of a case.

    The words are redacted. A service that is away is told, and the rest is shown.
    """
    if identity is not None and not identity.strip():
        fail("调阅身份须写明理由 (say why you open the identity)", WRONG_USE)
    with platform(local) as reached:
        office = "" if reached.with_own_token else office_of(offices, number)
        found, missing, code = _looked(reached.person("records", office, offices=offices), number)
        if identity is not None:
            custodian = reached.person("custodian", office, offices=offices)
            found["identity"] = _opened(custodian, number, identity)
    say({"number": number, **found, "missing": missing}, as_json, *people(number, found))
    if missing:
        fail("\n".join(f"{service}: {why}" for service, why in missing.items()), code)


def _opened(custodian: Person, number: str, reason: str) -> Any:
    return custodian.post("intake", f"/cases/{number}/identity", {"reason": reason})["parties"]


def _looked(records: Person, number: str) -> tuple[Json, dict[str, str], int]:
    """What each service has of the case, why the others' share is missing, and the exit code."""
    found: Json = {}
    missing: dict[str, str] = {}
    code = REFUSED
    for section, (service, path) in _SECTIONS.items():
        try:
            found[section] = records.get(service, path.format(number))
        except httpx.TransportError as silent:
            missing[service], code = silence(silent), NOT_HERE
        except Refused as refused:
            if refused.status == _NONE_YET and service == "intake":
                raise
            if refused.status != _NONE_YET:
                missing[service] = refusal(refused)
                code = NOT_HERE if refused.status in BUSY else code
    return found, missing, code
