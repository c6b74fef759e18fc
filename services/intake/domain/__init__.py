"""The rules of taking down, sorting and keeping, pure: state and command in, state and events out."""
