"""The rules of dispatching, pure: state and command in, state and events out."""
