"""The rules of intake, without servers."""
