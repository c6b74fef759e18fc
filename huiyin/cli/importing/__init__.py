"""`huiyin import`: complaints from other people's files, each registered once."""

from huiyin.cli.importing.command import take_in

__all__ = ["take_in"]
