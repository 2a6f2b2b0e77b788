"""What surrounds the text of a page: the menu in groups, the page's contents, a chapter's number.

The theme's menu shows the sections of a page below it, and lists the pages of a folder without the
captions that its index has. Here the sections have a list of their own, beside the text, and the
menu has the captions, each of which folds what is below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.environment.adapters.toctree import global_toctree_for_doc

FEWEST = 3
"""Sections of a page; a list of fewer says nothing that the screen does not."""
ENTRY = re.compile(r'<li class="toctree-l1"><a class="reference internal" href="([^"]*)">.*?</a>')
"""A page in a list of pages within the text."""
LINK = re.compile(r"<a\b")


def surround(app: Sphinx, pagename: str, _: str, context: dict[str, Any], _doc: Any) -> None:
    """Give the templates what they show around the text of a page."""
    builder = app.builder
    if not isinstance(builder, StandaloneHTMLBuilder) or builder.name == "epub":
        return
    # sphinx-notfound-page has a menu of its own, whose links work at every address.
    if builder.name != "singlehtml" and pagename != app.config.notfound_pagename:
        context["toctree"] = lambda **_options: menu(builder, pagename)
        context["body"] = described(app, pagename, context.get("body", ""))
    contents = sections(context.get("toc", ""))
    is_long = len(LINK.findall(contents)) >= FEWEST
    if is_long and pagename in app.env.all_docs and pagename != app.config.root_doc:
        context["reader_contents"] = Markup(contents)
    numbers = chapters(app.env)
    if pagename in numbers:
        context["reader_chapter"] = numbers[pagename], len(numbers)


def sections(toc: str) -> str:
    """Return the sections of a page as Sphinx lists them, without the page itself."""
    _, start, rest = toc.partition("</a><ul>")
    inner, end, _ = rest.rpartition("</ul>\n</li>")
    return f"<ul>{inner}</ul>" if start and end else ""


def chapters(env: BuildEnvironment) -> dict[str, int]:
    """Return the numbers of the pages that have one."""
    numbers = {page: found.get("") for page, found in env.toc_secnumbers.items()}
    return {page: number[0] for page, number in numbers.items() if number and len(number) == 1}


def menu(builder: StandaloneHTMLBuilder, pagename: str) -> str:
    """Return the menu of a page: all titles where the page is, in groups that fold."""
    tree = global_toctree_for_doc(
        builder.env,
        pagename,
        builder,
        tags=builder.tags,
        collapse=True,
        includehidden=True,
        titles_only=True,
    )
    if tree is None:
        return ""
    firsts = {builder.get_relative_uri(pagename, page): name for page, name in groups(builder.env)}
    for pages in list(tree.findall(nodes.bullet_list)):
        divide(pages, firsts)
    fragment: str = builder.render_partial(tree)["fragment"]
    return fragment


def groups(env: BuildEnvironment) -> Iterator[tuple[str, str]]:
    """Yield the first page of each toctree with a caption, and the caption."""
    for page, toc in env.tocs.items():
        if page == env.config.root_doc:
            continue  # the theme shows its captions as headings
        for toctree in toc.findall(addnodes.toctree):
            if toctree.get("caption") and toctree["includefiles"]:
                yield toctree["includefiles"][0], toctree["caption"]


def divide(pages: nodes.bullet_list, firsts: dict[str, str]) -> None:
    """Put the pages of a list under the captions of their groups; the one that is read is open."""
    items = [item for item in pages if isinstance(item, nodes.list_item)]
    starts = [at for at, item in enumerate(items) if address(item) in firsts]
    if not starts:
        return
    pages.children = list(items[: starts[0]])
    for start, end in zip(starts, [*starts[1:], len(items)], strict=True):
        members = items[start:end]
        is_open = any("current" in member["classes"] for member in members)
        caption = Markup.escape(firsts[address(members[0])])
        opening = f"<details{' open' if is_open else ''}><summary>{caption}</summary>"
        pages += nodes.list_item(
            "",
            nodes.raw("", opening, format="html"),
            nodes.bullet_list("", *members),
            nodes.raw("", "</details>", format="html"),
            classes=["reader-group"],
        )


def described(app: Sphinx, pagename: str, body: str) -> str:
    """Add the description of each page to the lists of pages; a title alone is often too short."""
    if not ENTRY.search(body):
        return body
    pages = {app.builder.get_relative_uri(pagename, page): page for page in app.env.found_docs}

    def with_description(entry: re.Match[str]) -> str:
        metadata = app.env.metadata[pages[entry[1]]] if entry[1] in pages else {}
        about = escape(str(metadata.get("description", "")))
        return f'{entry[0]}<p class="reader-about">{about}</p>' if about else entry[0]

    return ENTRY.sub(with_description, body)


def address(item: nodes.Node) -> str:
    """Return the address of the page that an entry of the menu is for."""
    link = next(iter(item.findall(nodes.reference)), None)
    return str(link.get("refuri", "")) if link is not None else ""


def setup(app: Sphinx) -> dict[str, Any]:
    """Come after what else changes a page's context."""
    app.connect("html-page-context", surround, priority=800)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
