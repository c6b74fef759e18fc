"""A raw key in a file of its own, of exactly the length it must have."""

from pathlib import Path

from huiyin.chassis.errors import WrongSetting


def read_key(path: Path, length: int) -> bytes:
    """The raw key in a file, or a WrongSetting that names the file."""
    try:
        key = path.read_bytes()
    except OSError as wrong:
        raise WrongSetting(f"{path}: the key cannot be read ({type(wrong).__name__})") from wrong
    if len(key) != length:
        raise WrongSetting(f"{path}: the key must be {length} raw bytes, not {len(key)}")
    return key
