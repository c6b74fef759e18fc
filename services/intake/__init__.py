"""Intake: takes complaints down, numbers them, keeps text, identity, stage, journal and archive."""
