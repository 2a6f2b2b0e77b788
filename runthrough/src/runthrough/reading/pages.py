"""Turn one document, as Sphinx resolves it for the reader, into a page of steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from runthrough.model.paths import ORDINARY, ReadingPath
from runthrough.model.places import Place
from runthrough.model.settings import Settings
from runthrough.model.steps import (
    EndCheck,
    Export,
    InlineValues,
    Line,
    Listing,
    OtherTab,
    Page,
    Skip,
    Step,
)
from runthrough.reading._compat import resolved
from runthrough.reading.blocks import Reading, around, blocks, reading_of
from runthrough.reading.continuing import PageOrder
from runthrough.reading.errors import Found, with_errors
from runthrough.reading.joining import Output, join
from runthrough.reading.mistakes import (
    given_up,
    no_steps,
    no_such_file,
    no_such_page,
    no_such_side_start,
)
from runthrough.reading.sources import find_near
from runthrough.reading.tabs import Tabs, tabs_of


def page_of(
    app: Sphinx,
    docname: str,
    order: PageOrder,
    settings: Settings,
    path: ReadingPath = ORDINARY,
) -> Page:
    """Read the steps of one page, in the order in which a reader on a path meets them."""
    doctree = resolved(app, docname, path.tags)
    return page_and_blocks(app, docname, doctree, order, settings, path)[0]


def unreadable(app: Sphinx, docname: str, reason: str, path: ReadingPath) -> Page:
    """Return a page that Sphinx can't read: it has one problem."""
    file = Path(app.env.doc2path(docname)).absolute()
    return Page(path.name_of(docname), file, (given_up(file, reason),), path=path.name)


def shows_titles(doctree: nodes.document) -> bool:
    """Return whether a block of an unresolved page shows the title of what it refers to.

    That's another text than the author's, as in a `parsed-literal` with `:ref:`.
    """
    return any(
        reference.get("refdomain") == "std" and not reference.get("refexplicit")
        for block in doctree.findall(nodes.literal_block)
        for reference in block.findall(addnodes.pending_xref)
    )


def page_and_blocks(
    app: Sphinx,
    docname: str,
    doctree: nodes.document,
    order: PageOrder,
    settings: Settings,
    path: ReadingPath = ORDINARY,
) -> tuple[Page, dict[int, nodes.Element]]:
    """Read a resolved page; return its steps, and the node at which each block's step ends."""
    metadata: dict[str, Any] = app.env.metadata.get(docname, {})
    file = Path(app.env.doc2path(docname)).absolute()
    continues = path.pages.get(docname) or order.before.get(docname)
    steps: list[Step] = []
    if continues is not None and (continues not in order.docnames or continues == docname):
        steps.append(no_such_page(continues, file))
        continues = None
    names = str(metadata.get("starts-with", "")).split()
    given = {name: (file.parent / name).resolve() for name in names}
    steps += (no_such_file(name, file) for name, path in given.items() if not path.exists())
    reading = reading_of(app, docname, doctree, file, settings)
    side = reading.side
    more = {line: Path(app.confdir, line.text).resolve() for line in side.starts_with}
    steps += (no_such_side_start(line) for line, path in more.items() if not path.exists())
    tabs = tabs_of(doctree, metadata, settings, path)
    asked = list(tabs.steps(side.merged(list(blocks(reading)), doctree)))
    ordered = tabs.with_outputs_first(with_errors(reading, asked, Path(app.srcdir)))
    found = at_end_last(list(in_their_sections(ordered)))
    joined = list(map(side.limited, join(asked for _, asked in found)))
    ends = {len(steps) + number: node for number, node in belonging(found, joined) if node}
    steps = side.noted([*steps, *joined])
    if must_have_steps(app, docname, settings) and not any(step.asks for step in steps):
        steps.append(no_steps(file))
    steps += epilogue(reading, docname, tabs, path, is_continued=docname in order.continued)
    if all(isinstance(step, (Skip, OtherTab)) for step in steps[:-1]):
        steps = [step for step in steps if not isinstance(step, EndCheck)]
    starts_with = tuple(path for path in (*given.values(), *more.values()) if path.exists())
    page = Page(
        *(path.name_of(docname), file, tuple(steps), continues, starts_with),
        path=path.name,
        tab_sets=tabs.sets,
        blocks=side.shown,
    )
    return page, ends


def in_their_sections(found: Sequence[Found]) -> Iterator[Found]:
    """Yield each block; one that may be an output isn't, after the section of its command."""
    for position, (node, asked) in enumerate(found):
        before = found[position - 1][0] if position else None
        if (
            isinstance(asked, Output)
            and asked.otherwise is not None
            and node is not None
            and before is not None
            and section_of(before) not in (*around_node(node), None)
        ):
            asked = asked.otherwise
        yield node, asked


def at_end_last(found: Sequence[Found]) -> list[Found]:
    """Put the listings that a reader compares with a file at the end of the page there."""
    return sorted(found, key=lambda one: isinstance(one[1], Listing) and one[1].at_end)


def section_of(node: nodes.Node) -> nodes.Node | None:
    """Return the innermost section that a node is in."""
    return next((one for one in around_node(node) if isinstance(one, nodes.section)), None)


def around_node(node: nodes.Node) -> list[nodes.Node]:
    """Return what a node is in, the innermost first."""
    found: list[nodes.Node] = []
    while (node := node.parent) is not None:
        found.append(node)
    return found


def belonging(
    found: Sequence[Found], joined: Sequence[Step]
) -> Iterator[tuple[int, nodes.Element | None]]:
    """Yield each block with the number of its step: an output has that of its command."""
    number = -1
    for node, asked in found:
        # An output without a command has become a problem, at the very same place.
        following = joined[number + 1].place if number + 1 < len(joined) else None
        if not isinstance(asked, Output) or following is asked.place:
            number += 1
        yield number, node


def must_have_steps(app: Sphinx, docname: str, settings: Settings) -> bool:
    """Return whether the reader must have something to do on a page; not on a table of contents."""
    named = any(fnmatchcase(docname, pattern) for pattern in settings.must_have_steps)
    return named and docname not in app.env.toctree_includes


def epilogue(
    reading: Reading, docname: str, tabs: Tabs, path: ReadingPath, *, is_continued: bool
) -> Iterator[Step]:
    """Yield what is checked at the end of a page, in addition to its blocks."""
    mentions = tuple(inline_values(reading, tabs))
    if mentions:
        yield InlineValues(mentions[0].place, mentions)
    file = reading.file
    last = Place(file, max(1, len(file.read_text(encoding="utf-8").splitlines())))
    for exported in reading.settings.exports:
        if exported.page == docname and not path.name:
            yield Export(last, exported.folder, exported.target, exported.own, exported.without)
    yield EndCheck(last, continued=is_continued)


def inline_values(reading: Reading, tabs: Tabs) -> Iterator[Line]:
    """Yield the inline literals and captions with a value of a kind that differs in every run."""
    for literal in filter(names_values, reading.doctree.findall(nodes.TextElement)):
        if tabs.passed(literal) is not None:
            continue
        text = literal.astext()
        if any(pattern.search(text) for pattern in reading.settings.captures.values()):
            yield Line(text, find_near(text, around(reading, literal)))


def names_values(node: nodes.Node) -> bool:
    """Return whether values in a node are names of things, as in code."""
    return isinstance(node, nodes.literal) or (
        isinstance(node, nodes.caption) and node.next_node(nodes.literal) is None
    )
