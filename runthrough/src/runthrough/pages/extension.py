"""What Sphinx does with a result file: the setting, the badges, which pages to build again."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from runthrough.model.converting import PREFIX
from runthrough.model.digests import digest
from runthrough.pages import results_file
from runthrough.pages.page_cache import forget, forget_if_others
from runthrough.pages.rendering import (
    BadgeRenderer,
    CornerHtml,
    RawHtml,
    visit_corner_html,
    visit_raw_html,
)
from runthrough.reading.starting import settings_of

NAMED = "runthrough_tested"
"""Where Sphinx's environment keeps that a page has a sum."""

SHOWN = f"{PREFIX}shown"
"""Where Sphinx's environment keeps what each page was built with."""
STATIC = Path(__file__).with_name("static")
STYLES = ("runthrough.css", "runthrough-copy.css")
SCRIPT = "runthrough-copy.js"
LAST = 900
"""A priority after that of extensions that change a page."""

logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> None:
    """Add badges and the directive; without `runthrough_results`, a build shows neither."""
    app.connect("config-inited", switch_on)
    app.add_directive("tested", Tested)
    app.connect("doctree-resolved", leave_out, priority=LAST + 1)


def switch_on(app: Sphinx, config: Config) -> None:
    """Have the pages show what the file says, if one is set; it needn't exist yet."""
    settings = settings_of(app)
    if settings.results is None:
        return
    config.html_static_path = [*config.html_static_path, str(STATIC)]
    for style in STYLES:
        app.add_css_file(style)
    app.add_js_file(SCRIPT, loading_method="defer")
    app.add_node(RawHtml, html=(visit_raw_html, None))
    app.add_node(CornerHtml, html=(visit_corner_html, None))
    showing = BadgeRenderer(app, known(settings.results), settings.about)

    def also_written(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
        return differing(app, env, showing) if shows(app) else ()

    def resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
        if shows(app) and not showing.is_reading:
            showing.show(doctree, docname)
            write_sums(doctree, showing)

    app.connect("env-get-outdated", check_explanation)
    app.connect("env-purge-doc", forget)
    app.connect("env-updated", also_written)
    app.connect("doctree-resolved", resolve, priority=LAST)


def check_explanation(app: Sphinx, env: BuildEnvironment, *_: set[str]) -> Iterable[str]:
    """Warn if closing lines would link to a page that doesn't exist."""
    if (about := settings_of(app).about) is not None and about not in env.found_docs:
        logger.warning(
            "%s is %r, but there's no such page. Write a page's name as in a toctree, without "
            "the suffix.",
            *(f"{PREFIX}about", about),
        )
    return ()


def known(file: Path) -> results_file.Pages:
    """Read the file; a build goes on without it."""
    try:
        return results_file.read(file)
    except results_file.NotAResultFile as error:
        logger.warning("%sresults: %s", PREFIX, error)
        return {}


def shows(app: Sphinx) -> bool:
    """Return whether a builder makes a page of HTML of each document."""
    return app.builder.format == "html" and app.builder.name != "singlehtml"


def differing(app: Sphinx, env: BuildEnvironment, showing: BadgeRenderer) -> set[str]:
    """Find the pages whose results have changed since they were last built.

    That may be because of a change to another page, from which they continue.
    """
    forget_if_others(app)
    before: dict[str, str] = getattr(env, SHOWN, {}).get(app.builder.name, {})
    now = {page: digest(repr(showing.badges(page))) for page in sorted(env.found_docs)}
    setattr(env, SHOWN, {**getattr(env, SHOWN, {}), app.builder.name: now})
    found = {page for page, said in now.items() if before.get(page) != said}
    return found | with_a_sum(env) if found or now.keys() != before.keys() else found


class SummaryPlaceholder(nodes.General, nodes.Element):
    """The place of a sum, until all pages are known."""


class Tested(SphinxDirective):
    """`tested`: when and on what the pages of this site were run, and how much they ask."""

    def run(self) -> list[nodes.Node]:
        self.env.metadata[self.env.docname][NAMED] = ""
        return [SummaryPlaceholder()]


def with_a_sum(env: BuildEnvironment) -> set[str]:
    """Return the pages to build again when the results of other pages have changed."""
    return {page for page, said in env.metadata.items() if NAMED in said} & env.found_docs


def write_sums(doctree: nodes.document, showing: BadgeRenderer) -> None:
    """Put the sum in its place."""
    for node in list(doctree.findall(SummaryPlaceholder)):
        node.replace_self(RawHtml(html=showing.sum_up()))


def leave_out(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Remove the place of a sum if nothing shows what runs have found."""
    for node in list(doctree.findall(SummaryPlaceholder)):
        node.parent.remove(node)
