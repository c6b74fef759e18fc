"""Where intake keeps things, a module for each collection."""
