"""What Sphinx needs to know about the site, and runthrough about the run."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from runthrough import PROMPT_TEXT

# What only this site needs: the tables of reference/versions and of GINO's calls, pages that weigh
# little, what surrounds them, a search for the lines of errors, and references to parameters.
sys.path.insert(0, str(Path(__file__).with_name("_ext")))

project = "Alembic migrations for GINO"
author = "The authors of these pages"
project_copyright = author
language = "en"
html_title = project
version = release = "0.1.0"

extensions = [
    "sphinx.ext.intersphinx",
    "sphinx_copybutton",
    "sphinx_design",
    "runthrough",
    "version_table",
    "diagrams",
    "recordings",
    "gino_calls",
    "light_pages",
    "page_head",
    "page_layout",
    "edit_link",
    "llms_text",
    "book",
    "one_page",
    "lost_page",
    "first_results",
    "parameters",
    "neighbour",
    "moved_pages",
    "lookup_pages",
    "inline_commands",
]
root_doc = "index"
exclude_patterns = ["_build", "_inventories", "_listings"]
nitpicky = True
# Headings hold the words of errors: they are searched for as they were printed.
smartquotes = False

# Other projects' docs. Their inventories are files in this folder, so that no build needs the
# network; and only a reference that names its project can lead there.

intersphinx_mapping = {
    "alembic": ("https://alembic.sqlalchemy.org/en/latest/", "_inventories/alembic.inv"),
    "asyncpg": ("https://magicstack.github.io/asyncpg/current/", "_inventories/asyncpg.inv"),
    "gino": ("https://python-gino.org/docs/en/1.0/", "_inventories/gino.inv"),
    "sqlalchemy": ("https://docs.sqlalchemy.org/en/13/", "_inventories/sqlalchemy.inv"),
}
intersphinx_disabled_reftypes = ["*"]

# runthrough's own site. In a clone it's built beside this one. Read the Docs builds it as a project
# of its own, whose address is given in this variable; without it the words aren't links there.
neighbour_address = os.environ.get(
    "RUNTHROUGH_DOCS_URL",
    "" if os.environ.get("READTHEDOCS") else "../../../runthrough/docs/_build/html",
)

# The run: what the pages show, and what stands for it when they are run.

runthrough_directory = "/home/reader/dev"
runthrough_database = "postgresql://gino:secret@localhost:5432/gino_tutorial"
runthrough_ports = {8000: "", 5433: ""}  # servers that pages start
runthrough_captures = {
    "revision": r"[0-9a-f]{12}",
}
runthrough_patterns = {
    "date": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?",
    "python": r"Python 3\.1[123]\.\d+\S*",
    "time": r"in (?:\d+ seconds?|\d+\.\d\ds)",
    "since": r"from \d\d:\d\d",
}
runthrough_packages = ["Alembic", "GINO", "SQLAlchemy", "asyncpg"]
# What the last run has found; pages of which it tells nothing say so.
runthrough_results = "_build/results/results.json"
runthrough_about = "explanation/how-these-docs-stay-true"
runthrough_must_have_steps = [
    "tutorial/[!i]*",
    "tutorial/install",
    "how-to/*",
    "troubleshooting/[!i]*",
    "troubleshooting/installing",
    "explanation/autogenerate",
    "explanation/how*",
    "explanation/revision-graph",
    "explanation/t*",
    "reference/[!giv]*",
]
runthrough_exports = {
    "../alembic_sample": {
        "page": "tutorial/back-and-forth",
        "folder": "alembic_sample",
        "own": ["README.rst"],
    },
}
runthrough_checkpoints = {
    "tutorial/*": {
        "folder": "alembic_sample",
        "begin": [
            "cd alembic_sample",
            "python3 -m venv .venv",
            "source .venv/bin/activate",
            "pip install -c requirements.txt setuptools",
            "pip install --no-build-isolation -r requirements.txt",
        ],
        "note": (
            "Without unzip, Python unpacks it: python3 -m zipfile -e FILE . "
            '"Before you start" says how to empty the database. The migrations that you generate '
            "get different revision ids from ours."
        ),
    },
}

# Other readers than those who come straight from the tutorial: what they've followed before a
# page, and the tabs that are meant for them.
runthrough_paths = {
    "credentials": {
        "tabs": ["Your env.py reads settings.py", "You followed Credentials"],
        "pages": {
            "how-to/adopt": "how-to/credentials",
            "how-to/check-in-ci": "how-to/credentials",
            "how-to/test-migrations": "how-to/check-in-ci",
        },
    },
    "production": {
        "tabs": ["Your env.py reads settings.py", "The production env.py"],
        "pages": {
            "how-to/check-in-ci": "reference/env-py",
            "how-to/deploy": "reference/env-py",
            "how-to/indexes": "reference/env-py",
            "how-to/leave-gino/second-environment": "reference/env-py",
            "how-to/partitions": "reference/env-py",
            "how-to/test-migrations": "how-to/check-in-ci",
        },
    },
}

# The looks.

html_theme = "sphinx_rtd_theme"
html_theme_options = {
    "navigation_depth": 4,
    "prev_next_buttons_location": "bottom",
    "style_external_links": False,
    "titles_only": True,
}
html_baseurl = os.environ.get("READTHEDOCS_CANONICAL_URL", "")
# Search engines want addresses: only a site that knows its own can list them.
if html_baseurl:
    extensions.append("sphinx_sitemap")
sitemap_url_scheme = "{link}"
sitemap_excludes = ["404.html", "search.html"]
html_static_path = ["_static"]
templates_path = ["_templates"]
html_css_files = ["reader.css"]
html_js_files = [("reader.js", {"defer": "defer"})]
html_favicon = "_static/favicon.svg"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
page_head_card = "_static/card.png"
page_head_card_alt = (
    "Alembic migrations for GINO: models, a revision and a database, one after the other."
)

# Bold and italics only: reader.css adds the colours, for light and dark screens.
pygments_style = "bw"

# The page for a missing address names all others from the root of the server.
notfound_urls_prefix = urlsplit(html_baseurl).path or "/"

# The copy button takes the commands, without prompts, outputs and a last line break.
# A diff has marks that nobody wants to paste: runthrough gives it buttons of its own.

no_button = ":not(.no-copy):not(.highlight-diff):not(.runthrough-output)"
copybutton_selector = f"div{no_button} > div.highlight > pre"
copybutton_prompt_text = PROMPT_TEXT
copybutton_prompt_is_regexp = True
copybutton_line_continuation_character = "\\"
copybutton_here_doc_delimiter = "END"
copybutton_copy_empty_lines = False
copybutton_exclude = ".linenos"

# Outside links that answer to a reader and not to a program.
linkcheck_anchors = False
linkcheck_timeout = 20

# The ePub. Its name for libraries stays the same from release to release.

epub_identifier = epub_uid = "gino-with-alembic"
epub_contributor = author
epub_description = "A tutorial and a guide to Alembic migrations for projects with the GINO ORM."
epub_cover = ("_static/cover.png", "epub-cover.html")
epub_css_files = ["book.css"]
epub_tocscope = "includehidden"
epub_show_urls = "no"
epub_exclude_files = [
    "404.xhtml",
    # Sphinx leaves these in the folder of an earlier build; the cover would be there twice.
    ".buildinfo.bak",
    "epub-cover.xhtml",
    # What only a browser needs.
    "_sphinx_design_static/sphinx-design.min.css",
    "_static/basic.css",
    "_static/card.png",
    "_static/check-solid.svg",
    "_static/copy-button.svg",
    "_static/copybutton.css",
    "_static/diagrams.css",
    "_static/favicon.svg",
    "_static/gino-calls.css",
    "_static/minus.png",
    "_static/plus.png",
    "_static/reader.css",
    "_static/recordings.css",
    "_static/runthrough-copy.css",
    "_static/runthrough-copy.js",
    "_static/runthrough.css",
    "_static/search.css",
    "_static/sphinx-design.min.css",
    "_static/versions.css",
]
