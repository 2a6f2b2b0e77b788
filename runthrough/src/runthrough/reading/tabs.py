"""Which blocks of a page are in tabs, and which of the tabs a path through the site takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from docutils import nodes

from runthrough.model.paths import ORDINARY, ReadingPath
from runthrough.model.settings import Settings
from runthrough.model.steps import OtherTab, Skip, Step
from runthrough.reading._compat import tab_sets
from runthrough.reading.joining import Output

Found = tuple[nodes.Element | None, Step | Output]
"""What is asked, and the node that asks it, if there's one."""
HEAD = "tabs"
"""The field at the head of a page that says whether its tabs are alternatives."""
ALL = "all"
"""What it says where they aren't: a reader goes through all of them."""


@dataclass(frozen=True)
class Tab:
    """One tab of a set, of which a reader takes one."""

    number: int
    """Among the tabs of its set."""
    labels: tuple[str, ...]
    """Of all tabs of its set."""

    @property
    def label(self) -> str:
        return self.labels[self.number]

    def is_taken_by(self, wanted: Sequence[str]) -> bool:
        """Return whether a reader takes this tab who looks for these labels, in this order."""
        return self.number == chosen(self.labels, wanted)


def chosen(labels: Sequence[str], wanted: Sequence[str]) -> int:
    """Return the number of the tab that a reader takes: the first one if no label is wanted."""
    return next((labels.index(label) for label in wanted if label in labels), 0)


@dataclass(frozen=True)
class Tabs:
    """The tabs of a page, as a reader on one of the paths through the site meets them."""

    path: str
    """The name of the path."""
    wanted: Mapping[str, Sequence[str]]
    """By the name of each path, the labels that its reader looks for."""
    panels: Mapping[int, Tab] = field(default_factory=dict)
    """The tabs, by the identity of the node with what a tab shows."""

    @property
    def sets(self) -> tuple[tuple[str, ...], ...]:
        """The labels of the tabs of each set."""
        return tuple(tab.labels for tab in self.panels.values() if tab.number == 0)

    def around(self, node: nodes.Node) -> list[Tab]:
        """Return the tabs that a node is in, the outermost first."""
        found: list[Tab] = []
        parent = node.parent
        while self.panels and parent is not None:
            if id(parent) in self.panels:
                found.insert(0, self.panels[id(parent)])
            parent = parent.parent
        return found

    def passed(self, node: nodes.Node) -> Tab | None:
        """Return the outermost tab around a node that this path doesn't take, if there is one."""
        wanted = self.wanted[self.path]
        return next((tab for tab in self.around(node) if not tab.is_taken_by(wanted)), None)

    def steps(self, found: Iterable[Found]) -> Iterator[Found]:
        """Yield what blocks ask on this path; what has no block belongs to the one before it."""
        block = None
        for node, asked in found:
            block = block if node is None else node
            yield node, asked if block is None else self.step(block, asked)

    def step(self, node: nodes.Element, asked: Step | Output) -> Step | Output:
        """Return what a block asks on this path; a skipped one is skipped on all of them."""
        passed = None if isinstance(asked, Skip) else self.passed(node)
        if passed is None:
            return asked
        first_line = next(filter(None, map(str.strip, node.astext().split("\n"))), "")
        taken_on = tuple(
            name
            for name, wanted in self.wanted.items()
            if all(tab.is_taken_by(wanted) for tab in self.around(node))
        )
        untyped = asked.counts.get("commands", 0) if isinstance(asked, Step) else 0
        return OtherTab(asked.place, first_line, passed.label, taken_on, untyped)

    def with_outputs_first(self, found: Iterable[Found]) -> list[Found]:
        """Put each output right after its command where only other tabs are between them."""
        ordered: list[Found] = []
        for one in found:
            position = len(ordered)
            while isinstance(one[1], Output) and position and self.passes(ordered[position - 1]):
                position -= 1
            ordered.insert(position, one)
        return ordered

    def passes(self, one: Found) -> bool:
        """Return whether a block is in a tab that this path doesn't take."""
        return one[0] is not None and self.passed(one[0]) is not None


def tabs_of(
    doctree: nodes.document, metadata: Mapping[str, object], settings: Settings, path: ReadingPath
) -> Tabs:
    """Find the tabs of a resolved page; none if its head says that a reader takes all."""
    wanted = {one.name: settings.labels(one) for one in (ORDINARY, *settings.paths)}
    if metadata.get(HEAD) == ALL:
        return Tabs(path.name, wanted)
    panels = {
        id(panel): Tab(number, tuple(label for label, _ in found))
        for found in tab_sets(doctree)
        for number, (_, panel) in enumerate(found)
    }
    return Tabs(path.name, wanted, panels)
