"""The files that the pages of the site let their readers make."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"


def source_of(page: str) -> str:
    """Return the source of a page, such as how-to/deploy."""
    return (DOCS / f"{page}.rst").read_text(encoding="utf-8")


def listing(page: str, caption: str) -> str:
    """Return the last whole file with a caption that a page lets its reader make."""
    found = re.findall(
        rf"^( +):caption: {re.escape(caption)}\n\1:(?:create|replace):\n\n((?:\1.*\n|\n)+)",
        source_of(page),
        re.MULTILINE,
    )
    assert found, f"docs/{page}.rst lets its reader make no {caption}"
    return textwrap.dedent(found[-1][1]).strip("\n")
