"""Pages that load what they use, and tables that scroll inside a page instead of with it.

The theme and the extensions put all that they have on every page. On a telephone that is most of
what a reader waits for.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

UNUSED = frozenset({"jquery.js", "_sphinx_javascript_frameworks_compat.js"})
"""What only the theme's own script calls for: _templates/layout.html goes without it."""
NARROW = re.compile(r'<(table|div class="code-block-caption").*?</(?:table|div)>', re.DOTALL)
NAME = re.compile(r'(<span class="(?:pre|caption-text)">)([^<]+)(</span>)')
PART = re.compile(r"((?<=\w\w)[./_(=](?=[^\W_]))")
"""The narrow parts of a page, the names in them, and where a part of a name ends."""
LISTING = re.compile(r'<div class="highlight-')
DIFF = re.compile(r'<div class="highlight-diff')
DESIGN = re.compile(r'class="(?:[^"]* )?sd-')
THINNED = "/* The theme's, without what this site does not use. */\n"
RULE = re.compile(
    r"(?P<media>@(?:media|supports)[^{}]+)\{(?P<rules>(?:[^{}]+\{[^{}]*\})*)\}"
    r"|(?P<selectors>[^{}]+)\{(?P<body>[^{}]*)\}"
)
UNKNOWN = re.compile(
    r"\.(?:fa|icon|btn|wy-(?!table|text|breadcrumbs$))(?![\w-]*neutral)[\w-]*"
    r"|\.(?:rst-versions|tooltip|rst-breadcrumbs|codeblock|linenodiv|eqno|citation|footnote|math"
    r"|toctree-expand|headerlink|field-list|option-list|sig|property|classref|optional|nav)\b"
    r"|\btt\b|:visited|\[data-"
)
"""Icons, forms, menus and other things that reader.css draws itself or that no page has."""
USED_FOR = {
    "clipboard.min.js": LISTING,
    "copybutton.css": LISTING,
    "copybutton.js": LISTING,
    "diagrams.css": re.compile(r'class="(?:diagram|seen)"'),
    "design-tabs.js": re.compile(r'class="sd-tab-set'),
    "gino-calls.css": re.compile(r'class="[^"]*gino-pair'),
    "pygments.css": LISTING,
    "recordings.css": re.compile(r'class="recording"'),
    "runthrough-copy.css": DIFF,
    "runthrough-copy.js": DIFF,
    "sphinx-design.min.css": DESIGN,
    "versions.css": re.compile(r'class="[^"]*version-table'),
}
"""What else some pages do without, and what a page that needs it has in its text."""


def leave_out(_app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doc: Any) -> None:
    """Drop the scripts and the style sheets that this page has no use for."""
    body = context.get("body", "")
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context[kind] if _is_used(str(file.filename), body)]


def _is_used(file: str, body: str) -> bool:
    name = file.rpartition("/")[2]
    mark = USED_FOR.get(name)
    return name not in UNUSED and (mark is None or mark.search(body) is not None)


def let_names_be_broken(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doc: Any
) -> None:
    """Let a line end within the names of tables and captions where one part of a name ends.

    On a phone, many names are longer than a cell is wide, and would be broken anywhere.
    """
    if "body" in context:
        context["body"] = NARROW.sub(lambda part: NAME.sub(_broken, part[0]), context["body"])


def _broken(name: re.Match[str]) -> str:
    return name[1] + PART.sub(r"\1<wbr />", name[2]) + name[3]


def thin_out(app: Sphinx, *_: Any) -> None:
    """Leave out of the theme's style sheet what no page of this site has, once in each build."""
    file = Path(app.outdir, "_static", "css", "theme.css")
    if app.builder.name not in ("html", "dirhtml") or not file.is_file():
        return
    with file.open(encoding="utf-8") as sheet:
        if sheet.read(len(THINNED)) == THINNED:
            return
    # Builds in parallel write it at the same time, each of them all of it.
    new = file.with_name(f"theme.{os.getpid()}.css")
    new.write_text(THINNED + used(file.read_text(encoding="utf-8")), encoding="utf-8")
    new.replace(file)


def used(text: str) -> str:
    """Return the rules of a style sheet that apply to anything here."""
    kept = []
    for found in RULE.finditer(text):
        if (rules := found["rules"]) is not None:
            inner = used(rules)
            kept += [f"{found['media']}{{{inner}}}"] if inner else []
        elif found["selectors"].startswith("@"):
            kept += [] if found["selectors"] == "@font-face" else [found[0]]
        elif selectors := [one for one in split(found["selectors"]) if not UNKNOWN.search(one)]:
            kept.append(f"{','.join(selectors)}{{{found['body']}}}")
    return "".join(kept)


def split(selectors: str) -> list[str]:
    """Divide a list of selectors at its commas, but not within brackets."""
    return re.split(r",(?![^(]*\))", selectors)


def wrap_tables(app: Sphinx, doctree: nodes.document, _page: str) -> None:
    """Put each table into a box that scrolls, which the theme leaves to a script."""
    if app.builder.format != "html":
        return
    for table in list(doctree.findall(nodes.table)):
        box = nodes.container(classes=["wy-table-responsive"])
        # Not replace_self, which would give the box the table's name as well.
        table.parent.replace(table, box)
        box += table


def show_links_as_letters(app: Sphinx) -> None:
    """Undo what the theme sets as it is loaded: a picture from a font of 77 kB at headings."""
    app.config.html_permalinks_icon = "#"


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect them to what Sphinx calls as it builds."""
    app.connect("builder-inited", show_links_as_letters)
    app.connect("doctree-resolved", wrap_tables)
    app.connect("html-page-context", let_names_be_broken)
    app.connect("html-page-context", leave_out, priority=900)
    # Before the first page names its style sheets, so that they are named by what is in them.
    app.connect("html-page-context", thin_out, priority=100)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
