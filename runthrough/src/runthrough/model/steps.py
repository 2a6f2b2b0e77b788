"""What a page asks of its reader, as values that nothing changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from textwrap import shorten
from typing import Literal

from runthrough.model.places import Place

FileAction = Literal["show", "create", "replace", "append"]

VERBS: dict[FileAction, str] = {
    "show": "",
    "create": "Create",
    "replace": "Replace",
    "append": "Append to",
}
"""What the caption of a listing tells the reader to do with the file."""


@dataclass(frozen=True)
class Line:
    """A line of a page, as the author wrote it, and where."""

    text: str
    place: Place


@dataclass(frozen=True)
class Command:
    """One prompt with its continuation lines, and the output shown under it."""

    text: str
    place: Place
    output: tuple[Line, ...] = ()
    environment: str = ""
    """The environment that the prompt names, as in `(.venv) $`; empty where it names none."""

    @property
    def first_line(self) -> str:
        return self.text.split("\n", 1)[0]


@dataclass(frozen=True)
class Console:
    """Commands to type, one after the other, in the run's shell."""

    place: Place
    commands: tuple[Command, ...]
    status: int = 0
    answers: tuple[str, ...] = ()
    timeout: float | None = None
    """Seconds for each command; None is the project's own limit."""

    @property
    def title(self) -> str:
        return f"$ {self.commands[0].first_line}"


@dataclass(frozen=True)
class Listing:
    """A file to have: shown as it is by now, or made, replaced or added to by the reader."""

    place: Place
    path: str
    path_place: Place
    lines: tuple[Line, ...]
    file_action: FileAction = "show"
    gaps: tuple[int, ...] = ()
    """Positions of lines before which the page leaves lines of the file out."""

    @property
    def title(self) -> str:
        return f"{VERBS[self.file_action]} {self.path}".strip()


@dataclass(frozen=True)
class Patch:
    """Lines of a file to change; each hunk is a run of unified-diff lines."""

    place: Place
    path: str
    path_place: Place
    hunks: tuple[tuple[Line, ...], ...]

    @property
    def title(self) -> str:
        return f"Change {self.path}"


@dataclass(frozen=True)
class Excerpt:
    """Lines that something must have printed by now, in this order."""

    place: Place
    lines: tuple[Line, ...]

    @property
    def title(self) -> str:
        return f"quotes {self.lines[0].text.strip()}"


@dataclass(frozen=True)
class Skip:
    """A block that is shown and not run, for a reason that the reader sees."""

    place: Place
    reason: str
    first_line: str

    @property
    def title(self) -> str:
        return f"skipped {self.first_line.strip()}"


@dataclass(frozen=True)
class Unchecked:
    """A block that the project's settings allow to be neither a step nor skipped."""

    place: Place
    first_line: str

    @property
    def title(self) -> str:
        return f"unchecked {self.first_line.strip()}"


@dataclass(frozen=True)
class PageProblem:
    """Something on the page that no reader can follow, found before anything is run."""

    place: Place
    what: str
    advice: str

    @property
    def title(self) -> str:
        return f"reading: {shorten(self.what, 60, placeholder='...')}"


@dataclass(frozen=True)
class InlineValues:
    """The inline literals of a page that hold values of a kind that differs in every run."""

    place: Place
    lines: tuple[Line, ...]
    title = "values named in the text"


@dataclass(frozen=True)
class Export:
    """A folder of the project that is what the run leaves in one of its own folders."""

    place: Place
    folder: str
    target: Path
    own: tuple[str, ...] = ()
    """Names at the top of the target that belong to the project, not to the run."""
    without: tuple[str, ...] = ()
    """Names, at any depth of the run's folder, that are not part of it."""

    @property
    def title(self) -> str:
        return f"{self.target.name} is what the run leaves"


@dataclass(frozen=True)
class EndCheck:
    """The end of a page: nothing may be left running."""

    place: Place
    continued: bool = False
    """Whether another page begins with what this one leaves."""
    title = "nothing is left running"


Step = (
    Console
    | Listing
    | Patch
    | Excerpt
    | Skip
    | Unchecked
    | PageProblem
    | InlineValues
    | Export
    | EndCheck
)


@dataclass(frozen=True)
class Page:
    """One document of the site, as the steps that its reader takes."""

    docname: str
    file: Path
    steps: tuple[Step, ...]
    continues: str | None = None
    starts_with: tuple[Path, ...] = ()
    titles: tuple[str, ...] = field(init=False)
    """A name for each step, unlike the names of all others on the page."""

    def __post_init__(self) -> None:
        seen: dict[str, int] = {}
        titles = []
        for step in self.steps:
            title = " ".join(step.title.split())
            seen[title] = seen.get(title, 0) + 1
            titles.append(title if seen[title] == 1 else f"{title} ({seen[title]})")
        object.__setattr__(self, "titles", tuple(titles))
