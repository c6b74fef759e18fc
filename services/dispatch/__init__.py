"""Dispatch: finds the unit, gives the orders, takes the unit's replies."""
