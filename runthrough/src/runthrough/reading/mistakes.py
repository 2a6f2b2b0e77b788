"""Find mistakes on a page while it's being read, before anything is run."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes

from runthrough.model.places import Place
from runthrough.model.prompts import looks_like_session
from runthrough.model.steps import SIDE_FILE, Line, PageProblem
from runthrough.reading.sources import find_near


def given_up(file: Path, reason: str) -> PageProblem:
    """Return the problem of a page that Sphinx can't read at all."""
    return PageProblem(
        Place(file, None),
        f"Sphinx gives up on this page: {' '.join(reason.split())}",
        "Remove parts of the page until Sphinx can read it. The other pages are run as usual.",
        at_start=True,
    )


def no_such_page(continues: str, file: Path) -> PageProblem:
    """Return the problem of a page that continues from one that doesn't exist."""
    return PageProblem(
        find_near(":continues:", Place(file, 1)),
        f"this page continues from {continues!r}, but there's no such page",
        "Write a page's name as in a toctree: from the folder of conf.py, without the suffix.",
        at_start=True,
    )


def no_such_file(name: str, file: Path) -> PageProblem:
    """Return the problem of a page whose reader starts with a missing file."""
    return PageProblem(
        find_near(":starts-with:", Place(file, 1)),
        f"this page starts with {name!r}, but there's no such file or folder",
        f"Give the path of an existing one, relative to {file.parent.name}/, the page's folder.",
        at_start=True,
    )


def no_such_side_start(name: Line) -> PageProblem:
    """Return the problem of a missing file that the side file has the reader start with."""
    return PageProblem(
        name.place,
        f"the page starts with {name.text!r}, but there's no such file or folder",
        f"Give the path of an existing one, relative to {name.place.file.parent.name}/, where "
        f"{SIDE_FILE} is.",
        at_start=True,
    )


def no_steps(file: Path) -> PageProblem:
    """Return the problem of a page that gives its reader nothing to do."""
    return PageProblem(
        Place(file, 1),
        "nothing on this page can be run, but conf.py says that it must have steps",
        "Add a console block, a listing or a diff, or remove the page from "
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
