"""`huiyin waiting` and `huiyin parked`: messages a service could not handle yet, or at all."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import uuid4

import httpx
import typer
from rich.console import Console
from rich.table import Table

from huiyin.chassis.tokens import issue
from huiyin.cli.local import HERE, NOT_HERE, LocalFolder, LocalStack, fail

waiting = typer.Typer(help="Messages that are tried again by themselves.", no_args_is_help=True)
parked = typer.Typer(help="Messages that wait for a person.", no_args_is_help=True)

Service = Annotated[str, typer.Argument(help="The service that holds the message.")]
Message = Annotated[str, typer.Argument(help="The id that `list` shows.")]
_SUBJECT = "cli-admin"
_OFFICE = "mayors-line"  # an administrator's token needs an office; messages belong to none
_LONGEST_ERROR = 80


@waiting.command("list")
def list_waiting(local: LocalFolder = HERE) -> None:
    """What waits, in every service."""
    _list(LocalStack(local), "waiting")


@parked.command("list")
def list_parked(local: LocalFolder = HERE) -> None:
    """What is parked, in every service."""
    _list(LocalStack(local), "parked")


@parked.command()
def show(service: Service, message: Message, local: LocalFolder = HERE) -> None:
    """One message as it came; the reading is recorded."""
    Console().print_json(data=_ask(LocalStack(local), service, "GET", f"/waiting/{message}"))


@parked.command()
def resend(service: Service, message: Message, local: LocalFolder = HERE) -> None:
    """Have the service try the message again."""
    _ask(LocalStack(local), service, "POST", f"/waiting/{message}/resend")
    typer.echo(f"{message}: 将重新处理 (will be tried again)")


@parked.command()
def drop(
    service: Service,
    message: Message,
    why: Annotated[str, typer.Option(help="The reason, kept with the message.")],
    local: LocalFolder = HERE,
) -> None:
    """Give the message up; its row is kept."""
    _ask(LocalStack(local), service, "POST", f"/waiting/{message}/drop", {"why": why})
    typer.echo(f"{message}: 不再处理 (given up)")


def _list(stack: LocalStack, state: str) -> None:
    table = Table(
        "service", "id", "reason", "case", "attempts", "since", "error", box=None, header_style="dim"
    )
    for service in stack.urls:
        for row in _ask(stack, service, "GET", f"/waiting?state={state}&limit=200")["messages"]:
            since, error = row["since"][:19], row["error"][:_LONGEST_ERROR]
            table.add_row(service, row["id"], row["reason"], row["case"], str(row["attempts"]), since, error)
    if not table.row_count:
        typer.echo("没有 (none)")
        return
    Console().print(table)


def _ask(stack: LocalStack, service: str, method: str, path: str, body: Any = None) -> dict[str, Any]:
    urls = stack.urls
    if service not in urls:
        fail(f"没有服务 {service}；可用：{'、'.join(urls)} (no such service)")
    try:
        answer = httpx.request(
            method, f"{urls[service]}{path}", json=body, headers=_headers(stack), timeout=30
        )
    except httpx.TransportError:
        fail(f"{service} 没有应答：请看 make run 是否在运行 (does not answer)", NOT_HERE)
    found: dict[str, Any] = answer.json()
    if answer.is_error:
        fail(f"{service}: {answer.status_code} {found.get('detail', '')}")
    return found


def _headers(stack: LocalStack) -> dict[str, str]:
    token = issue(
        stack.signing_key,
        subject=_SUBJECT,
        role="admin",
        office=_OFFICE,
        ttl=timedelta(minutes=5),
        issuer="huiyin",
        audience="huiyin",
    )
    return {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex}
