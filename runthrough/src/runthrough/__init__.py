"""Follow a site's pages as a reader would, and fail where a reader would get stuck.

Name `runthrough` among the extensions of conf.py and the pages may say, in options of
their code blocks, what each one asks of the reader. `pytest --runthrough docs` then does
what the pages ask, on a live shell and database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runthrough._version import __version__
from runthrough.model.prompts import PROMPT_TEXT

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["PROMPT_TEXT", "__version__", "setup"]


def setup(app: Sphinx) -> dict[str, Any]:
    """Let Sphinx load the package by its plain name."""
    from runthrough.pages import extension as badges
    from runthrough.reading import extension

    badges.setup(app)
    return extension.setup(app)
