"""What the five services of Huiyin share: the words (contracts) and the machinery (chassis)."""

from typing import Final

__version__: Final = "0.1.0"
