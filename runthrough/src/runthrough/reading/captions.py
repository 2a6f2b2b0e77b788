"""Distinguish captions that are file paths from captions that are prose."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from runthrough.model.steps import VERBS
from runthrough.reading.options import DIFFS, decided, file_action

ROLE = re.compile(r"(?::[\w:+.-]+:)?(`{1,2})(?P<text>[^`<>]+)\1")
"""A caption that is an inline literal, or one role, as a whole."""
MARKUP = re.compile(r"`|\*\S|\|\S+\||\S_(?:\s|$)")
PATH = re.compile(r"\S*[^\s:;,!?]")


def path_of(options: Mapping[str, Any]) -> str | None:
    """Return the path that a block's caption names, None if the caption is prose.

    A path has no blanks, except where the block has the reader make or change the file: the
    last word of it then has a dot or a slash.
    """
    caption = " ".join(str(options.get("caption") or "").split())
    whole = ROLE.fullmatch(caption)
    text = whole["text"] if whole else caption
    if not whole and MARKUP.search(text):
        return None
    if PATH.fullmatch(text):
        return text
    asked = file_action(options) != "show"
    return text if asked and re.search(r"[./][^\s.]*\w$", text.split(" ")[-1] or "") else None


def announced(options: Mapping[str, Any], language: str) -> str | None:
    """Return a caption that says what the reader does with the file, None to leave it as it is."""
    path = path_of(options)
    if path is None or decided(options) is not None:
        return None
    verb = "Change" if language in DIFFS else VERBS[file_action(options)]
    caption = options["caption"] if "`" in options["caption"] else f"``{path}``"
    return f"{verb} {caption}" if verb else None
