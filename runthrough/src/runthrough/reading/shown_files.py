"""Find the files that a page only shows, with `cat NAME` and its output.

If the dialect has the convention `"cat"`, the reader creates such a file from the output, before
the block with the command. A file that the page creates in another way doesn't count.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from docutils import nodes

from runthrough.model.dialects import Dialect
from runthrough.model.steps import Command, Console, Line, Listing, Patch, Step
from runthrough.reading.joining import Output
from runthrough.reading.naming import PATH, words_of

Found = tuple[nodes.Element, Step | Output]


@dataclass
class Files:
    """What a page has said of its files so far."""

    shown: set[str] = field(default_factory=set)
    """Those that the reader makes from what `cat` prints."""
    named: set[str] = field(default_factory=set)
    """The words of other commands, and the files of listings: a command may have made these."""

    def learn(self, step: Step) -> None:
        """Take note of what a step may make."""
        if isinstance(step, (Listing, Patch)):
            self.named.add(step.path)
        elif isinstance(step, Console):
            for command in step.commands:
                if file_shown(command) is None:
                    self.named.update(words_of(command.text))
                    self.shown = {one for one in self.shown if not redirected(command.text, one)}

    def listing(self, command: Command, dialect: Dialect) -> Listing | None:
        """Return the listing of the file that a command shows, if the reader makes it."""
        path = file_shown(command)
        if path is None or not command.output or (path in self.named and path not in self.shown):
            return None
        lines = tuple(Line(line.text.rstrip(), line.place) for line in command.output)
        lines = dialect.with_tabs(path, lines)
        again = path in self.shown
        self.shown.add(path)
        place = command.output[0].place
        listing = Listing(place, path, command.place, lines, otherwise="create")
        if again:
            return dataclasses.replace(listing, otherwise="replace", is_whole=True)
        return listing


def file_shown(command: Command) -> str | None:
    """Return the file that a command shows with `cat`, if it does nothing else."""
    match words_of(command.text):
        case ["cat", path] if PATH.fullmatch(path) and ".." not in path.split("/"):
            return path.removeprefix("./")
    return None


def redirected(command: str, path: str) -> bool:
    """Return whether a command sends its output into a file."""
    return re.search(rf">\|?\s*(?:\./)?{re.escape(path)}(?![\w./-])", command) is not None


def with_shown_files(found: Iterable[Found], dialect: Dialect) -> Iterator[Found]:
    """Yield steps; before a session that begins with `cat NAME`, a listing of the file."""
    if "cat" not in dialect.files:
        yield from found
        return
    files = Files()
    for node, asked in found:
        if isinstance(asked, Console):
            for command in takewhile(file_shown, asked.commands):
                if listing := files.listing(command, dialect):
                    yield node, listing
        if not isinstance(asked, Output):
            files.learn(asked)
        yield node, asked
