"""The county magistrate's hotline (S1)."""
