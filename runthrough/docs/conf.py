"""What Sphinx needs to know about these pages, and runthrough about running them."""

import os
import posixpath
import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from runthrough import PROMPT_TEXT, __version__

# The tables of settings and options, made from the code.
sys.path.insert(0, str(Path(__file__).with_name("_ext")))

project = "runthrough"
author = "The contributors"
project_copyright = author
language = "en"
html_title = f"{project} {__version__}"
version = release = __version__

extensions = ["sphinx.ext.autodoc", "sphinx_copybutton", "runthrough", "reference_tables"]
root_doc = "index"
exclude_patterns = ["_build"]
nitpicky = True
# The types in signatures: those of the standard library, and ours by the name of their module.
nitpick_ignore_regex = [("py:.*", ".*")]
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
smartquotes = False

# The run: what the pages show, and what stands for it when they run.

runthrough_directory = "/home/reader/dev"
runthrough_database = "postgresql://ada:secret@localhost:5432/tea"
runthrough_captures = {"revision": r"[0-9a-f]{12}"}
runthrough_patterns = {
    "date": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?",
    "python": r"Python 3\.1\d\.\d+\S*",
    "time": r"in (?:\d+ seconds?|\d+\.\d\ds)",
    "since": r"from \d\d:\d\d",
}
runthrough_packages = ["Sphinx", "pytest"]
runthrough_continues = {"index": "start"}
runthrough_results = "_build/results/results.json"
runthrough_must_have_steps = ["[!iac]*", "api", "check*", "ci", "contributing"]

# The looks.

html_theme = "sphinx_rtd_theme"
html_theme_options = {"navigation_depth": 3, "prev_next_buttons_location": "bottom"}
html_baseurl = os.environ.get("READTHEDOCS_CANONICAL_URL", "")
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
# Bold and italics only: site.css adds the colours, for light and dark screens.
pygments_style = "bw"

# The copy button takes the commands, without prompts, outputs and a last line break.

no_button = ":not(.no-copy):not(.highlight-diff):not(.runthrough-output)"
copybutton_selector = f"div{no_button} > div.highlight > pre"
copybutton_prompt_text = PROMPT_TEXT
copybutton_prompt_is_regexp = True
copybutton_line_continuation_character = "\\"
copybutton_here_doc_delimiter = "END"
copybutton_copy_empty_lines = False
copybutton_exclude = ".linenos"

# A site that is tested this way, for the front page. The environment of the build says where it is:
# its title, and its address or a path from the folder of the built pages. Without both there's no
# such link.

title = os.environ.get("RUNTHROUGH_EXAMPLE_TITLE", "")
address = os.environ.get("RUNTHROUGH_EXAMPLE_URL", "")
if title and address:
    tags.add("example")  # type: ignore[name-defined]  # noqa: F821 - Sphinx provides it
rst_epilog = f".. |example| replace:: `{title or 'example'} <{address or '.'}>`__\n"

PAGES = {"ARCHITECTURE": "architecture", "CHANGELOG": "changelog", "CONTRIBUTING": "contributing"}
"""Pages that include a file beside README.rst, whose links are made for a forge."""


def link_to_pages(app: Sphinx, doctree: nodes.document) -> None:
    """Turn links to files of the repository, such as docs/blocks.rst, into links to pages."""
    for reference in list(doctree.findall(nodes.reference)):
        path = reference.get("refuri", "").partition("#")[0]
        name, extension = posixpath.splitext(path)
        if extension == ".rst" and ":" not in path:
            docname = PAGES.get(name, name.removeprefix("docs/"))
            link = addnodes.pending_xref(
                "",
                nodes.inline("", reference.astext()),
                refdomain="std",
                reftype="doc",
                reftarget=f"/{docname}",
                refexplicit=True,
                refdoc=app.env.docname,
                refwarn=True,
            )
            reference.replace_self(link)


def setup(app: Sphinx) -> dict[str, Any]:
    """Let pages include files that a forge shows too."""
    app.connect("doctree-read", link_to_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
