"""A directive that puts a diagram of `drawings` on a page: `.. diagram:: NAME`, with a caption.

A page of the site gets the drawing itself, which follows the colours of the page. A book and the
site on one page get a picture, and a page for programs gets the text that says the same.
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import drawings
from canvas import Canvas, fixed
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

STATIC = Path(__file__).parent.with_name("_static")
ON_PAGES = ("html", "dirhtml")
"""The builders whose pages draw it themselves."""


class diagram(nodes.General, nodes.Element):
    """A diagram: its name, title and text, and its drawings by layout."""


class Diagram(SphinxDirective):
    """Put a diagram here; the content is its caption."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Make the figure, and refer a reader of the text to what it says."""
        name = self.arguments[0]
        try:
            drawing = drawings.find(name)
        except ImportError as error:
            raise self.error(f"there is no diagram {name!r}") from error
        self.env.note_dependency(str(Path(str(drawing.__file__))))
        layouts = {"narrow": drawing.narrow()}
        if hasattr(drawing, "wide"):
            layouts = {"wide": drawing.wide(), **layouts}
        return [figure(self, name, drawing, layouts)]


def figure(
    directive: SphinxDirective, name: str, drawing: ModuleType, layouts: dict[str, Canvas]
) -> nodes.Node:
    """Return a diagram as a node, with the caption that a directive has as its content."""
    title, text = drawing.TITLE, drawing.TEXT
    node = diagram("", name=name, title=title, alt=text)
    node["alone"] = next(iter(layouts.values())).svg(
        title, text, name, style=fixed(STATIC / "diagrams.css", STATIC / "reader.css")
    )
    number = directive.env.new_serialno("diagram")
    node["inline"] = "".join(
        canvas.svg(title, text, f"{name}-{number}-{kind}", kind if len(layouts) > 1 else "")
        for kind, canvas in layouts.items()
    )
    if directive.content:
        words, _ = directive.parse_inline(" ".join(directive.content))
        node += nodes.caption("", "", *words)
    directive.set_source_info(node)
    return node


def visit_html(self: Any, node: diagram) -> None:
    """Write the drawing into a page, or a picture into a book."""
    self.body.append('<figure class="diagram">')
    write_drawing(self, node)
    for caption in node.children:
        self.body.append("<figcaption>")
        for child in caption.children:
            child.walkabout(self)
        self.body.append("</figcaption>")
    self.body.append("</figure>\n")
    raise nodes.SkipNode


def write_drawing(translator: Any, node: nodes.Element) -> None:
    """Write the drawing of a node itself, or refer to a picture of it that is written as a file."""
    builder = translator.builder
    if builder.name in ON_PAGES:
        translator.body.append(node["inline"])
        return
    file = Path(builder.outdir, builder.imagedir, f"{node.tagname}-{node['name']}.svg")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(node["alone"], encoding="utf-8")
    source, alt = f"{builder.imgpath}/{file.name}", translator.attval(node["alt"])
    translator.body.append(f'<img src="{source}" alt="{alt}" />')


def visit_text(self: Any, node: nodes.Element) -> None:
    """Write what the drawing says."""
    self.add_text(node["alt"])
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directive, and the style sheet for pages that have a diagram."""
    # Not for "epub" by name as well: Sphinx would no longer find there what others have for "html".
    app.add_node(diagram, html=(visit_html, None), text=(visit_text, None))
    app.add_directive("diagram", Diagram)
    app.add_css_file("diagrams.css")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
