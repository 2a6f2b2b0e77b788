"""Find the blocks of a resolved page, and the source lines that they come from."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.i18n import CatalogRepository

from runthrough.model.custom import CustomStep
from runthrough.model.dialects import Dialect
from runthrough.model.places import Place
from runthrough.model.settings import Settings
from runthrough.model.steps import SIDE_FILE, Line, PageProblem, Skip, Step, Unchecked
from runthrough.reading.classify import Block
from runthrough.reading.custom import STEP
from runthrough.reading.directives import MARK, NOTE
from runthrough.reading.docstrings import real
from runthrough.reading.extension import CHANGED
from runthrough.reading.joining import Output
from runthrough.reading.locating import Locator, Texts, at, fits
from runthrough.reading.mistakes import lost_its_text
from runthrough.reading.naming import Paths, names_of, with_commands
from runthrough.reading.options import OPTIONS
from runthrough.reading.prompted import prompted
from runthrough.reading.shown_files import with_shown_files
from runthrough.reading.side_file import side_file_of
from runthrough.reading.side_page import SidePage, block_in, parts_of
from runthrough.reading.sources import (
    authors_text,
    find_near,
    first_line,
    known_lines,
    source_line,
)
from runthrough.reading.starting import START
from runthrough.reading.visible import Seen, hiding_class, is_foreign, seen, skip_reason

DIRECTIVE = re.compile(r"\W*(?:\.\. (?:\S+ )?[\w:.+-]+ ?::(?:\s|$)|(?:`{3,}|~{3,}|:{3,})\s*\S)")
"""A line at which a directive or a fence begins."""
ABOVE = 60
"""How many lines of options may be between the head of a block and its first line."""


@dataclass
class Reading:
    """A page while its blocks are looked for."""

    doctree: nodes.document
    file: Path
    settings: Settings
    dialect: Dialect
    locator: Locator
    side: SidePage

    @property
    def is_changed(self) -> bool:
        """Whether Sphinx has read a text other than the file's, so that lines may be off."""
        return bool(self.doctree.get(CHANGED))


def reading_of(
    app: Sphinx, docname: str, doctree: nodes.document, file: Path, settings: Settings
) -> Reading:
    """Begin to read a page: take note of all its blocks, since equal ones are told apart so."""
    locator = Locator(tuple(files_of(app, docname, file)))
    dialect = settings.dialect(docname)
    side = side_of(app, docname, doctree, file, dialect)
    reading = Reading(doctree, file, settings, dialect, locator, side)
    for node in filter(is_block, doctree.findall(nodes.Element)):
        texts, places = claimed(node, file)
        reading.locator.expect(texts, places[0])
    return reading


def is_block(node: nodes.Node) -> bool:
    """Return whether a node is a literal block, or what a `prompt` directive has made."""
    return isinstance(node, (nodes.literal_block, nodes.doctest_block)) or is_prompted(node)


def is_prompted(node: nodes.Node) -> bool:
    """Return whether a `prompt` directive has made a node."""
    return isinstance(node, nodes.raw) and "prompted" in node.get(MARK, {})


def side_of(
    app: Sphinx, docname: str, doctree: nodes.document, file: Path, dialect: Dialect
) -> SidePage:
    """Find the texts on a page that the side file has entries for."""
    side_file = side_file_of(app)
    entries = side_file.about(docname)
    side = SidePage(docname, entries, lambda node: near(block_in(node), file), dialect)
    if not Path(app.confdir, SIDE_FILE).is_file():
        return side
    parts = tuple(parts_of(doctree))
    side.shown = tuple(side.texts(parts))
    if entries:
        side.title = doctree.next_node(nodes.title)
        side.read_head(side_file, has_own="continues" in app.env.metadata.get(docname, {}))
        side.find_all(parts)
    return side


def near(node: nodes.Element, file: Path) -> Place:
    """Return a place near to a node: that of its first line, or of what is around it."""
    if is_block(node):
        return claimed(node, file)[1][0]
    found: nodes.Element | None = node
    while found is not None and found.line is None:
        found = found.parent
    return place_of(node if found is None else found, file)


def files_of(app: Sphinx, docname: str, file: Path) -> Iterator[Path]:
    """Yield the files in which a text of a page may be written."""
    yield file
    for name in sorted(map(str, app.env.dependencies.get(docname, ()))):
        yield Path(app.srcdir, name).resolve()
    yield Path(app.confdir, "conf.py").absolute()
    if app.config.language and app.config.locale_dirs:
        catalogs = CatalogRepository(
            app.srcdir, app.config.locale_dirs, app.config.language, app.config.source_encoding
        )
        yield from (Path(catalog.po_path).absolute() for catalog in catalogs.catalogs)


def texts_of(node: nodes.Element) -> tuple[Texts, Texts]:
    """Return the lines of a block as the page shows them, and as they are in the source."""
    if is_prompted(node):
        texts = tuple(node[MARK]["text"]) or ("",)
        return texts, texts
    # What an extension or Markdown's indentation makes a block may have the end of its last line.
    shown, raw = (
        tuple(text.removesuffix("\n").split("\n")) for text in (node.astext(), node.rawsource)
    )
    has_source = node.rawsource and len(raw) == len(shown) and not node.get("translated")
    return shown, raw if has_source else shown


def claimed(node: nodes.Element, file: Path) -> tuple[Texts, tuple[Place, ...]]:
    """Return a block's lines as they are in the source, and where Sphinx says that they are."""
    _, texts = texts_of(node)
    said: dict[str, Any] = node.get(MARK, {})
    places = [known(Place(Path(source), line), file) for source, line in said.get("places", [])]
    if len(places) >= len(texts):
        return texts, tuple(places[: len(texts)])
    if said.get("exact") and said["places"][-1] == said["at"]:  # what isn't in the file
        return texts, (*places, *(places[-1] for _ in texts[len(places) :]))
    first = places[-1].down(1) if places else first_line(texts, place_of(node, file))
    missing = len(texts) - len(places)
    return texts, (*places, *(first.down(number) for number in range(missing)))


def known(place: Place, file: Path) -> Place:
    """Return a place in a file that's there; the page alone for what was made while reading."""
    place = real(place)
    return place if known_lines(place.file) else Place(file, None)


def place_of(node: nodes.Element, file: Path) -> Place:
    """Return the place that a node says; only the file if it says none."""
    source, parent = node.source or node.get("source"), node.parent
    while not source and parent is not None:
        source, parent = parent.source, parent.parent
    return known(Place(Path(source or file).absolute(), node.line), file)


def around(reading: Reading, node: nodes.Element) -> Place:
    """Return the line of the nearest element around a node that has one."""
    return near(node, reading.file)


def block_of(reading: Reading, node: nodes.Element) -> Block:
    """Read a literal block: its language, its lines and their places, what its author said."""
    said = asked_of(node)
    shown, _ = texts_of(node)
    texts, places = claimed(node, reading.file)
    found = places if said.get("exact") else reading.locator.find(texts, places)
    head = head_of(reading, node, found, places)
    places = found or tuple(head for _ in texts)
    lines = tuple(
        Line(authors_text(text, place), place) for text, place in zip(shown, places, strict=True)
    )
    tabs = frozenset(
        line.place for line, text in zip(lines, shown, strict=True) if line.text != text
    )
    if lines == (Line("", lines[0].place),):
        lines = ()
    place = next((line.place for line in lines if line.text.strip()), head)
    caption_place = find_near(":caption:", head) if "caption" in said else place
    language = language_of(node)
    gaps = tuple(gaps_in(places)) if said.get("exact") else ()
    block = Block(language, lines, place, said, head, caption_place, tabs, gaps, reading.dialect)
    if "literalinclude" in reading.dialect.files and "included" in said:
        file = Path(said["included"])
        texts = known_lines(file)
        texts = texts[:-1] if texts[-1:] == ("",) else texts
        whole = map(Line, texts, at(Place(file, 1), texts))
        block = dataclasses.replace(block, whole=tuple(whole))
    return dataclasses.replace(block, names=tuple(names_of(node, block, head)))


def asked_of(node: nodes.Element) -> dict[str, Any]:
    """Return what the author said of a block; nothing else, if it's skipped because it's hidden."""
    said: dict[str, Any] = dict(node.get(MARK, {}))
    if hiding_class(node) is not None:
        said = {name: value for name, value in said.items() if name not in OPTIONS}
    if (reason := skip_reason(node)) is not None:
        said["skip"] = reason
    return said


def language_of(node: nodes.Element) -> str:
    """Return the language of a block; docutils keeps that of `include` with `:code:` as a class.

    Sphinx gives such a block the language of the page, and those of its own directives arguments.
    """
    if node.tagname == "doctest_block":
        return "pycon"
    classes: list[str] = node["classes"]
    if classes[:1] == ["code"] and len(classes) > 1 and "highlight_args" not in node:
        return classes[1].lower()
    return str(node.get("language", "")).strip().lower()


def gaps_in(places: Sequence[Place]) -> Iterator[int]:
    """Yield the positions of lines that don't follow the one before them in the file."""
    for position, (one, after) in enumerate(pairwise(places), 1):
        if after != one.down(1):
            yield position


def head_of(
    reading: Reading,
    node: nodes.Element,
    found: tuple[Place, ...] | None,
    places: tuple[Place, ...],
) -> Place:
    """Find the line that makes a block one, and names its language."""
    said: dict[str, Any] = node.get(MARK, {})
    head = known(Place(Path(said["at"][0]), said["at"][1]), reading.file) if "at" in said else None
    if found is None:
        if head is not None and not reading.is_changed and is_directive(head):
            return head
        return made_at(reading, node)
    if found == places and head is not None:
        return head
    if found == places and "places" not in said:
        return place_of(node, reading.file) if node.line is not None else head_above(found[0])
    return head_above(found[0])


def is_directive(place: Place) -> bool:
    """Return whether a directive or a fence begins at a place."""
    return DIRECTIVE.match(source_line(place) or "") is not None


def head_above(first: Place) -> Place:
    """Find the directive or fence above the first line of a block; that line if there's none."""
    for up in range(1, ABOVE):
        place = first.down(-up)
        line = source_line(place)
        if line is None:
            break
        if is_directive(place):
            return place
        if line.strip() and not line.lstrip().startswith(":") and not line.startswith(" "):
            break
    return first


def made_at(reading: Reading, node: nodes.Element) -> Place:
    """Find the directive that has made a node, which doesn't say where it comes from.

    docutils gives such a node the line at which its directive ends. What has replaced it later
    has none: its directive is between what is before the node on the page and what is after
    it. Where more than one could have made it, only the file is named.
    """
    alone = Place(reading.file, None)
    if reading.is_changed:
        return alone
    if node.line is not None:
        place = place_of(node, reading.file)
        text = node.astext().split("\n")[0]
        written = is_directive(place) or (text.strip() and fits(text, place))
        return place if written else holding(place)
    everything = list(reading.doctree.findall(nodes.Element))
    lines = [own_line(one, reading.file) for one in everything]
    here = next(number for number, one in enumerate(everything) if one is node)
    start = next((number for number in range(here, -1, -1) if lines[number]), 0)
    first = max((line for line in lines[:here] if line), default=0) + 1
    after = range(here, len(lines))
    end = next((number for number in after if (lines[number] or 0) >= first), len(lines))
    peers = [one for one in everything[start:end] if is_made(one)]
    last = (lines[end] or 0) if end < len(lines) else len(known_lines(reading.file)) + 1
    if end < len(lines) and isinstance(everything[end], nodes.FixedTextElement):
        last = head_above(Place(reading.file, last)).line or last  # the next block's own head
    heads = innermost(reading.file, range(first, last))
    if len(peers) != len(heads):
        return alone
    return next((head for head, one in zip(heads, peers, strict=True) if one is node), alone)


def holding(end: Place) -> Place:
    """Find the directive whose text is right above a line; only the file if there's none."""
    margin, place = 1000, end
    while (place.line or 0) > 1:
        place = place.down(-1)
        line = source_line(place) or ""
        indentation = len(line) - len(line.lstrip())
        if is_directive(place) and indentation < margin:
            return place
        if line.strip():
            margin = min(margin, indentation)
        if margin == 0:
            break
    return Place(end.file, None)


def innermost(file: Path, lines: range) -> list[Place]:
    """Return the directives in these lines of a file, without those that hold another one."""
    heads = [place for line in lines if is_directive(place := Place(file, line))]
    margins = [len(line) - len(line.lstrip()) for line in map(source_line, heads) if line]
    return [
        head
        for head, margin, after in zip(heads, margins, [*margins[1:], 0], strict=False)
        if after <= margin
    ]


def own_line(node: nodes.Element, file: Path) -> int | None:
    """Return the line of a text in this file; a node with other nodes in it has that of its end."""
    said: dict[str, Any] = node.get(MARK, {})
    if "at" in said:
        return said["at"][1] if Path(said["at"][0]) == file else None
    if node.line is None or not node.source or not isinstance(node, nodes.TextElement):
        return None
    if NOTE in node["classes"]:
        return None
    return node.line if Path(node.source).absolute() == file else None


def is_made(node: nodes.Element) -> bool:
    """Return whether a node is shown as a block but has no line."""
    if isinstance(node, nodes.raw) and "html" not in node.get("format", "").split():
        return False
    kinds = (nodes.literal_block, nodes.doctest_block, nodes.raw)
    return node.line is None and (isinstance(node, kinds) or is_foreign(node))


def blocks(reading: Reading) -> Iterator[tuple[nodes.Element, Step | Output]]:
    """Yield every block and what it asks."""
    found = with_commands(list(found_in(reading)))
    yield from with_shown_files(asked(reading, found), reading.dialect)


def asked(
    reading: Reading, found: Iterable[tuple[nodes.Element, Block | Step]]
) -> Iterator[tuple[nodes.Element, Step | Output]]:
    """Yield what each block asks, in order: a later one may be about a file of an earlier one."""
    paths = Paths() if "sentence" in reading.dialect.files else None
    for node, one in found:
        block = paths.completed(one) if paths and isinstance(one, Block) else one
        step = reading.side.step(node, block) if isinstance(block, Block) else block
        if paths:
            paths.learn(step)
        yield node, step


def found_in(reading: Reading) -> Iterator[tuple[nodes.Element, Block | Step]]:
    """Yield every block of a page, and the steps that aren't made of blocks."""
    for node in reading.doctree.findall():
        if isinstance(node, nodes.Element) and STEP in node:
            yield node, reading.side.skipped(node, custom_step(reading, node))
        elif isinstance(node, nodes.raw) and is_session(reading, node):
            yield node, prompt_block(reading, node)
        elif isinstance(node, (nodes.literal_block, nodes.doctest_block)):
            if lost_its_text(node) or START in node["classes"]:
                continue  # said once, where the text is; or typed by who begins here
            yield node, block_of(reading, node)
        else:
            for one in seen(node, reading.dialect.prompt_in_text):
                yield one.node, reading.side.skipped(one.node, step_for(reading, one))


def is_session(reading: Reading, node: nodes.raw) -> bool:
    """Return whether a `prompt` directive has made a node, and the dialect has it for a session."""
    return is_prompted(node) and "prompt" in reading.dialect.sessions


def prompt_block(reading: Reading, node: nodes.raw) -> Block:
    """Read the block of a `prompt` directive."""
    said = asked_of(node)
    texts, places = claimed(node, reading.file)
    found = reading.locator.find(texts, places)
    head = head_of(reading, node, found, places)
    lines = tuple(map(Line, said["text"], found or tuple(head for _ in texts)))
    place = next((line.place for line in lines if line.text.strip()), head)
    block = Block("prompt", lines, place, said, head, place, dialect=reading.dialect)
    return prompted(block, **said["prompted"])


def custom_step(reading: Reading, node: nodes.Element) -> Step:
    """Return the step that a directive of the project has put on a node."""
    step: CustomStep = node[STEP]
    place = known(step.place, reading.file)
    if (reason := skip_reason(node)) is not None:
        return Skip(place, " ".join(reason.split()), step.title)
    return dataclasses.replace(step, place=place)


def step_for(reading: Reading, one: Seen) -> Step:
    """Return what a run reports about something that looks like a command and isn't a block."""
    place = seen_at(reading, one)
    first_line = one.texts[one.line]
    if (reason := skip_reason(one.node)) is not None:
        return Skip(place, reason, first_line)
    unclassified = reading.dialect.unclassified
    if one.weight == "count" or (one.weight == "block" and unclassified == "count"):
        return Unchecked(place, first_line)
    return PageProblem(
        place, one.what, one.advice, text=first_line.strip(), suggestions=one.suggestions
    )


def seen_at(reading: Reading, one: Seen) -> Place:
    """Find where something is that isn't a block."""
    node = one.node
    if isinstance(node, nodes.raw) or is_foreign(node):
        return made_at(reading, node)
    near = around(reading, node)
    exact = isinstance(node, (nodes.literal, nodes.title_reference, nodes.comment))
    claim = near if not exact else find_near(one.texts[0], near)
    found = reading.locator.find(one.texts, at(claim, one.texts))
    if found is not None:
        return found[one.line]
    line = one.texts[one.line].strip()
    sought = find_near(line, near)
    return sought if line in (source_line(sought) or "") else Place(near.file, None)
