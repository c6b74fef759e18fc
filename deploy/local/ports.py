"""Free loopback ports, kept from run to run while nobody else takes them."""

import random
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.errors import LocalStackError
from deploy.local.files import read_json, write_json

# Below the range from which the kernel takes the ports of outgoing connections: in that range a
# client that reconnects to a stopped server can be given the server's own port and meet itself.
_RANGE = range(20_000, 32_000)
#: Ports are taken from a block, so that of two who choose at once hardly ever both choose the same.
_BLOCK = 40
_FIXED_BY = {"amqp": "HUIYIN_AMQP_PORT", "mongo": "HUIYIN_MONGO_PORT"}


def is_free(port: int) -> bool:
    """Whether a server could bind the port on the loopback address now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Whether something listens on the loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _random_block() -> range:
    start = random.randrange(_RANGE.start, _RANGE.stop, _BLOCK)  # noqa: S311 - chance, no secret
    return range(start, start + _BLOCK)


@dataclass
class Ports:
    """The ports of one data folder by name; a person may fix amqp's and mongo's by environment."""

    file: Path
    env: Mapping[str, str]
    _chosen: dict[str, int] = field(default_factory=dict)
    _block: range = field(default_factory=_random_block)

    def choose(self, *names: str) -> None:
        """Choose a port for each name: the fixed one, else last time's, else any free one."""
        last = read_json(self.file)
        for name in names:
            self._chosen[name] = self._fixed(name) or self._kept(last.get(name)) or self._any()
        write_json(self.file, last | self._chosen)

    def change_taken(self, *names: str) -> bool:
        """Choose again for those that somebody else took; answer whether there was one."""
        taken = [name for name in names if not is_free(self._chosen[name])]
        self.choose(*taken)
        return bool(taken)

    def __getitem__(self, name: str) -> int:
        return self._chosen[name]

    def _fixed(self, name: str) -> int | None:
        variable = _FIXED_BY.get(name, "")
        wish = self.env.get(variable)
        if not wish:
            return None
        if not wish.isdecimal() or not 0 < int(wish) < 65_536:  # noqa: PLR2004  the last port is 65535
            raise LocalStackError(f"{variable}={wish} is no port: give a number from 1 to 65535")
        if not is_free(int(wish)):
            raise LocalStackError(
                f"port {wish} is taken: free it, or set {variable} to another or to nothing"
            )
        return int(wish)

    def _kept(self, port: int | None) -> int | None:
        return port if port and port not in self._chosen.values() and is_free(port) else None

    def _any(self) -> int:
        for _ in range(len(_RANGE) // _BLOCK):
            for port in self._block:
                if port not in self._chosen.values() and is_free(port):
                    return port
            self._block = _random_block()
        raise LocalStackError(f"no free port found from {_RANGE.start} to {_RANGE.stop}")
