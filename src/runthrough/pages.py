"""Turn one document, as Sphinx resolves it for the reader, into a page of steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from inspect import signature
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from runthrough.classify import Block, looks_like_session, step_of
from runthrough.directives import MARK
from runthrough.extension import ERRORS
from runthrough.outputs import Output, join
from runthrough.places import Place
from runthrough.settings import Settings
from runthrough.sources import authors_text, find_near
from runthrough.steps import Ending, Export, Line, Mentions, Mistake, Page, Step, Waiver


def page_of(app: Sphinx, docname: str, docnames: Sequence[str], settings: Settings) -> Page:
    """Read the steps of one page, in the order in which its reader meets them."""
    doctree = resolved(app, docname)
    metadata: dict[str, Any] = app.env.metadata.get(docname, {})
    file = Path(app.env.doc2path(docname)).absolute()
    continues = str(metadata["continues"]).strip("/ ") if "continues" in metadata else None
    steps: list[Step] = [*mistakes(doctree, file)]
    if continues is not None and (continues not in docnames or continues == docname):
        steps.append(no_such_page(continues, file))
        continues = None
    steps += join(blocks(doctree, file, settings))
    steps += epilogue(app, docname, doctree, file, settings)
    if all(isinstance(step, Waiver) for step in steps[:-1]):
        steps = [step for step in steps if not isinstance(step, Ending)]
    given = str(metadata.get("starts-with", "")).split()
    starts_with = tuple((file.parent / one).resolve() for one in given)
    return Page(docname, file, tuple(steps), continues, starts_with)


def resolved(app: Sphinx, docname: str) -> nodes.document:
    """Return a page's doctree as the builder sees it: `only` applied, languages filled in."""
    resolve = app.env.get_and_resolve_doctree
    # Sphinx 9 wants the tags to be given; Sphinx 8 does not know the argument.
    extra: dict[str, Any] = {"tags": app.tags} if "tags" in signature(resolve).parameters else {}
    return resolve(docname, app.builder, **extra)


def no_such_page(continues: str, file: Path) -> Mistake:
    """Say that the page to continue from is none."""
    return Mistake(
        find_near(":continues:", Place(file, 1)),
        f"this page continues from {continues!r}, and there is no such page to continue from",
        "Name another page as toctrees do, from the folder of conf.py, without its suffix.",
    )


def mistakes(doctree: nodes.document, file: Path) -> Iterator[Mistake]:
    """Yield what Sphinx could not read: it is missing from the page."""
    errors: list[tuple[str | None, int | None, str]] = doctree.get(ERRORS, [])
    for source, line, text in errors:
        yield Mistake(
            Place(Path(source or file).absolute(), line or 1),
            f"Sphinx cannot read this: {' '.join(text.split())}",
            "Mend the markup: what stands here is missing from the page.",
        )


def blocks(doctree: nodes.document, file: Path, settings: Settings) -> Iterator[Step | Output]:
    """Yield what every block asks, and a mistake for a block that became a paragraph."""
    for node in doctree.findall():
        if isinstance(node, (nodes.literal_block, nodes.doctest_block)):
            yield step_of(block_of(node, file), settings.unclassified)
        elif isinstance(node, nodes.paragraph) and begins_with_prompt(node):
            yield Mistake(
                place_of(node, file),
                f"this paragraph begins with a prompt: {node.astext().splitlines()[0]!r}",
                "If it is a console block, put '.. code-block:: console' and a blank line "
                "before it, and indent it.",
            )


def begins_with_prompt(paragraph: nodes.paragraph) -> bool:
    """Tell whether a paragraph is a console block that lost its marker; not if it names one."""
    first = paragraph.next_node(nodes.Text)
    return (
        first is not None and first.parent is paragraph and looks_like_session(paragraph.astext())
    )


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
        first = places[-1].line + 1 if places else start.line
        source = places[-1].file if places else start.file
        missing = len(texts) - len(places)
        places += [Place(source, first + number) for number in range(missing)]
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
    continued = {str(said.get("continues", "")).strip("/ ") for said in app.env.metadata.values()}
    if docname not in continued:
        yield Ending(last)


def mentioned(doctree: nodes.document, file: Path, settings: Settings) -> Iterator[Line]:
    """Yield the inline literals that hold a value of a kind that differs in every run."""
    for literal in doctree.findall(nodes.literal):
        text = literal.astext()
        if any(pattern.search(text) for pattern in settings.identities.values()):
            yield Line(text, find_near(text, place_of(literal, file)))
