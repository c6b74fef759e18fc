"""`make faults`: the platform is hurt while cases run, then the books are proved."""
