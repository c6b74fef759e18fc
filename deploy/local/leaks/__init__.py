"""`make leaks`: invented people go through the platform, then are looked for where they must not be."""
