"""`python -m tests.suggestion`: how often the right category is suggested, and how fast."""

import resource
import tempfile
from pathlib import Path
from typing import Any, Final

from pymongo import MongoClient

from deploy.local.servers import Servers
from tests.suggestion.measuring import measure

DATA: Final = Path(__file__).parents[3] / "shared" / "data"


def main() -> None:
    """Start a store, measure in two orders of learning, print."""
    with tempfile.TemporaryDirectory() as folder, Servers(Path(folder)) as servers:
        servers.start()
        with MongoClient[dict[str, Any]](servers.addresses.mongo_url) as client:
            for order in (None, 7):
                figures = measure(client[f"measured_{order}"], DATA, shuffled=order)
                print("learnt as they came" if order is None else "learnt shuffled", figures)
    print(f"greatest memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
