"""`huiyin department`: the feeds of departments that subscribe."""

from huiyin.cli.departments.command import app

__all__ = ["app"]
