"""What supervision does: load, decide, save; one function a verb."""
