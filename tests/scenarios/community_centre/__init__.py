"""Scenarios of the community centre."""
