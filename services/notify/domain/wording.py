"""How a message is worded: who is addressed, and how an SMS is kept short."""

from collections.abc import Mapping
from typing import Final

from huiyin.chassis.rulebook import Template

_ELLIPSIS: Final = "…"
#: How somebody is addressed who gave no name.
_NAMELESS: Final = {"zh": "诉求人", "en": "Sir or Madam"}
#: What an SMS says instead of a text too long for it.
_LOOK_UP: Final = {
    "zh": "内容较长，详情请凭编号查询。",
    "en": "The answer is long; please look it up by its number.",
}
#: What an SMS says of a guarded matter: the phone may be shared (E-78).
_WITHHELD: Final = {
    "zh": {"category": "", "text": "内容不便以短信告知，请凭编号与我们联系。"},
    "en": {"category": "not named here", "text": "It is not told by text message; please contact us."},
}
#: Bodies outside the platform, as letters name them (E-71).
_OUTSIDE: Final = {
    "discipline_inspection": {"zh": "纪检监察机关", "en": "Discipline inspection authority"},
}


def outside(body: str, language: str) -> str:
    """How a body outside the platform is named; one that no letter was written to yet, by its id."""
    return _OUTSIDE.get(body, {}).get(language, body)


def addressed(name: str, language: str) -> str:
    """The name, or the usual address of somebody without one."""
    return name or _NAMELESS[language]


def withheld(language: str) -> Mapping[str, str]:
    """What stands in an SMS instead of what was complained of and what was found."""
    return _WITHHELD[language]


def sms(
    template: Template, params: Mapping[str, str], *, language: str, signature: str, max_characters: int
) -> str:
    """The signature and the body; a text too long is left to the query, and cut only at the very last."""
    written = _signed(template, params, signature)
    if len(written) > max_characters and "text" in params:
        written = _signed(template, {**params, "text": _LOOK_UP[language]}, signature)
    if len(written) > max_characters:
        written = written[: max_characters - len(_ELLIPSIS)] + _ELLIPSIS
    return written


def _signed(template: Template, params: Mapping[str, str], signature: str) -> str:
    _, body = template.render(params)
    lines = (line.strip() for line in body.splitlines())
    return signature + "\n".join(line for line in lines if line)
