"""Scenarios of the mayor's line."""
