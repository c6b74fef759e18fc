"""The rules of feedback, pure: state and command in, state and events out."""
