"""A service's knobs, read once from the environment into a frozen dataclass.

A field `mongo_url` is the variable `HUIYIN_MONGO_URL`. Everything wrong is told at once,
so that an operator mends a deployment in one go.
"""

import math
import re
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from huiyin.chassis import amqp, mongo
from huiyin.chassis.errors import WrongSetting

S = TypeVar("S")
_LAST_PORT = 65535
_TRUE, _FALSE = {"true", "yes", "1", "on"}, {"false", "no", "0", "off"}


def knob(
    default: Any = MISSING,
    *,
    example: str = "",
    secret: bool = False,
    schemes: tuple[str, ...] = (),
    least: float | None = None,
    most: float | None = None,
) -> Any:
    """A settings field; a secret may come as `HUIYIN_X_FILE` and never shows in a repr."""
    metadata = {"example": example, "secret": secret, "schemes": schemes, "least": least, "most": most}
    return field(default=default, repr=not secret, metadata=metadata)


@dataclass(frozen=True, kw_only=True)
class BaseSettings:
    """What every service's processes need to know."""

    mongo_url: str = knob(
        example="mongodb://user:password@mongo:27017/?replicaSet=rs0",
        secret=True,
        schemes=("mongodb", "mongodb+srv"),
    )
    mongo_database: str = knob(example="intake")
    amqp_url: str = knob(
        example="amqp://user:password@rabbit:5672/huiyin", secret=True, schemes=("amqp", "amqps")
    )
    offices_dir: Path = knob(example="/etc/huiyin/offices")
    keys_dir: Path = knob(example="/run/secrets/huiyin")
    master_key: str = knob("file", example="aws:arn:aws:kms:eu-north-1:111122223333:key/0f1e2d3c")
    kms_ca_file: Path | None = knob(None, example="/run/secrets/huiyin/kms-ca.pem")
    kms_certificate_file: Path | None = knob(None, example="/run/secrets/huiyin/kms-client.pem")
    anchor_dir: Path | None = knob(None, example="/var/lib/huiyin/anchor")
    http_host: str = knob("127.0.0.1", example="0.0.0.0")  # noqa: S104 - an example  # nosec B104
    http_port: int = knob(0, example="8000", least=0, most=_LAST_PORT)
    http_certificate: Path | None = knob(None, example="/run/secrets/tls/tls.crt")
    http_key: Path | None = knob(None, example="/run/secrets/tls/tls.key")
    probe_port: int = knob(0, example="8081", least=0, most=_LAST_PORT)
    environment: Literal["local", "production"] = knob("production", example="production")
    office_clock: Path | None = knob(None, example=".local/office-clock.json")
    token_jwks: str = knob(example="https://sign-in.example/jwks.json")
    token_issuer: str = knob("huiyin", example="huiyin")
    token_audience: str = knob("huiyin", example="huiyin")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = knob("INFO", example="INFO")
    max_body_bytes: int = knob(1_000_000, example="1000000", least=1)
    public_per_minute: int = knob(60, example="60", least=1)
    trusted_hops: int = knob(0, example="1", least=0, most=5)

    @classmethod
    def conflicts(cls, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Pairs (field, problem) of knobs that do not go together; extend in a service."""
        if values.get("environment") == "production" and values.get("office_clock") is not None:
            yield "office_clock", "production runs on the system's clock; leave it unset"
        if values.get("environment") == "production" and _unverified(values.get("mongo_url", "")):
            yield "mongo_url", "production verifies certificates; leave out tlsInsecure and tlsAllowInvalid…"
        if values.get("environment") == "production" and values.get("anchor_dir") is None:
            yield "anchor_dir", "production keeps given numbers and erasures outside the database"
        if str(values.get("token_jwks", "")).startswith("http://"):
            yield "token_jwks", "keys are fetched over https only"
        for wrong in amqp.problems(values["amqp_url"]) if "amqp_url" in values else ():
            yield "amqp_url", wrong
        if unreadable := mongo.problem(values.get("mongo_url", "")):
            yield "mongo_url", unreadable
        if (values.get("http_certificate") is None) is not (values.get("http_key") is None):
            yield "http_certificate", "give both http_certificate and http_key, or neither"


def read_settings(cls: type[S], environ: Mapping[str, str]) -> S:
    """The settings from the environment, or one WrongSetting that names all that is wrong."""
    hints = get_type_hints(cls)
    values: dict[str, Any] = {}
    problems: list[str] = []
    for knob_ in fields(cls):  # type: ignore[arg-type]
        _require_hidden(cls, knob_)
        try:
            _read_into(values, knob_, hints[knob_.name], environ)
        except ValueError as wrong:
            problems.append(_problem(knob_, str(wrong)))
    problems.extend(_conflicts(cls, values))
    if problems:
        raise WrongSetting(f"{len(problems)} wrong or missing settings:\n" + "\n".join(problems))
    return cls(**values)


def variable(field_name: str) -> str:
    """The environment variable of a field."""
    return f"HUIYIN_{field_name.upper()}"


def _unverified(mongo_url: str) -> bool:
    """Whether the address asks its client not to look at the server's certificate."""
    return re.search(r"[?&]tls(Insecure|AllowInvalid\w*)=true", mongo_url, re.IGNORECASE) is not None


def _require_hidden(cls: type[Any], knob_: "Field[Any]") -> None:
    if knob_.metadata.get("secret") and knob_.repr:
        raise TypeError(
            f"{cls.__name__}.{knob_.name} is secret but shows in the repr: declare it with knob()"
        )


def _read_into(values: dict[str, Any], knob_: "Field[Any]", hint: Any, environ: Mapping[str, str]) -> None:
    raw = _raw(knob_, environ)
    if raw is not None:
        values[knob_.name] = _checked(knob_, _convert(hint, raw))
    elif knob_.default is MISSING and knob_.default_factory is MISSING:
        raise ValueError("missing")
    elif knob_.default is not MISSING:
        values[knob_.name] = knob_.default


def _raw(knob_: "Field[Any]", environ: Mapping[str, str]) -> str | None:
    name = variable(knob_.name)
    given, file = environ.get(name) or None, environ.get(f"{name}_FILE") or None
    if not knob_.metadata.get("secret") or file is None:
        return given
    if given is not None:
        raise ValueError(f"given twice, also as {name}_FILE; keep one")
    return _read_secret(name, file)


def _read_secret(name: str, file: str) -> str:
    try:
        text = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as wrong:
        raise ValueError(f"{name}_FILE={file} cannot be read ({type(wrong).__name__})") from wrong
    if not text:
        raise ValueError(f"{name}_FILE={file} is empty")
    return text


def _convert(hint: Any, raw: str) -> Any:
    if get_origin(hint) in {Union, types.UnionType}:
        (inner,) = (arg for arg in get_args(hint) if arg is not type(None))
        return _convert(inner, raw)
    if get_origin(hint) is Literal:
        return _choice(get_args(hint), raw)
    return _CONVERTERS[hint](raw)


def _choice(choices: tuple[Any, ...], raw: str) -> Any:
    for choice in choices:
        if str(choice) == raw:
            return choice
    raise ValueError("must be one of " + ", ".join(str(c) for c in choices))


def _to_int(raw: str) -> int:
    try:
        return int(raw)
    except ValueError:
        raise ValueError("must be a whole number") from None


def _to_float(raw: str) -> float:
    try:
        number = float(raw)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError("must be a number")
    return number


def _to_bool(raw: str) -> bool:
    if raw.lower() not in _TRUE | _FALSE:
        raise ValueError("must be true or false")
    return raw.lower() in _TRUE


_CONVERTERS: Mapping[Any, Callable[[str], Any]] = {
    str: str,
    int: _to_int,
    float: _to_float,
    bool: _to_bool,
    Path: Path,
}


def _checked(knob_: "Field[Any]", value: Any) -> Any:
    schemes = knob_.metadata.get("schemes") or ()
    least, most = knob_.metadata.get("least"), knob_.metadata.get("most")
    if schemes and not str(value).startswith(tuple(f"{s}://" for s in schemes)):
        raise ValueError("must begin with " + " or ".join(f"{s}://" for s in schemes))
    if least is not None and value < least:
        raise ValueError(f"must be at least {least}")
    if most is not None and value > most:
        raise ValueError(f"must be at most {most}")
    return value


def _problem(knob_: "Field[Any]", wrong: str) -> str:
    example = knob_.metadata.get("example")
    hint = f" (example: {variable(knob_.name)}={example})" if example else ""
    return f"  {variable(knob_.name)}: {wrong}{hint}"


def _conflicts(cls: type[Any], values: Mapping[str, Any]) -> list[str]:
    by_name = {f.name: f for f in fields(cls)}
    find = getattr(cls, "conflicts", None)
    return [_problem(by_name[name], wrong) for name, wrong in find(values)] if find else []
