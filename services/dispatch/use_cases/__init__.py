"""What dispatch does: load, decide, save; one function a verb."""
