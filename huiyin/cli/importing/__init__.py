"""`huiyin import`: complaints from other people's files, each registered once."""

from huiyin.cli.importing.command import app

__all__ = ["app"]
