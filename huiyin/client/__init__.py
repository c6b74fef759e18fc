"""The way to the five services over HTTP, as people and tools go it."""
