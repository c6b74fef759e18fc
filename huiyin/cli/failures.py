"""What a person is told of a refusal, a wrong setting, a service that does not answer."""

import httpx

from huiyin.chassis.errors import WrongSetting
from huiyin.cli.ends import NOT_HERE, fail
from huiyin.client.line import Refused

_ACCESS = frozenset({401, 403})


def tell(failed: Exception) -> None:
    """End by what was raised; what is not known here returns, to be raised again."""
    if isinstance(failed, Refused):
        fail(refusal(failed))
    if isinstance(failed, WrongSetting):
        fail(str(failed))
    if isinstance(failed, httpx.TransportError):
        fail(silence(failed), NOT_HERE)


def refusal(refused: Refused) -> str:
    """A refusal, each field in error on a line of its own."""
    fields = [f"  {name}: {'；'.join(why)}" for name, why in refused.errors.items()]
    hint = ["  请检查角色、机构或 HUIYIN_TOKEN (check the role, the office or HUIYIN_TOKEN)"]
    head = f"{refused.status} {refused.code}: {refused.detail}"
    return "\n".join([head, *fields, *(hint if refused.status in _ACCESS else [])])


def silence(failed: httpx.TransportError) -> str:
    """A service that does not answer."""
    try:
        where = f"{failed.request.url.scheme}://{failed.request.url.netloc.decode()} "
    except RuntimeError:  # no request was made
        where = ""
    return f"{where}没有应答：请看平台（make run）是否在运行 (does not answer: is the platform running?)"
