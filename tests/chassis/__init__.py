"""The chassis against real servers, carried by a toy service."""
