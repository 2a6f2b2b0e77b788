"""Let readers copy the whole of a changed file, as a run recorded it, from one script per page.

A browser can load a script from a folder as well as from a server, and does so only on demand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

from runthrough.pages.badges import Badge

FOLDER = "_runthrough"
"""Where the scripts are in the built site."""


def of_page(badges: Sequence[Badge]) -> dict[int, str]:
    """Return the changed files of a page by the number of their step.

    A file is there only as long as the step, and all that leads to it, are what was run.
    """
    return {
        number: badge.recorded.whole
        for number, badge in enumerate(badges)
        if badge.holds and badge.recorded is not None and badge.recorded.whole is not None
    }


def write(app: Sphinx, docname: str, files: Mapping[int, str]) -> str:
    """Write the script with the files of a page, and return its address from there."""
    name = f"{FOLDER}/{docname}.js"
    script = Path(app.outdir, name)
    script.parent.mkdir(parents=True, exist_ok=True)
    held = json.dumps(files, ensure_ascii=False, separators=(",", ":"))
    script.write_text(f"document.currentScript.files = {held};\n", encoding="utf-8")
    return relative_uri(app.builder.get_target_uri(docname), name)
