"""The petition office (S0)."""
