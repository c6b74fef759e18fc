"""The rules of supervising, pure: state and command in, state and events out."""
