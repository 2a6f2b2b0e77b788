"""Makes the ePub what a reading device can show: no tabs, no folds, one style sheet of its own.

Tabs are buttons of a form on the site, which is no page of a book: a device refuses all of it.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

STYLES = ("pygments.css", "epub.css", "book.css")
CHANGED = ("sd_tab_input", "sd_tab_label", "dropdown_main", "dropdown_title")
"""What sphinx-design makes for a browser."""


def is_book(app: Sphinx) -> bool:
    """Return whether an ePub is made."""
    return app.builder.name == "epub"


def unfold(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put one tab below the other, and open what is folded."""
    if not is_book(app):
        return
    for parent in list(doctree.findall(nodes.Element)):
        if any(getattr(child, "tagname", "") in CHANGED for child in parent.children):
            parent[:] = [new for child in parent.children for new in on_paper(child)]


def on_paper(node: nodes.Node) -> list[nodes.Node]:
    """Return what stands on paper in the place of a tab's or a fold's parts."""
    match getattr(node, "tagname", ""):
        case "sd_tab_input":
            return []
        case "sd_tab_label" | "dropdown_title":
            texts = (text for text in node.findall(nodes.Text) if not in_html(text))
            return [nodes.rubric("", "".join(texts))]
        case "dropdown_main":
            inside = [new for child in node.children for new in on_paper(child)]
            return [nodes.container("", *inside)]
    return [node]


def in_html(text: nodes.Text) -> bool:
    """Return whether a text is HTML, such as that of an icon."""
    return isinstance(text.parent, nodes.raw)


def choose_styles(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Leave out the style sheets that are made for the site."""
    if is_book(app):
        files = context["css_files"]
        context["css_files"] = [file for file in files if str(file.filename).endswith(STYLES)]


def setup(app: Sphinx) -> dict[str, Any]:
    """Change pages after all that changes them for a browser."""
    app.connect("doctree-resolved", unfold)
    app.connect("html-page-context", choose_styles, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
