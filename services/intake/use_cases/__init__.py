"""What intake does: load, decide, save; one function a verb."""
