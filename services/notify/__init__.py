"""Notify: owns deliveries. Every message to a person or a unit goes out through one interface."""
