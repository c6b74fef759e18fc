"""The rules of dispatch, without servers."""
