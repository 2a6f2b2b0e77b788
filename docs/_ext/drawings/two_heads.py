"""The graph of revisions with the names of the page about two heads."""

from __future__ import annotations

from canvas import Canvas

from drawings import revision_graph

TITLE = "Two heads, and the migration that merges them"
TEXT = (
    "A graph of revisions, joined by arrows that go back in time: each one names the one before it "
    "as its down_revision. c9f371d33812, which creates users, names base, a database without "
    "tables. 6d9aa2101b39, which adds active, names c9f371d33812. It's the branchpoint, because "
    "both ada, which adds email, and grace, which creates teams, name it. So there are two heads. "
    "a70d3e95c16b, which joins both, names ada and grace, and is the only head again. An upgrade "
    "runs against the arrows, from base to the head."
)

NAMES = revision_graph.Names(
    ("ada", "add email"), ("grace", "create teams"), ("a70d3e95c16b", "join both")
)


def wide() -> Canvas:
    """Draw it from left to right."""
    return revision_graph.wide(NAMES)


def narrow() -> Canvas:
    """Draw it from the bottom to the top."""
    return revision_graph.narrow(NAMES)
