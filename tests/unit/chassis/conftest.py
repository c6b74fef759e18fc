"""Settings, clocks and signing keys for the chassis without servers."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from joserfc.jwk import ECKey, RSAKey

from huiyin.chassis.settings import BaseSettings
from huiyin.chassis.tokens import Tokens, issue

SignedToken = Callable[..., str]


@dataclass
class FixedClock:
    """A machine clock a test moves by hand."""

    at: datetime = datetime(2026, 11, 22, 4, tzinfo=UTC)
    seconds: float = 1000.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.seconds

    def pass_by(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.seconds += seconds


@dataclass
class KeyPair:
    """A private key's file and its public entry."""

    path: Path
    public: dict[str, object] = field(default_factory=dict)


def make_key(folder: Path, kid: str, kind: type[ECKey] | type[RSAKey] = ECKey) -> KeyPair:
    size: str | int = "P-256" if kind is ECKey else 2048
    key = kind.generate_key(size, {"kid": kid})  # type: ignore[arg-type]
    path = folder / f"{kid}.json"
    path.write_text(json.dumps(key.as_dict(private=True)))
    return KeyPair(path, dict(key.as_dict(private=False)))


def write_jwks(path: Path, *keys: KeyPair) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"keys": [key.public for key in keys]}))
    fresh.replace(path)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def key(tmp_path: Path) -> KeyPair:
    return make_key(tmp_path, "first")


@pytest.fixture
def jwks(tmp_path: Path, key: KeyPair) -> Path:
    path = tmp_path / "jwks.json"
    write_jwks(path, key)
    return path


@pytest.fixture
def tokens(jwks: Path, clock: FixedClock) -> Tokens:
    return Tokens(str(jwks), "huiyin", "huiyin", clock)


@pytest.fixture
def signed(key: KeyPair, clock: FixedClock) -> SignedToken:
    def sign(role: str = "operator", subject: str = "s-1", **changed: object) -> str:
        given = {"office": "12345", "unit": "", "ttl": timedelta(hours=1)}
        given |= {"issuer": "huiyin", "audience": "huiyin", "path": key.path} | changed
        path = given.pop("path")
        return issue(path, subject=subject, role=role, machine_clock=clock, **given)  # type: ignore[arg-type]

    return sign


@pytest.fixture
def settings(tmp_path: Path, jwks: Path) -> BaseSettings:
    return BaseSettings(
        mongo_url="mongodb://none",
        mongo_database="demo",
        amqp_url="amqp://none",
        offices_dir=tmp_path,
        keys_dir=tmp_path,
        token_jwks=str(jwks),
        max_body_bytes=10_000,
    )
