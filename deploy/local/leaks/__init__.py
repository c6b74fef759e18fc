"""`make leaks`: invented people go through the whole platform, then are looked for wherever they must not be."""
