"""The directive that sums the walks of a whole site up, in the place of its author's choice."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from runthrough.showing.pages import Showing, Shown

NAMED = "runthrough_walked"
"""Where Sphinx's environment keeps that a page has a sum."""


class Sum(nodes.General, nodes.Element):
    """The place of a sum, until all pages are known."""


class Walked(SphinxDirective):
    """`walked`: when and on what the pages of this site were walked, and how much they ask."""

    def run(self) -> list[nodes.Node]:
        self.env.metadata[self.env.docname][NAMED] = ""
        return [Sum()]


def with_a_sum(env: BuildEnvironment) -> set[str]:
    """Return the pages that are to be built anew when anything is known of another page."""
    return {page for page, said in env.metadata.items() if NAMED in said} & env.found_docs


def write_sums(doctree: nodes.document, showing: Showing) -> None:
    """Put the sum in its place."""
    for node in list(doctree.findall(Sum)):
        node.replace_self(Shown(html=showing.sum_up()))


def leave_out(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Remove the place of a sum where nothing shows what walks have found."""
    for node in list(doctree.findall(Sum)):
        node.parent.remove(node)
