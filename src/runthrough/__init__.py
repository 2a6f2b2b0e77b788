"""Follow a site's pages as a reader would, and fail where a reader would stumble.

Name `runthrough` among the extensions of conf.py and the pages may say, in options of
their code blocks, what each one asks of the reader. `pytest --runthrough docs` then does
what the pages ask, on a live shell and database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__version__ = "0.1.0"


def setup(app: Sphinx) -> dict[str, Any]:
    """Let Sphinx load the package by its plain name."""
    from runthrough.reading import extension
    from runthrough.showing import extension as showing

    showing.setup(app)
    return extension.setup(app)
