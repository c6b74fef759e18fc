"""The rules of delivering, pure: state and command in, state and events out."""
