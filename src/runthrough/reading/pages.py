"""Turn one document, as Sphinx resolves it for the reader, into a page of steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from inspect import signature
from pathlib import Path
from typing import Any, assert_never

from docutils import nodes
from sphinx.application import Sphinx

from runthrough.places import Place
from runthrough.reading.classify import Block, step_of
from runthrough.reading.directives import MARK
from runthrough.reading.mistakes import (
    begins_with_prompt,
    lost_its_text,
    no_steps,
    no_such_file,
    no_such_page,
    slipped,
    unreadable,
)
from runthrough.reading.outputs import Output, join
from runthrough.reading.sources import authors_text, find_near, first_line
from runthrough.reading.starting import START, base_of
from runthrough.settings import Settings
from runthrough.steps import (
    Console,
    Ending,
    Excerpt,
    Export,
    Line,
    Listing,
    Mentions,
    Mistake,
    Page,
    Patch,
    Step,
    Unchecked,
    Waiver,
)


def page_of(app: Sphinx, docname: str, docnames: Sequence[str], settings: Settings) -> Page:
    """Read the steps of one page, in the order in which its reader meets them."""
    return page_and_blocks(app, docname, resolved(app, docname), docnames, settings)[0]


def page_and_blocks(
    app: Sphinx,
    docname: str,
    doctree: nodes.document,
    docnames: Sequence[str],
    settings: Settings,
) -> tuple[Page, dict[int, nodes.Element]]:
    """Read a resolved page, and tell with which node each step ends that a block asks for."""
    metadata: dict[str, Any] = app.env.metadata.get(docname, {})
    file = Path(app.env.doc2path(docname)).absolute()
    continues = base_of(app.env, docname)
    steps: list[Step] = [*unreadable(doctree, file, Path(app.srcdir))]
    if continues is not None and (continues not in docnames or continues == docname):
        steps.append(no_such_page(continues, file))
        continues = None
    names = str(metadata.get("starts-with", "")).split()
    given = {name: (file.parent / name).resolve() for name in names}
    steps += (no_such_file(name, file) for name, path in given.items() if not path.exists())
    found = list(blocks(doctree, file, settings))
    joined = list(join(asked for _, asked in found))
    ends = {len(steps) + number: node for number, node in belonging(found, joined)}
    steps += joined
    if must_have_steps(app, docname, settings) and not any(map(asks_something, steps)):
        steps.append(no_steps(file))
    steps += epilogue(app, docname, doctree, file, settings)
    if all(isinstance(step, Waiver) for step in steps[:-1]):
        steps = [step for step in steps if not isinstance(step, Ending)]
    starts_with = tuple(path for path in given.values() if path.exists())
    return Page(docname, file, tuple(steps), continues, starts_with), ends


def belonging(
    found: Sequence[tuple[nodes.Element, Step | Output]], joined: Sequence[Step]
) -> Iterator[tuple[int, nodes.Element]]:
    """Yield each block with the number of its step: an output has that of its command."""
    number = -1
    for node, asked in found:
        # An output without a command has become a mistake, at the very same place.
        following = joined[number + 1].place if number + 1 < len(joined) else None
        if not isinstance(asked, Output) or following is asked.place:
            number += 1
        yield number, node


def resolved(app: Sphinx, docname: str) -> nodes.document:
    """Return a page's doctree as the builder sees it: `only` applied, languages filled in."""
    resolve = app.env.get_and_resolve_doctree
    # Sphinx 9 wants the tags to be given; Sphinx 8 does not know the argument.
    extra: dict[str, Any] = {"tags": app.tags} if "tags" in signature(resolve).parameters else {}
    return resolve(docname, app.builder, **extra)


def must_have_steps(app: Sphinx, docname: str, settings: Settings) -> bool:
    """Tell whether the reader must have something to do on a page; not on a table of contents."""
    named = any(fnmatchcase(docname, pattern) for pattern in settings.must_have_steps)
    return named and docname not in app.env.toctree_includes


def asks_something(step: Step) -> bool:
    """Tell whether a step is performed, or red already."""
    match step:
        case Console() | Listing() | Patch() | Excerpt() | Mistake():
            return True
        case Mentions() | Export() | Ending() | Waiver() | Unchecked():
            return False
        case _:
            assert_never(step)


def blocks(
    doctree: nodes.document, file: Path, settings: Settings
) -> Iterator[tuple[nodes.Element, Step | Output]]:
    """Yield every block and what it asks, and a mistake for a block that became a paragraph."""
    for node in doctree.findall():
        if isinstance(node, (nodes.literal_block, nodes.doctest_block)):
            if lost_its_text(node) or START in node["classes"]:
                continue  # said once, where the text is; or typed by who begins here
            yield node, step_of(block_of(node, file), settings.unclassified)
        elif isinstance(node, nodes.Element) and begins_with_prompt(node):
            yield node, slipped(node, place_of(node, file))


def block_of(node: nodes.Element, file: Path) -> Block:
    """Read a literal block: its language, its lines and their places, what its author said."""
    said: dict[str, Any] = dict(node.get(MARK, {}))
    texts = node.astext().split("\n")
    if "at" in said:
        start = Place(Path(said["at"][0]), said["at"][1] or 1)
    else:
        start = place_of(node, file)
    places = [Place(Path(source), line) for source, line in said.get("places", [])]
    if len(places) < len(texts):  # no directive of ours: lines follow each other in the source
        last = places[-1] if places else None
        first = Place(last.file, last.line + 1) if last else first_line(texts, start)
        missing = len(texts) - len(places)
        places += [Place(first.file, first.line + number) for number in range(missing)]
    lines = tuple(
        Line(authors_text(text, place), place) for text, place in zip(texts, places, strict=False)
    )
    if lines == (Line("", lines[0].place),):
        lines = ()
    language = str(node.get("language", "pycon" if node.tagname == "doctest_block" else ""))
    place = lines[0].place if lines else start
    caption_place = find_near(":caption:", start) if "caption" in said else place
    return Block(language.strip().lower(), lines, place, said, start, caption_place)


def place_of(node: nodes.Element, file: Path) -> Place:
    """Find where a node stands, by its own line or that of the nearest node around it."""
    found: nodes.Element | None = node
    while found is not None and found.line is None:
        found = found.parent
    source = node.source or (found.source if found is not None else None)
    line = found.line if found is not None and found.line else 1
    return Place(Path(source).absolute() if source else file, line)


def epilogue(
    app: Sphinx, docname: str, doctree: nodes.document, file: Path, settings: Settings
) -> Iterator[Step]:
    """Yield what is checked at the end of a page, beside its blocks."""
    mentions = tuple(mentioned(doctree, file, settings))
    if mentions:
        yield Mentions(mentions[0].place, mentions)
    last = Place(file, max(1, len(file.read_text(encoding="utf-8").splitlines())))
    for exported in settings.exports:
        if exported.page == docname:
            yield Export(last, exported.folder, exported.target, exported.own, exported.without)
    continued = {base_of(app.env, one) for one in app.env.metadata}
    yield Ending(last, continued=docname in continued)


def mentioned(doctree: nodes.document, file: Path, settings: Settings) -> Iterator[Line]:
    """Yield the inline literals that hold a value of a kind that differs in every run."""
    for literal in doctree.findall(nodes.literal):
        text = literal.astext()
        if any(pattern.search(text) for pattern in settings.identities.values()):
            yield Line(text, find_near(text, place_of(literal, file)))
