"""What notify does: load, decide, save; by subject."""
