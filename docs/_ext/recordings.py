"""A directive that shows a recording of a page: `.. recording:: NAME`, with a caption.

A page of the site gets the terminal itself, which follows the colours of the page and plays until
its reader stops it. A book gets a picture of the last moment, and a page for programs the text.
"""

from __future__ import annotations

from typing import Any

import screenplays
from diagrams import ON_PAGES, visit_text, write_drawing
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

SOURCES = ("reader.css", "recordings.css")
"""Style sheets whose rules are part of a picture."""
PLAY = '<label><input type="checkbox" autocomplete="off" checked /> Play</label>'


class recording(nodes.General, nodes.Element):
    """A recording: its name, title and text, and its drawings."""


class Recording(SphinxDirective):
    """Put a recording here; the content is its caption."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Take what it shows from the page."""
        name = self.arguments[0]
        if name not in screenplays.SCREENPLAYS:
            raise self.error(f"there is no recording {name!r} in docs/_ext/screenplays.py")
        screenplay = screenplays.SCREENPLAYS[name]
        self.env.note_dependency(str(screenplays.ROOT / screenplay.page))
        for source in SOURCES:
            self.env.note_dependency(str(screenplays.STATIC / source))
        try:
            text = screenplay.text()
        except screenplays.ScreenplayError as error:
            raise self.error(str(error)) from error
        node = recording("", name=name, title=screenplay.title, alt=text)
        number = self.env.new_serialno("recording")
        node["inline"] = "".join(
            screenplay.svg(layout, f"{name}-{number}-{layout}") for layout in ("wide", "narrow")
        )
        node["alone"] = screenplay.picture(still=True)
        words, _ = self.parse_inline(" ".join(self.content))
        node += nodes.caption("", "", *words)
        self.set_source_info(node)
        return [node]


def visit_html(self: Any, node: recording) -> None:
    """Write the terminal into a page, or a picture into a book."""
    self.body.append('<figure class="recording">')
    write_drawing(self, node)
    self.body.append(f"<figcaption>{PLAY if self.builder.name in ON_PAGES else ''}")
    for child in node.children[0].children:
        child.walkabout(self)
    self.body.append("</figcaption></figure>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directive, and the style sheet for pages that have a recording."""
    # Not for "epub" by name as well: Sphinx would no longer find there what others have for "html".
    app.add_node(recording, html=(visit_html, None), text=(visit_text, None))
    app.add_directive("recording", Recording)
    app.add_css_file("recordings.css")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
