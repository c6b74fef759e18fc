"""Backup of all five stores as they stood at one moment, and the way back."""
