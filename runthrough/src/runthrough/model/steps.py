"""What a page asks of its reader, as immutable values: each kind of step is a class."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import shorten
from typing import ClassVar, Literal
from urllib.parse import urlsplit

from runthrough.model.places import Place
from runthrough.model.suggestions import Suggestion

FileAction = Literal["show", "create", "replace", "append"]

VERBS: dict[FileAction, str] = {
    "show": "",
    "create": "Create",
    "replace": "Replace",
    "append": "Append to",
}
"""What the caption of a listing tells the reader to do with the file."""


COUNTED_AS: dict[FileAction, str] = {
    "show": "files",
    "create": "files",
    "replace": "edits",
    "append": "edits",
}
"""What the closing line counts a listing as."""
LOCAL = ("localhost", "127.0.0.1", "::1")
"""The names by which the reader's machine knows itself."""


def why_not_local(url: str) -> str | None:
    """Return why a URL isn't that of a server on the reader's own machine; None if it is."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"it isn't a URL: {error}"
    if parts.scheme != "http":
        return f"it begins with {url.partition(':')[0] + ':'!r}"
    return None if host in LOCAL else f"{host!r} is another machine"


@dataclass(frozen=True)
class Line:
    """A line of a page, as the author wrote it, and its place."""

    text: str
    place: Place


SIDE_FILE = "runthrough.toml"
"""The file next to conf.py that says what pages can't say."""


@dataclass(frozen=True)
class SideNote:
    """What the side file says about a step, which the page alone doesn't ask."""

    what: str
    """In the words of the file, such as "status: 1"."""
    place: Place
    """In the side file."""


@dataclass(frozen=True)
class Leniency:
    """Which differences from the page are allowed in an output and in a status."""

    unshown: bool = False
    """Whether a command that shows no output may print something."""
    ignored: tuple[str, ...] = ()
    """Regular expressions of lines that an output may leave out."""
    dots: bool = False
    """Whether `...` within a line stands for any text."""
    blanks: bool = False
    """Whether blanks and line breaks may differ."""
    order: bool = False
    """Whether lines may come in any order."""
    status: bool = False
    """Whether a command may fail if the page shows what it prints."""
    varying: tuple[str, ...] = ()
    """Regular expressions of texts that only have to keep the same form."""


PROMPTS = {"shell": "$", "python": ">>>", "ipython": "In:"}
"""What a report writes before a command, by what it's typed to."""


@dataclass(frozen=True)
class Command:
    """One prompt with its continuation lines, and the output shown under it."""

    text: str
    place: Place
    output: tuple[Line, ...] = ()
    environment: str | None = ""
    """The environment that the prompt names, as in `(.venv) $`; empty if it names none, and None if
    the page has no prompt."""
    status: int = 0
    """The exit status that the page expects."""
    read_by: Literal["shell", "python", "ipython"] = "shell"
    """What it's typed into: the shell, or Python or IPython at its prompt."""

    @property
    def first_line(self) -> str:
        return self.text.split("\n", 1)[0]


@dataclass(frozen=True)
class Step(ABC):
    """What a page asks of its reader at one place.

    Everything that reports, badges and updates need to know about a kind of step is declared here.
    `running/kinds.py` names the function that runs it.
    """

    place: Place
    side_notes: tuple[SideNote, ...] = field(default=(), kw_only=True)
    """What the side file says about it; empty if the page says everything."""
    asks: ClassVar[bool] = True
    """Whether it gives the reader something to do or to compare in the middle of a page."""
    blocks: ClassVar[bool] = True
    """Whether the steps after it can't be run once it has failed.

    If not, the step only compares, so the steps after it don't depend on it.
    """

    @property
    @abstractmethod
    def title(self) -> str:
        """Its name in test ids and reports: what the reader sees of it, on one line."""

    @property
    def acts(self) -> bool:
        """Whether the reader changes something: its badge is then *Tested*, otherwise *Checked*."""
        return False

    @property
    def counts(self) -> Mapping[str, int]:
        """What the closing line counts it as, besides a step: numbers by plural nouns."""
        return {}

    @property
    def shown(self) -> tuple[Place, ...]:
        """The places of the lines that it relies on, which an update of another step keeps."""
        return ()


@dataclass(frozen=True)
class Console(Step):
    """Commands to type into the run's shell, one after the other."""

    commands: tuple[Command, ...]
    answers: tuple[str, ...] = ()
    timeout: float | None = None
    """Seconds for each command; None means the project's own limit."""
    leniency: Leniency = Leniency()
    terminal: str = ""
    """The name of the terminal that they're typed into; empty for the first one."""
    until: str = ""
    """The text after which the reader carries on, while the last command keeps running."""
    untyped: int = 0
    """How many commands of the block are left out, for reasons that the reader sees."""

    @property
    def title(self) -> str:
        return f"{PROMPTS[self.commands[0].read_by]} {self.commands[0].first_line}"

    @property
    def acts(self) -> bool:
        return True

    @property
    def counts(self) -> Mapping[str, int]:
        untyped = {"untyped commands": self.untyped} if self.untyped else {}
        return {"commands": len(self.commands), **untyped}

    @property
    def shown(self) -> tuple[Place, ...]:
        typed = (
            command.place.down(number)
            for command in self.commands
            for number in range(command.text.count("\n") + 1)
        )
        printed = (line.place for command in self.commands for line in command.output)
        return (*typed, *printed)


@dataclass(frozen=True)
class Listing(Step):
    """A file: shown as it is by now, or created, replaced or appended to by the reader."""

    path: str
    path_place: Place
    lines: tuple[Line, ...]
    file_action: FileAction = "show"
    gaps: tuple[int, ...] = ()
    """Positions of lines before which the page leaves out lines of the file."""
    otherwise: FileAction = "show"
    """What the reader does with a file that isn't as shown, if the page only shows it: look at it
    (the page is wrong), create it if it's missing, or else replace it or append to it."""
    whole: tuple[Line, ...] = ()
    """The whole file, if the page shows part of it: what the reader creates if it's missing."""
    from_start: bool = False
    """Whether its path counts from the folder in which the run starts."""
    is_whole: bool = False
    """Whether the file must contain nothing but these lines."""
    at_end: bool = False
    """Whether the page shows the file as it is at the page's end."""

    @property
    def title(self) -> str:
        when = " at the end" if self.at_end else ""
        return f"{VERBS[self.file_action]} {self.path}{when}".strip()

    @property
    def acts(self) -> bool:
        return self.file_action != "show" or self.otherwise != "show"

    @property
    def counts(self) -> Mapping[str, int]:
        return {COUNTED_AS[self.file_action]: 1}

    @property
    def shown(self) -> tuple[Place, ...]:
        return tuple(line.place for line in self.lines)


@dataclass(frozen=True)
class Patch(Step):
    """Lines of a file to change; each hunk is a run of unified-diff lines."""

    path: str
    path_place: Place
    hunks: tuple[tuple[Line, ...], ...]
    from_start: bool = False
    """Whether its path counts from the folder in which the run starts."""

    @property
    def title(self) -> str:
        return f"Change {self.path}"

    @property
    def acts(self) -> bool:
        return True

    @property
    def counts(self) -> Mapping[str, int]:
        return {"edits": 1}

    @property
    def shown(self) -> tuple[Place, ...]:
        return tuple(line.place for hunk in self.hunks for line in hunk)


@dataclass(frozen=True)
class Excerpt(Step):
    """Lines that something must have printed by now, in this order."""

    lines: tuple[Line, ...]

    @property
    def title(self) -> str:
        return f"quotes {self.lines[0].text.strip()}"

    @property
    def shown(self) -> tuple[Place, ...]:
        return tuple(line.place for line in self.lines)


@dataclass(frozen=True)
class FurtherOutput(Step):
    """What a command that keeps running has printed since its reader looked at it last."""

    lines: tuple[Line, ...]
    terminal: str = ""

    @property
    def title(self) -> str:
        return f"prints {self.lines[0].text.strip()}"

    @property
    def shown(self) -> tuple[Place, ...]:
        return tuple(line.place for line in self.lines)


@dataclass(frozen=True)
class Interrupt(Step):
    """Ctrl-C for a command that keeps running, and what appears then."""

    lines: tuple[Line, ...]
    terminal: str = ""
    timeout: float | None = None

    @property
    def title(self) -> str:
        return f"Ctrl-C in {self.terminal}" if self.terminal else "Ctrl-C"

    @property
    def acts(self) -> bool:
        return True

    @property
    def shown(self) -> tuple[Place, ...]:
        return tuple(line.place for line in self.lines)


@dataclass(frozen=True)
class Request(Step):
    """A URL of a server on the reader's own machine, and what it answers."""

    url: str
    lines: tuple[Line, ...]
    status: int | None = None
    """None for any that says success (2xx)."""

    @property
    def title(self) -> str:
        return f"GET {self.url}"

    @property
    def acts(self) -> bool:
        return True

    @property
    def counts(self) -> Mapping[str, int]:
        return {"requests": 1}

    @property
    def shown(self) -> tuple[Place, ...]:
        return tuple(line.place for line in self.lines)


@dataclass(frozen=True)
class Screenshot(Step):
    """A picture on the page, of a URL of a server on the reader's own machine."""

    url: str
    picture: Place
    """The file of the picture."""
    reason: str = ""
    """Why it isn't compared, if it isn't."""
    blocks = False

    @property
    def title(self) -> str:
        return f"picture of {self.url}"

    @property
    def counts(self) -> Mapping[str, int]:
        return {"pictures": 1}


@dataclass(frozen=True)
class Skip(Step):
    """A block that's shown but not run, for a reason that the reader sees."""

    reason: str
    first_line: str
    untyped: int = field(default=0, kw_only=True)
    """How many commands it shows."""
    asks = False

    @property
    def title(self) -> str:
        return f"skipped {self.first_line.strip()}"

    @property
    def counts(self) -> Mapping[str, int]:
        return {"untyped commands": self.untyped}


@dataclass(frozen=True)
class Unchecked(Step):
    """A block that the project's settings allow to be neither a step nor skipped."""

    first_line: str
    asks = False

    @property
    def title(self) -> str:
        return f"unchecked {self.first_line.strip()}"


@dataclass(frozen=True)
class OtherTab(Step):
    """A block in a tab that this way through the site doesn't take."""

    first_line: str
    label: str
    """The label of its tab."""
    taken_on: tuple[str, ...] = ()
    """The names of the paths that take the tab; the ordinary path's name is empty."""
    untyped: int = 0
    """How many commands it shows."""
    asks = False
    blocks = False

    @property
    def title(self) -> str:
        return f"in another tab {self.first_line.strip()}"

    @property
    def counts(self) -> Mapping[str, int]:
        return {"untyped commands": self.untyped}


@dataclass(frozen=True)
class PageProblem(Step):
    """Something on the page that no reader can follow, found before anything is run."""

    what: str
    advice: str
    at_start: bool = False
    """Whether it keeps the page from starting as its author intended."""
    text: str = ""
    """The first line of its block; empty if it isn't about one."""
    suggestions: tuple[Suggestion, ...] = ()
    """The options that `advice` names."""

    @property
    def title(self) -> str:
        return f"reading: {shorten(self.what, 60, placeholder='...')}"


@dataclass(frozen=True)
class InlineValues(Step):
    """The inline literals of a page that show values of a kind that differs in every run."""

    lines: tuple[Line, ...]
    asks = False
    blocks = False

    @property
    def title(self) -> str:
        return "values named in the text"


@dataclass(frozen=True)
class Export(Step):
    """A folder of the project that contains what the run leaves in one of its own folders."""

    folder: str
    target: Path
    own: tuple[str, ...] = ()
    """Names at the top of the target that belong to the project, not to the run."""
    without: tuple[str, ...] = ()
    """Names, at any depth of the run's folder, that aren't part of it."""
    asks = False
    blocks = False

    @property
    def title(self) -> str:
        return f"{self.target.name} matches what the run leaves"


@dataclass(frozen=True)
class EndCheck(Step):
    """The end of a page: nothing may be left running."""

    continued: bool = False
    """Whether another page continues from this one."""
    asks = False

    @property
    def title(self) -> str:
        return "nothing is left running"


@dataclass(frozen=True)
class Page:
    """One document of the site, as the steps that its reader takes."""

    docname: str
    """Its name in Sphinx; on any path but the ordinary one, followed by the path's name."""
    file: Path
    steps: tuple[Step, ...]
    continues: str | None = None
    starts_with: tuple[Path, ...] = ()
    path: str = ""
    """The name of the path that it's read for; empty for the ordinary one."""
    tab_sets: tuple[tuple[str, ...], ...] = ()
    """The labels in each set of tabs of which a reader takes one."""
    blocks: tuple[Line, ...] = field(default=(), compare=False, repr=False)
    """The text of each block as the side file finds it, if there's one, and the block's place."""
    titles: tuple[str, ...] = field(init=False)
    """A name for each step, unique on the page."""

    @property
    def document(self) -> str:
        """Its name in Sphinx, whatever the path."""
        return self.docname.removesuffix(f" [{self.path}]") if self.path else self.docname

    def __post_init__(self) -> None:
        seen: dict[str, int] = {}
        titles = []
        for step in self.steps:
            title = " ".join(step.title.split())
            seen[title] = seen.get(title, 0) + 1
            titles.append(title if seen[title] == 1 else f"{title} ({seen[title]})")
        object.__setattr__(self, "titles", tuple(titles))
