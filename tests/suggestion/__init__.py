"""How well a category is suggested, measured on real messages beside the project."""
