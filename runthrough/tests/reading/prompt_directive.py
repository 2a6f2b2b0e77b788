"""An extension with a `prompt` directive, which makes HTML as sphinx-prompt does."""

from __future__ import annotations

from docutils import nodes
from docutils.parsers.rst import Directive, directives
from sphinx.application import Sphinx


class Prompt(Directive):
    """Draws its content without a prompt."""

    optional_arguments = 3
    has_content = True
    option_spec = {
        name: directives.unchanged_required for name in ("language", "prompts", "modifiers")
    }

    def run(self) -> list[nodes.Node]:
        text = "\n".join(self.content)
        return [
            nodes.raw(text, f"<pre><span>{text}</span></pre>", format="html"),
            nodes.raw(text, text, format="latex"),
        ]


def setup(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("prompt", Prompt)
