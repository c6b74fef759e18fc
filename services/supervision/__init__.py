"""Supervision: owns every date; urges, supervises in writing, grants more time, judges replies."""
