"""Find mistakes on a page while it's being read, before anything is run."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes

from runthrough.model.places import Place
from runthrough.model.prompts import looks_like_session
from runthrough.model.steps import SIDE_FILE, Line, PageProblem
from runthrough.reading.sources import find_near


def given_up(file: Path, reason: str) -> PageProblem:
    """Say that Sphinx can't read a page at all."""
    return PageProblem(
        Place(file, None),
        f"Sphinx gives up on this page: {' '.join(reason.split())}",
        "Take parts of the page out until it can be read. The other pages are run as always.",
        at_start=True,
    )


def no_such_page(continues: str, file: Path) -> PageProblem:
    """Say that the page to continue from is none."""
    return PageProblem(
        find_near(":continues:", Place(file, 1)),
        f"this page continues from {continues!r}, and there is no such page to continue from",
        "Name another page as toctrees do, from the folder of conf.py, without its suffix.",
        at_start=True,
    )


def no_such_file(name: str, file: Path) -> PageProblem:
    """Say that what the reader starts with is not there."""
    return PageProblem(
        find_near(":starts-with:", Place(file, 1)),
        f"this page starts with {name!r}, and there is no such file or folder",
        f"Name one that is there, seen from {file.parent.name}/, where the page stands.",
        at_start=True,
    )


def no_such_side_start(name: Line) -> PageProblem:
    """Say that what the side file has the reader start with is not there."""
    return PageProblem(
        name.place,
        f"the page starts with {name.text!r}, and there is no such file or folder",
        f"Name one that is there, seen from {name.place.file.parent.name}/, where {SIDE_FILE} is.",
        at_start=True,
    )


def no_steps(file: Path) -> PageProblem:
    """Say that a page has nothing to do for its reader."""
    return PageProblem(
        Place(file, 1),
        "nothing on this page can be run, and conf.py says that it must have steps",
        "Give it a console block, a listing or a diff, or take the page out of "
        "runthrough_must_have_steps.",
    )


def begins_with_prompt(node: nodes.Node | None) -> bool:
    """Return whether a paragraph is a console block that lost its marker; not if it names one.

    With its output indented, such a block becomes a term with its definition.
    """
    if not isinstance(node, (nodes.paragraph, nodes.term)):
        return False
    first = node.next_node(nodes.Text)
    return first is not None and first.parent is node and looks_like_session(node.astext())


def lost_its_text(block: nodes.Element) -> bool:
    """Return whether a block is empty because its text has become the paragraph after it."""
    if block.astext():
        return False
    after = block.next_node(descend=False, siblings=True)
    if isinstance(after, nodes.definition_list):
        after = after.next_node(nodes.term)
    return begins_with_prompt(after)
