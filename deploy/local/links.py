"""Finds dead relative links, and links to headings that are not there, in all Markdown pages."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

_FENCE = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"`[^`\n]*`")
_INLINE = re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
_REFERENCE = re.compile(r"^\s{0,3}\[[^\]]+\]:\s*<?([^\s>]+)", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)
_NOT_IN_SLUG = re.compile(r"[^\w\- ]")


def dead_links(root: Path) -> list[str]:
    """One line for each dead link: the page, the link and what is wrong."""
    return [
        f"{page.relative_to(root)}: {link}: {fault}"
        for page in _pages(root)
        for link in _links(page.read_text())
        if (fault := _fault(root, page, link))
    ]


def _pages(root: Path) -> Iterator[Path]:
    """All but those in hidden folders (.venv, .local) and in what npm brings."""
    for page in sorted(root.rglob("*.md")):
        folders = page.relative_to(root).parts[:-1]
        if not any(part.startswith(".") or part == "node_modules" for part in folders):
            yield page


def _links(text: str) -> list[str]:
    prose = _CODE.sub("", _FENCE.sub("", text))
    return [*_INLINE.findall(prose), *_REFERENCE.findall(prose)]


def _fault(root: Path, page: Path, link: str) -> str:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return ""
    start = root if parts.path.startswith("/") else page.parent
    target = start / unquote(parts.path).lstrip("/") if parts.path else page
    if not target.exists():
        return "there is no such file"
    if parts.fragment and target.suffix == ".md" and unquote(parts.fragment) not in _slugs(target):
        return "there is no such heading"
    return ""


def _slugs(page: Path) -> set[str]:
    """The anchors a forge makes of the headings; repeated ones get a number."""
    slugs: set[str] = set()
    for heading in _HEADING.findall(_FENCE.sub("", page.read_text())):
        slug = base = _NOT_IN_SLUG.sub("", heading.lower()).replace(" ", "-")
        count = 0
        while slug in slugs:
            count += 1
            slug = f"{base}-{count}"
        slugs.add(slug)
    return slugs


def main() -> int:
    """Print what is dead; the exit status tells whether anything is."""
    dead = dead_links(Path.cwd())
    print("\n".join(dead) if dead else "All links between the pages lead somewhere.")
    return 1 if dead else 0


if __name__ == "__main__":
    sys.exit(main())
