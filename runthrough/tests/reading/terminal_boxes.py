"""An extension that shows terminals, as many sites have one: in nodes that only it knows."""

from __future__ import annotations

from collections.abc import Callable

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx


class terminal(nodes.General, nodes.Element):
    """A node that keeps its text as an attribute."""


class screen(nodes.General, nodes.TextElement):
    """A node that has its text as a child."""


def directive(make: Callable[[str], nodes.Node]) -> type[Directive]:
    """Make a directive whose content becomes a node."""

    class Made(Directive):
        has_content = True

        def run(self) -> list[nodes.Node]:
            return [make("\n".join(self.content))]

    return Made


def preformatted(text: str) -> nodes.raw:
    """Draw a terminal as sphinx-prompt does: a style sheet adds the prompts."""
    return nodes.raw("", f"<pre>{text.replace('$ ', '')}</pre>", format="html")


def setup(app: Sphinx) -> None:
    """Add a directive for each way to show a terminal."""
    app.add_directive("kept", directive(lambda text: terminal(code=text)))
    app.add_directive("screen", directive(lambda text: screen(text, text)))
    app.add_directive(
        "lines", directive(lambda text: nodes.raw("", f"<p>{text}</p>", format="html"))
    )
    app.add_directive("boxed", directive(preformatted))
    app.add_directive("printed", directive(lambda text: nodes.raw("", text, format="latex")))
