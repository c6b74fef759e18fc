"""The local stack: both servers as child processes, and the keys, for `make run` and the tests."""
